import { expect, test } from 'vitest';
import { styleIndex } from '../../../src/protocol/styles.ts';
import { flashMs } from '../../../src/view/flashes.ts';
import { TableView, type ViewOptions } from '../../../src/view/table-view.ts';
import { columns, rowOf } from './row-of.ts';

const options: ViewOptions = { sort: undefined, filter: '', wide: false, hidden: new Set(), belongs: () => true };
const start = 3_600_000;
const viewOf = (rows: ReturnType<typeof rowOf>[]): TableView => {
  const view = new TableView(columns, options, start);
  view.rebuild(rows, columns, options, start);
  return view;
};
/** The texts of a line that have a style. */
const styled = (view: TableView, style: 'KubectlChanged' | 'KubectlFresh', line = 0): string[] => {
  const { text = '', code = '' } = view.lines()[line] ?? {};
  return [...code.matchAll(/(\d+),(\d+),(\d+);/g)].flatMap(([, first, last, index]) =>
    Number(index) === styleIndex(style) ? [Buffer.from(text).subarray(Number(first), Number(last)).toString()] : [],
  );
};

test('the cells an event changed stand out, for a while, and no others', () => {
  const view = viewOf([rowOf({ name: 'a' }), rowOf({ name: 'b' })]);
  expect(styled(view, 'KubectlChanged')).toEqual([]);
  view.update([rowOf({ name: 'a', status: 'Failed' })], [], start, true);
  expect([styled(view, 'KubectlChanged', 0), styled(view, 'KubectlChanged', 1)]).toEqual([['Failed'], []]);
  expect(view.fadesAt).toBe(start + flashMs);
  expect([view.fade(start + flashMs - 1), styled(view, 'KubectlChanged')]).toEqual([false, ['Failed']]);
  expect([view.fade(start + flashMs), styled(view, 'KubectlChanged')]).toEqual([true, []]);
  expect(view.fadesAt).toBeUndefined();
});

test('a tick, another column’s width and another row leave what stands out', () => {
  const view = viewOf([rowOf({ name: 'a', created: start - 5000 })]);
  view.update([rowOf({ name: 'a', created: start - 5000, count: 7 })], [], start, true);
  view.update([rowOf({ name: 'a-much-longer-name' })], [], start + 100, true);
  view.tick(start + 1000);
  expect(styled(view, 'KubectlChanged')).toEqual(['7']);
});

test('a later change of another cell does not hold the first one', () => {
  const view = viewOf([rowOf({ name: 'a' })]);
  view.update([rowOf({ name: 'a', count: 1 })], [], start, true);
  view.update([rowOf({ name: 'a', count: 1, status: 'Failed' })], [], start + 1000, true);
  expect(styled(view, 'KubectlChanged')).toEqual(['Failed', '1']);
  view.update([rowOf({ name: 'a', count: 1, status: 'Running' })], [], start + 1600, true);
  expect(styled(view, 'KubectlChanged')).toEqual(['Running']);
});

test('rows of a list, of another sort and rows that were not there do not stand out', () => {
  const view = viewOf([rowOf({ name: 'a' })]);
  view.update([rowOf({ name: 'a', status: 'Failed' }), rowOf({ name: 'b' })], [], start);
  expect([styled(view, 'KubectlChanged', 0), styled(view, 'KubectlChanged', 1)]).toEqual([[], []]);
  view.update([rowOf({ name: 'a', status: 'Running' }), rowOf({ name: 'c' })], [], start, true);
  expect(styled(view, 'KubectlChanged', 2)).toEqual([]);
  view.rebuild([rowOf({ name: 'a', status: 'Failed' })], columns, options, start);
  expect([styled(view, 'KubectlChanged'), view.fadesAt]).toEqual([[], undefined]);
});

test('the age of a row younger than a minute is fresh', () => {
  const view = viewOf([rowOf({ name: 'a', created: start - 58_000 }), rowOf({ name: 'b', created: 1 })]);
  expect([styled(view, 'KubectlFresh', 0), styled(view, 'KubectlFresh', 1)]).toEqual([['58s'], []]);
  view.tick(start + 2000);
  expect(styled(view, 'KubectlFresh')).toEqual([]);
});

test('many changes at once end at the cost of those that end', () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => rowOf({ name: `pod-${index}` }));
  const view = viewOf(rows);
  view.update([rowOf({ name: 'pod-1', count: 1 })], [], start, true);
  view.update([rowOf({ name: 'pod-2', count: 1 })], [], start + 10, true);
  const before = view.lines();
  expect(view.fade(start + flashMs)).toBe(true);
  expect(view.lines().filter((line, index) => line !== before[index])).toHaveLength(1);
  expect(view.fadesAt).toBe(start + 10 + flashMs);
});

test('only what is on a screen stands out', () => {
  const view = viewOf([rowOf({ name: 'a' }), rowOf({ name: 'b' }), rowOf({ name: 'c' })]);
  view.look(0, 1);
  view.update([rowOf({ name: 'b', status: 'Failed' }), rowOf({ name: 'c', status: 'Failed' })], [], start, true);
  expect([styled(view, 'KubectlChanged', 1), styled(view, 'KubectlChanged', 2)]).toEqual([['Failed'], []]);
});
