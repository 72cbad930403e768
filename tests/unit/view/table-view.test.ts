import fc from 'fast-check';
import { expect, test } from 'vitest';
import { titlesOf } from '../../../src/view/layout.ts';
import { TableView, type ViewOptions } from '../../../src/view/table-view.ts';
import { columns, rowOf } from './row-of.ts';

const options: ViewOptions = { sort: undefined, filter: '', wide: false, hidden: new Set(), belongs: () => true };
const viewOf = (rows: ReturnType<typeof rowOf>[], changed: Partial<ViewOptions> = {}, now = 60_000): TableView => {
  const view = new TableView(columns, { ...options, ...changed }, now);
  view.rebuild(rows, columns, { ...options, ...changed }, now);
  return view;
};
const texts = (view: TableView): string[] => view.lines().map((line) => line.text);

test('rows come by namespace and name, in columns', () => {
  const view = viewOf([
    rowOf({ name: 'web', count: 12 }),
    rowOf({ name: 'api', namespace: 'a' }),
    rowOf({ name: 'db' }),
  ]);
  expect(texts(view)).toEqual([
    'a          api   Running      0  60s',
    'shop       db    Running      0  60s',
    'shop       web   Running     12  60s',
  ]);
  expect(titlesOf(view.layout, { title: 'NAME', descending: false }).titles).toBe(
    'NAMESPACE  NAME▲ STATUS   COUNT  AGE',
  );
});

test('numbers sort by value and ties by name', () => {
  const rows = [rowOf({ name: 'a', count: 10 }), rowOf({ name: 'b', count: 9 }), rowOf({ name: 'c', count: 9 })];
  const order = (descending: boolean) =>
    viewOf(rows, { sort: { title: 'COUNT', descending } })
      .rows()
      .map((row) => row.name);
  expect(order(false)).toEqual(['b', 'c', 'a']);
  expect(order(true)).toEqual(['a', 'b', 'c']);
});

test('an unhealthy row is coloured whole, to its last byte', () => {
  const view = viewOf([rowOf({ name: 'ünï', health: 'error' })]);
  const [line] = view.lines();
  const [, end] = (line?.code ?? '').split(',').map(Number);
  expect(end).toBe(Buffer.byteLength(line?.text ?? ''));
});

test('ages tick only when their text changes', () => {
  const view = viewOf([rowOf({ name: 'old', created: 0 })], {}, 3 * 3_600_000 * 24);
  expect(view.tick(3 * 3_600_000 * 24 + 1000)).toBe(false);
  const young = viewOf([rowOf({ name: 'young', created: 59_000 })], {}, 60_000);
  expect(young.tick(61_000)).toBe(true);
  expect(texts(young)[0]).toContain('2s');
});

test('a row that changed between two looks at the time is matched by what it is at the second', () => {
  const [before, after] = [rowOf({ name: 'a' }), rowOf({ name: 'a', status: 'Other' })];
  const view = viewOf([before], { filter: '!2' }, 72_000);
  expect(view.rows()).toEqual([]);
  view.update([after], [], 85_000);
  expect(view.rows()).toEqual([after]);
  expect(view.rematch(125_000)).toBe(true);
  expect(view.rows()).toEqual([]);
});

test('a control character in a cell cannot break the line', () => {
  const view = viewOf([rowOf({ name: 'x', status: 'a\nb\u001b[31m' })]);
  expect([...(texts(view)[0] ?? '')].every((letter) => letter >= ' ')).toBe(true);
});

test('a view that is shown again equals one made at once', () => {
  const name = fc.constantFrom(...'abcdefgh', 'a-long-name');
  const row = fc.record({ name, count: fc.integer({ min: 0, max: 20 }), created: fc.integer({ min: 0, max: 60_000 }) });
  const rows = fc.uniqueArray(row, { selector: (one) => one.name, maxLength: 9 });
  const how = fc.record({
    sort: fc.constantFrom(undefined, { title: 'COUNT', descending: true }, { title: 'AGE', descending: false }),
    filter: fc.constantFrom('', 'a|b|c', 'COUNT>5', 'AGE<1m', '/(/'),
    wide: fc.boolean(),
    hidden: fc.constantFrom(new Set<string>(), new Set(['COUNT'])),
    room: fc.constantFrom(undefined, 24, 40),
    limits: fc.constantFrom({}, { NAME: 3 }),
  });
  fc.assert(
    fc.property(
      rows,
      rows,
      how,
      how,
      fc.nat({ max: 90_000 }),
      fc.nat({ max: 30 }),
      (before, after, was, is, later, kept) => {
        const held = before.map(rowOf);
        const kind = held.slice(0, kept % (held.length + 1));
        const now = [...kind, ...after.map(rowOf).filter(({ key }) => !kind.some((other) => other.key === key))];
        const view = viewOf(held, was);
        const gen = view.gen;
        for (const { text } of view.lines()) expect(text).not.toBe('');
        expect(view.resume(now, columns, { ...options, ...is }, 60_000 + later)).toBe(true);
        const fresh = viewOf(now, is, 60_000 + later);
        expect(view.lines().map(({ text, code }) => [text, code])).toEqual(
          fresh.lines().map(({ text, code }) => [text, code]),
        );
        expect(view.rows()).toEqual(fresh.rows());
        expect(view.counts).toEqual(fresh.counts);
        expect(view.layout).toEqual(fresh.layout);
        expect(view.inactive).toEqual(fresh.inactive);
        expect(view.gen).toBeGreaterThan(Math.max(gen, 60_000 + later));
      },
    ),
  );
});

test('an update that is said to change nothing on the screen changes nothing there', () => {
  const name = fc.constantFrom(...'abcdefghijklmnop');
  const change = fc.record({ name, count: fc.integer({ min: 0, max: 9 }), deleted: fc.boolean() });
  const sort = fc.constantFrom(undefined, { title: 'COUNT', descending: true });
  const filter = fc.constantFrom('', 'COUNT>3');
  let quiet = 0;
  fc.assert(
    fc.property(
      fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 12 }),
      fc.record({ sort, filter }),
      fc.nat({ max: 8 }),
      fc.integer({ min: -1, max: 5 }),
      (updates, how, first, height) => {
        const view = viewOf(
          [...'acegikmo'].map((one) => rowOf({ name: one })),
          how,
        );
        view.look(first, first + height);
        const screen = (): string[] => texts(view).slice(first, first + height + 1);
        for (const changes of updates) {
          const before = screen();
          const upserted = changes.filter(({ deleted }) => !deleted).map(rowOf);
          const gone = changes.filter(({ deleted }) => deleted).map((one) => rowOf(one).key);
          if (view.update(upserted, gone, 60_000)) continue;
          quiet += 1;
          if (height >= 0) expect(screen()).toEqual(before);
        }
      },
    ),
  );
  expect(quiet).toBeGreaterThan(10);
});

test('a view of other columns is not gone on with', () => {
  const view = viewOf([rowOf({ name: 'a' })]);
  expect(view.resume([rowOf({ name: 'b' })], columns.slice(1), options, 60_000)).toBe(false);
  expect(view.rows().map(({ name }) => name)).toEqual(['a']);
});

test('updates in any order equal a view made at once', () => {
  const name = fc.constantFrom(...'abcdefgh');
  const change = fc.record({ name, count: fc.integer({ min: 0, max: 20 }), deleted: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 60 }),
      fc.boolean(),
      fc.constantFrom('', 'a|b|c', 'COUNT>5'),
      (changes, byCount, filter) => {
        const sort = byCount ? { title: 'COUNT', descending: true } : undefined;
        const live = viewOf([], { sort, filter });
        const held = new Map<string, ReturnType<typeof rowOf>>();
        for (const { name: changed, count, deleted } of changes) {
          const row = rowOf({ name: changed, count });
          if (deleted) {
            held.delete(row.key);
            live.update([], [row.key], 60_000);
          } else {
            held.set(row.key, row);
            live.update([row], [], 60_000);
          }
        }
        const fresh = viewOf([...held.values()], { sort, filter });
        expect(live.rows()).toEqual(fresh.rows());
        // Widths only grow, so that what was wide once may leave room.
        expect(texts(live).map((text) => text.split(/ +/))).toEqual(texts(fresh).map((text) => text.split(/ +/)));
        expect(live.counts).toEqual(fresh.counts);
      },
    ),
  );
});

test('lines read after every change equal those of a view made at once', () => {
  const row = fc.record({
    name: fc.integer({ min: 100, max: 1400 }).map((number) => `pod-${String(number).padStart(4, '0')}`),
    count: fc.integer({ min: 0, max: 9 }),
  });
  const batch = fc.record({ rows: fc.array(row, { maxLength: 400 }), deleted: fc.array(row, { maxLength: 60 }) });
  const sorts = fc.constantFrom(undefined, { title: 'COUNT', descending: false });
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 6 }), sorts, fc.constantFrom('', 'COUNT>4'), (batches, sort, filter) => {
      const live = viewOf([], { sort, filter });
      const held = new Map<string, ReturnType<typeof rowOf>>();
      for (const { rows, deleted } of batches) {
        const made = new Map(rows.map((each) => [each.name, rowOf(each)]));
        const gone = deleted.filter(({ name }) => !made.has(name)).map(({ name }) => rowOf({ name }).key);
        for (const key of gone) held.delete(key);
        for (const each of made.values()) held.set(each.key, each);
        live.update(made.values(), gone, 60_000);
        const fresh = viewOf([...held.values()], { sort, filter });
        expect(live.lines().map(({ key, text }) => [key, text])).toEqual(
          fresh.lines().map(({ key, text }) => [key, text]),
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('a change of one row leaves the blocks of the others as they were', () => {
  const rows = Array.from({ length: 5000 }, (_, index) => rowOf({ name: `pod-${10_000 + index}` }));
  const view = viewOf(rows);
  const before = view.blocks();
  expect(before.length).toBeGreaterThan(10);
  view.update([rowOf({ name: 'pod-12345', count: 3 })], [], 60_000);
  const after = view.blocks();
  expect(after.filter((block, index) => block !== before[index])).toHaveLength(1);
  expect(view.blocks()).toBe(after);
});

const youngRows = (count: number, now: number) =>
  Array.from({ length: count }, (_, index) => rowOf({ name: `pod-${10_000 + index}`, created: now - 120_000 }));

test('rows on a screen tick every second, the others in turn', () => {
  const now = 10 * 3_600_000;
  const view = viewOf(youngRows(5000, now), {}, now);
  view.look(3000, 3047);
  const stale = (at: number): number => texts(view).filter((text) => !text.endsWith(`2m${at}s`)).length;
  const seen = (at: number): string[] =>
    texts(view)
      .slice(3000, 3048)
      .filter((text) => !text.endsWith(`2m${at}s`));
  for (let second = 1; second <= 3; second++) {
    expect(view.tick(now + second * 1000)).toBe(true);
    expect(seen(second)).toEqual([]);
  }
  expect(stale(3)).toBeGreaterThan(4000);
  // Scrolled: what comes into view is right at once.
  view.look(0, 47);
  expect(view.tickSeen(now + 3000)).toBe(true);
  expect(
    texts(view)
      .slice(0, 48)
      .filter((text) => !text.endsWith('2m3s')),
  ).toEqual([]);
  expect(view.tickSeen(now + 3000)).toBe(false);
});

test('in the end every age moves on, also of rows nobody sees', () => {
  const now = 10 * 3_600_000;
  const view = viewOf(youngRows(300, now), {}, now);
  view.look(0, 9);
  const first = texts(view);
  for (let second = 1; second <= 8; second++) view.tick(now + second * 1000);
  expect(texts(view).filter((text, index) => text === first[index])).toEqual([]);
});

test('where nobody says what is on a screen, up to 2,000 rows are right to the second', () => {
  const now = 10 * 3_600_000;
  const view = viewOf(youngRows(2000, now), {}, now);
  view.tick(now + 1000);
  expect(texts(view).filter((text) => !text.endsWith('2m1s'))).toEqual([]);
});
