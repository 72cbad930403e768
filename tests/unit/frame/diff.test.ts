import fc from 'fast-check';
import { expect, test } from 'vitest';
import { difference, type Operation } from '../../../src/frame/diff.ts';
import type { Line } from '../../../src/protocol/line.ts';

const unlimited = { lines: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };
const line = (key: string, text = key): Line => ({ key, text, code: '' });
const lines = (keys: string): Line[] => [...keys].map((key) => line(key));
const applied = (start: readonly Line[], operations: readonly Operation[]): Line[] => {
  const result = [...start];
  for (const { start: at, removed, lines: added } of operations) result.splice(at, removed, ...added);
  return result;
};
const texts = (list: readonly Line[]): string[] => list.map((entry) => `${entry.key}=${entry.text}`);

const anyLines = fc.array(
  fc
    .record({ key: fc.constantFrom('', ...'abcdefghij'), text: fc.constantFrom('1', '2', '3') })
    .map((raw) => line(raw.key, raw.text)),
  { maxLength: 20 },
);

test('applying the operations always gives the target, whatever the budget', () => {
  fc.assert(
    fc.property(anyLines, anyLines, fc.integer({ min: 1, max: 5 }), (old, target, limit) => {
      let held: readonly Line[] = old;
      for (let step = 0; step < 100; step++) {
        const { operations, result, complete } = difference(held, target, { lines: limit, bytes: 1e6 });
        expect(texts(applied(held, operations))).toEqual(texts(result));
        held = result;
        if (complete) break;
      }
      expect(texts(held)).toEqual(texts(target));
    }),
  );
});

test('one inserted row is one line on the wire', () => {
  const { operations } = difference(lines('abdef'), lines('abcdef'), unlimited);
  expect(operations).toEqual([{ start: 2, removed: 0, lines: [line('c')] }]);
});

test('one deleted row sends no text', () => {
  const { operations } = difference(lines('abcdef'), lines('abdef'), unlimited);
  expect(operations).toEqual([{ start: 2, removed: 1, lines: [] }]);
});

test('a row that moves to the end is deleted and inserted, the others stay', () => {
  const { operations } = difference(lines('abcdef'), lines('bcdefa'), unlimited);
  expect(operations.flatMap((operation) => operation.lines).map((entry) => entry.key)).toEqual(['a']);
});

test('an unchanged text of a new object is not sent', () => {
  const { operations } = difference([line('a', 'x')], [line('a', 'x')], unlimited);
  expect(operations).toEqual([]);
});
