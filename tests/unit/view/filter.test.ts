import fc from 'fast-check';
import { expect, test } from 'vitest';
import { worthOf } from '../../../src/processors/custom-columns.ts';
import { cellText } from '../../../src/protocol/cell-text.ts';
import { parseFilter, parseTyped, splitFilter } from '../../../src/view/filter.ts';
import { columns, rowOf } from './row-of.ts';

const now = 10 * 3_600_000;
const rows = [
  rowOf({ name: 'cart-1', status: 'Running', count: 0, created: now - 60_000 }),
  rowOf({ name: 'cart-2', status: 'CrashLoopBackOff', count: 14, created: now - 7_200_000 }),
  rowOf({ name: 'pay-0', status: 'Pending', count: 3, created: now - 5000, namespace: 'payments' }),
];
const shown = (filter: string): string[] => {
  const { matches } = parseFilter(filter, columns);
  return rows.filter((row) => matches(row, now)).map((row) => row.name);
};

test.each([
  ['', ['cart-1', 'cart-2', 'pay-0']],
  ['cart', ['cart-1', 'cart-2']],
  ['CART', ['cart-1', 'cart-2']],
  ['cart,!crash', ['cart-1']],
  ['!cart', ['pay-0']],
  ['pending|crash', ['cart-2', 'pay-0']],
  ['/^payments .*pend/', ['pay-0']],
  ['/^cart-\\d+/', ['cart-1', 'cart-2']],
  ['/-[01]$/', ['cart-1', 'pay-0']],
  ['!/^cart/', ['pay-0']],
  ['/cart-[12]/,running', ['cart-1']],
  ['/a{1,2}rt/', ['cart-1', 'cart-2']],
  ['~c2', ['cart-2']],
  ['STATUS:run', ['cart-1']],
  ['status=running', ['cart-1']],
  ['!namespace:shop', ['pay-0']],
  ['COUNT>2', ['cart-2', 'pay-0']],
  ['COUNT>=14', ['cart-2']],
  ['AGE<1m', ['pay-0']],
  ['AGE>1h', ['cart-2']],
  ['10.0.0.1', ['cart-1', 'cart-2', 'pay-0']],
  ['image:nginx', []],
])('%s', (filter, names) => {
  expect(shown(filter)).toEqual(names);
});

test('a term that cannot work is named and left out', () => {
  const { inactive } = parseFilter('/(/,cart', columns);
  expect(inactive).toHaveLength(1);
  expect(shown('/(/,cart')).toEqual(['cart-1', 'cart-2']);
  expect(parseFilter('COUNT>many', columns).inactive[0]).toContain('many');
});

test('values that are durations are compared with durations', () => {
  const row = {
    ...rowOf({ name: 'job-1', status: '', count: 0, created: now }),
    cells: [{ text: '5m', value: 300_000 }],
  };
  const matches = (filter: string) => parseFilter(filter, [{ title: 'DURATION', unit: 'duration' }]).matches(row, now);
  expect([matches('DURATION>4m'), matches('DURATION>5m30s'), matches('DURATION<1h')]).toEqual([true, false, true]);
});

test('a duration counts while it goes on and where it stands still', () => {
  const duration = [{ title: 'DURATION', time: 'age', unit: 'duration' }] as const;
  const { matches } = parseFilter('DURATION>5m', duration);
  const row = rowOf({ name: 'job' });
  const still = (ms: number) => ({ ...row, cells: [{ text: '', value: ms }] });
  const going = (at: number) => ({ ...row, cells: [{ text: '', value: at, at }] });
  expect([still(600_000), still(60_000)].map((each) => matches(each, now))).toEqual([true, false]);
  expect([going(now - 600_000), going(now - 60_000)].map((each) => matches(each, now))).toEqual([true, false]);
});

test('only what reads an age is turned by time, and only when its answer changes', () => {
  const turnedBy = (text: string) => parseFilter(text, columns).turned;
  expect(['cart', 'COUNT>2', 'STATUS:5', '!cart|@faults', '-l app=x'].map(turnedBy)).toEqual(Array.from({ length: 5 }));
  const at = (text: string, from: number, to: number) =>
    turnedBy(text)?.(rowOf({ name: 'cart', created: now }), now + from * 1000, now + to * 1000);
  const ages = [at('cart,!AGE<2m', 0, 119), at('cart,!AGE<2m', 119, 120), at('cart,!AGE<2m', 120, 121)];
  expect([...ages, at('cart,!AGE<2m', 121, 300)]).toEqual([false, true, true, false]);
  // Texts tick: 10s is shown for one second.
  expect([at('10s', 8, 9), at('10s', 9, 10), at('10s', 10, 11), at('10s', 11, 12)]).toEqual([false, true, true, false]);
  expect([at('/ 1\\ds/', 8, 9), at('/ 1\\ds/', 9, 10), at('/ 1\\ds/', 10, 11)]).toEqual([false, true, false]);
  expect([at('AGE:5m', 299, 300), at('AGE:5m', 301, 303)]).toEqual([true, false]);
});

test.each([
  ['STATUS!=Running', ['cart-2', 'pay-0']],
  ['NAME:/-[12]$/', ['cart-1', 'cart-2']],
  ['NAME:/a,b|^pay/', ['pay-0']],
  ['NAME:/CART/|COUNT=3', ['cart-1', 'cart-2', 'pay-0']],
  ['IP>10.0.0.0,IP<=10.0.0.1', ['cart-1', 'cart-2', 'pay-0']],
  ['IP>10.0.0.1', []],
  ['ca…-2', ['cart-2']],
  ['2…ca', []],
  ['-l app=cart', []],
  ['cart -l !app', ['cart-1', 'cart-2']],
])('%s', (filter, names) => {
  expect(shown(filter)).toEqual(names);
});

test('@faults and the healths by name', () => {
  const sick = (['ok', 'warning', 'error', 'pending', 'done', 'unknown'] as const).map((health) =>
    rowOf({ name: health, health }),
  );
  const names = (text: string) =>
    sick.filter((row) => parseFilter(text, columns).matches(row, now)).map(({ name }) => name);
  expect(names('@faults')).toEqual(['warning', 'error']);
  expect(names('@pending|@done')).toEqual(['pending', 'done']);
  expect(names('!@ok')).toHaveLength(5);
  expect(parseFilter('@sick', columns).inactive[0]).toContain('faults');
});

test('versions, amounts, shares and IPv6 are compared by what they are', () => {
  const among = (texts: readonly string[], filter: string) =>
    texts.filter((text) =>
      parseFilter(filter, [{ title: 'V' }]).matches(
        { ...rowOf({ name: 'x' }), cells: [{ text, value: worthOf(text) }] },
        now,
      ),
    );
  const versions = ['v1.9.3', 'v1.28.0', 'v1.28.4', 'v1.29.0-rc.1', 'v1.29.0', '1.30.1+k3s1'];
  expect(among(versions, 'V>=1.28')).toEqual(versions.slice(1));
  expect(among(versions, 'V<v1.29.0')).toEqual(versions.slice(0, 4));
  expect(among(['100Mi', '2Gi', '1500Mi', '<none>'], 'V>=1.5Gi')).toEqual(['2Gi']);
  expect(among(['250m', '1', '2500m'], 'V>1')).toEqual(['2500m']);
  expect(among(['10.0.0.9', '10.0.0.10', 'fd00::1'], 'V>10.0.0.9')).toEqual(['10.0.0.10']);
  expect(among(['fd00::1', 'fd00::a', '10.0.0.1'], 'V>fd00::2')).toEqual(['fd00::a']);
  expect(among(['80%', '9%', '95'], 'V>50%')).toEqual(['80%', '95']);
  expect(among(['2026-01-01T00:00:00Z', '2025-06-01T00:00:00Z'], 'V<2025-12-01T00:00:00Z')).toHaveLength(1);
  expect(among(['2026-01-01T00:00:00Z', '2025-06-01T00:00:00Z'], 'V<2025-12-01')).toHaveLength(1);
});

test.each([
  ['app=web', ['a']],
  ['app==web,tier', ['a']],
  ['app!=web', ['b', 'c']],
  ['app in (web, db)', ['a', 'b']],
  ['app notin (web,db)', ['c']],
  ['!app', ['c']],
  ['tier>2', ['a']],
  ['example.com/team=red', ['b']],
  ['tier<2,app', ['b']],
])('-l %s matches as the server does', (selector, names) => {
  const labelled = [
    { ...rowOf({ name: 'a' }), labels: { app: 'web', tier: '3' } },
    { ...rowOf({ name: 'b' }), labels: { app: 'db', 'example.com/team': 'red', tier: '1' } },
    { ...rowOf({ name: 'c' }), labels: {} },
  ];
  const { matches, inactive } = parseFilter(`-l ${selector}`, columns);
  expect(inactive).toEqual([]);
  expect(labelled.filter((row) => matches(row, now)).map(({ name }) => name)).toEqual(names);
});

test('a filter line is taken apart at its selectors', () => {
  expect(splitFilter('cart, -l app in (a,b),!x --field-selector status.phase=Running')).toEqual({
    terms: 'cart,',
    selector: 'app in (a,b),!x',
    fieldSelector: 'status.phase=Running',
  });
  expect(splitFilter('-l=app=x -l tier')).toMatchObject({ terms: '', selector: 'app=x,tier' });
  expect(splitFilter('well-known').selector).toBeUndefined();
  expect(parseFilter('-l app in (', columns).inactive[0]).toMatch(/^-l: /);
});

test('while a term is broken the last whole filter stays, and the reason is told', () => {
  const typed = parseTyped('cart,/(/', 'pay', columns);
  expect(rows.filter((row) => typed.matches(row, now)).map(({ name }) => name)).toEqual(['pay-0']);
  expect(typed.inactive).toEqual(['/(/: Unterminated group']);
  expect(parseTyped('cart', 'pay', columns).inactive).toEqual([]);
  expect(parseTyped('/ca', 'pay', columns)).toMatchObject({
    broken: true,
    inactive: ['/ca: its closing / is missing'],
  });
  expect(parseTyped('NAME:/ca', 'pay', columns).broken).toBe(true);
});

type Piece = { readonly text: string; readonly naive: (row: (typeof rows)[number]) => boolean };

const shows = (row: (typeof rows)[number]): string =>
  row.cells.map((cell, index) => cellText(cell, columns[index] ?? { title: '' }, now)).join(' ');

const pieces: fc.Arbitrary<Piece> = fc.oneof(
  fc.constantFrom('cart', 'AY', 'run', 'zzz', 'crash').map((text) => ({
    text,
    naive: (row: (typeof rows)[number]) => shows(row).toLowerCase().includes(text.toLowerCase()),
  })),
  fc.integer({ min: 0, max: 15 }).map((count) => ({
    text: `count>=${count}`,
    naive: (row: (typeof rows)[number]) => Number(row.cells[3]?.value) >= count,
  })),
  fc.constantFrom('shop', 'pay').map((space) => ({
    text: `Namespace:${space}`,
    naive: (row: (typeof rows)[number]) => row.namespace.includes(space),
  })),
  fc.constantFrom('a.t', '^shop', 'pend|run', 'a,b').map((pattern) => ({
    text: `/${pattern}/`,
    naive: (row: (typeof rows)[number]) => new RegExp(pattern, 'i').test(shows(row)),
  })),
);

test('any filter equals what its terms say one by one', () => {
  const alternatives = fc.array(fc.tuple(pieces, fc.boolean()), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(alternatives, { minLength: 1, maxLength: 3 }), (every) => {
      const text = every
        .map((any) => any.map(([{ text: piece }, not]) => (not ? `!${piece}` : piece)).join('|'))
        .join(' , ');
      const expected = rows.filter((row) => every.every((any) => any.some(([{ naive }, not]) => naive(row) !== not)));
      expect(shown(text)).toEqual(expected.map(({ name }) => name));
    }),
    { numRuns: 500 },
  );
});

/** CPU time of the fastest of some rounds, in ms: what a busy machine does not change. */
const cpuOf = (work: () => unknown): number => {
  const rounds = Array.from({ length: 7 }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...rounds);
};

test.each([
  'cart-77',
  'zzz,!crash',
  '/^cart-\\d+7$/',
  '/cart-\\d+7 .*running/',
  'STATUS:run,COUNT>5',
  'AGE>5m',
  '5m',
  '-l app=x',
  '~ct99',
  '@faults',
])('50,000 rows are filtered by %s within 50 ms', (filter) => {
  const many = Array.from({ length: 50_000 }, (_, index) =>
    rowOf({ name: `cart-${index}`, count: index % 20, created: now - index * 100 }),
  );
  const { matches } = parseFilter(filter, columns);
  expect(cpuOf(() => many.filter((row) => matches(row, now)))).toBeLessThan(50);
});
