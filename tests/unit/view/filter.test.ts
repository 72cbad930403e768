import { expect, test } from 'vitest';
import { parseFilter } from '../../../src/view/filter.ts';
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

test('only a comparison with an age is turned by time, and only when the age is reached', () => {
  expect(['cart', 'COUNT>2', 'AGE:5', '!cart|/x/'].map((text) => parseFilter(text, columns).turned)).toEqual(
    Array.from({ length: 4 }),
  );
  const { turned } = parseFilter('cart,!AGE<2m', columns);
  const row = rowOf({ name: 'cart', created: now });
  const at = (from: number, to: number) => turned?.(row, now + from * 1000, now + to * 1000);
  expect([at(0, 119), at(119, 120), at(120, 121), at(121, 300)]).toEqual([false, true, true, false]);
});
