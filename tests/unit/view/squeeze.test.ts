import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Column } from '../../../src/protocol/row.ts';
import { displayWidth } from '../../../src/util/width.ts';
import { layoutOf, titlesOf } from '../../../src/view/layout.ts';
import { cutTo, type Sized, squeeze } from '../../../src/view/squeeze.ts';
import { TableView } from '../../../src/view/table-view.ts';
import { columns, rowOf } from './row-of.ts';

const column = (title: string, attributes: Partial<Column> = {}): Column => ({ title, ...attributes });
const pods = (name: number, namespace = 11): Sized[] => [
  { column: column('NAMESPACE'), width: namespace },
  { column: column('NAME'), width: name },
  { column: column('READY'), width: 5 },
  { column: column('STATUS'), width: 16 },
  { column: column('RESTARTS', { time: 'ago' }), width: 8 },
  { column: column('AGE', { time: 'age' }), width: 5 },
  { column: column('IP', { wide: true }), width: 15 },
];
const upToAge = (widths: readonly number[]): number => widths.slice(0, 6).reduce((sum, width) => sum + width + 2, -2);

test('pods of usual names fit 80 columns up to their age, and nothing is squeezed that fits', () => {
  const roomy = squeeze(pods(25), 80, 2);
  expect(roomy).toEqual(pods(25).map(({ width }) => width));
  const tight = squeeze(pods(48), 80, 2);
  expect(upToAge(tight)).toBe(80);
  expect(tight[1]).toBeLessThan(30);
  expect([tight[2], tight[3], tight[4], tight[5]]).toEqual([5, 16, 8, 5]);
});

test('the name keeps 30 cells for as long as the namespace has some to give', () => {
  const widths = squeeze(pods(48, 30), 100, 2);
  expect(upToAge(widths)).toBe(100);
  expect([widths[0], widths[1]]).toEqual([26, 30]);
});

test('what cannot fit is squeezed as far as it goes, and left alone in a window nobody reads', () => {
  expect(squeeze(pods(48, 30), 60, 2).slice(0, 4)).toEqual([12, 20, 5, 16]);
  expect(squeeze(pods(48), 30, 2)).toEqual(pods(48).map(({ width }) => width));
});

test('half of 80 columns is a window somebody reads', () => {
  expect(squeeze(pods(48), 39, 2).slice(0, 2)).toEqual([11, 20]);
});

test('where all columns are the user’s own they are the ones to fit', () => {
  const own = ['NAME', 'NOTE', 'REPLICAS'].map((title) => ({ column: column(title, { extra: true }), width: 8 }));
  const long = own.map((each, index) => (index === 0 ? { ...each, width: 64 } : each));
  expect(squeeze(long, 60, 2)).toEqual([40, 8, 8]);
});

test('how long ago is given up before the age, columns of ours and wide ones take no room', () => {
  const ours = { column: column('CPU', { extra: true }), width: 6 };
  const long = pods(48, 20).map((each) => (each.column.title === 'RESTARTS' ? { ...each, width: 14 } : each));
  const widths = squeeze([...long, ours], 80, 2);
  expect(upToAge(widths)).toBe(80);
  expect(widths[4]).toBeLessThan(14);
});

test('a long text at the end runs out of the window, and takes no room from the others for it', () => {
  const events = [
    { column: column('NAMESPACE'), width: 11 },
    { column: column('LAST SEEN', { time: 'age' }), width: 9 },
    { column: column('OBJECT'), width: 60 },
    { column: column('MESSAGE'), width: 200 },
  ];
  expect(squeeze(events, 80, 2)).toEqual([11, 9, 34, 200]);
});

test('names lose their middle, words their end', () => {
  expect(cutTo('checkout-service-6f7c9d4b5-kk2vx', 21)).toBe('checkout-serv…5-kk2vx');
  expect(cutTo('registry.example/team/image:1.2', 16)).toBe('registry.…ge:1.2');
  expect(cutTo('Back-off restarting failed container', 16)).toBe('Back-off restar…');
  expect(cutTo('checkout-service', 8)).toBe('checkou…');
  expect(cutTo('short', 12)).toBe('short');
});

test('a cut text never takes more cells than it may', () => {
  const letter = fc.constantFrom('a', '-', ' ', 'é', '漢', '👩‍👩‍👧', '0');
  fc.assert(
    fc.property(fc.array(letter, { maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (all, width) => {
      const text = all.join('');
      const cut = cutTo(text, width);
      expect(displayWidth(cut)).toBeLessThanOrEqual(width);
      if (displayWidth(text) <= width) expect(cut).toBe(text);
    }),
  );
});

test('only what is shown is cut: rows keep their texts, titles stand above their cells', () => {
  const name = 'a-rather-long-name-of-a-pod-6f7c9d4b5-kk2vx';
  const options = {
    sort: undefined,
    filter: '',
    wide: false,
    hidden: new Set<string>(),
    room: 60,
    belongs: () => true,
  };
  const view = new TableView(columns, options, 60_000);
  view.rebuild([rowOf({ name })], columns, options, 60_000);
  const [line] = view.lines();
  expect(line?.text).toMatch(/^shop {7}a-rather-.*…\S*-kk2vx {2}Running/);
  expect(line?.text.length).toBeLessThanOrEqual(60);
  expect(view.rows()[0]?.name).toBe(name);
  expect(view.rows()[0]?.cells[1]?.text).toBe(name);
  const { columns: shown } = titlesOf(view.layout, { title: '', descending: false });
  const status = shown.find(({ title }) => title === 'STATUS');
  expect(line?.text.slice(status?.start ?? 0)).toMatch(/^Running/);
});

test('columns are shown in the order wished for, wide ones that are named too, none wider than its limit', () => {
  const { shown } = layoutOf(
    columns,
    { wide: false, hidden: new Set(['COUNT']), order: ['AGE', 'IP', 'NAME'], limits: { NAME: 6 } },
    [4, 40, 7, 5, 4, 9],
  );
  expect(shown.map(({ column: { title }, width }) => [title, width])).toEqual([
    ['AGE', 4],
    ['IP', 9],
    ['NAME', 6],
    ['NAMESPACE', 9],
    ['STATUS', 7],
  ]);
});
