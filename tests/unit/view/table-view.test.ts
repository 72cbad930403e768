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

test('a control character in a cell cannot break the line', () => {
  const view = viewOf([rowOf({ name: 'x', status: 'a\nb\u001b[31m' })]);
  expect([...(texts(view)[0] ?? '')].every((letter) => letter >= ' ')).toBe(true);
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
        expect(live.counts).toEqual(fresh.counts);
      },
    ),
  );
});
