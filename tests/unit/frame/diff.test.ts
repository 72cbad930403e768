import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Budget, Comparison, difference, type Operation } from '../../../src/frame/diff.ts';
import type { Line, LineBlocks } from '../../../src/protocol/line.ts';

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

/** Cut after the positions where `cuts` has true. */
const blocksOf = (list: readonly Line[], cuts: readonly boolean[]): LineBlocks => {
  const blocks: Line[][] = [[]];
  for (const [index, each] of list.entries()) {
    blocks.at(-1)?.push(each);
    if (cuts[index] === true) blocks.push([]);
  }
  return blocks;
};
const compare = (old: readonly Line[], target: readonly Line[], budget: Budget = unlimited) =>
  difference([old], [target], budget);

/** Goes from `old` to `target` in as many steps as the budget makes of it. */
const followed = (old: LineBlocks, target: LineBlocks, limit: number): number => {
  let held = old;
  let sent = 0;
  for (let step = 0; step < 1000; step++) {
    const { operations, result, complete } = difference(held, target, { lines: limit, bytes: 1e6 });
    expect(texts(applied(held.flat(), operations))).toEqual(texts(result.flat()));
    sent += operations.reduce((sum, operation) => sum + operation.lines.length, 0);
    held = result;
    if (complete) break;
  }
  expect(texts(held.flat())).toEqual(texts(target.flat()));
  return sent;
};

const anyCuts = fc.array(fc.boolean(), { maxLength: 20 });

test('applying the operations always gives the target, whatever the budget and the blocks', () => {
  fc.assert(
    fc.property(
      anyLines,
      anyCuts,
      anyLines,
      anyCuts,
      fc.integer({ min: 1, max: 5 }),
      (old, cuts, target, others, limit) => {
        followed(blocksOf(old, cuts), blocksOf(target, others), limit);
      },
    ),
  );
});

test('the steps of one comparison go the same way, whatever it remembers', () => {
  fc.assert(
    fc.property(anyLines, anyCuts, anyLines, fc.integer({ min: 1, max: 5 }), (old, cuts, target, limit) => {
      const way = new Comparison(blocksOf(old, cuts), [target]);
      let held: readonly Line[] = old;
      for (let step = 0, complete = false; !complete && step < 1000; step++) {
        const { operations, result, complete: done } = way.step({ lines: limit, bytes: 1e6 });
        held = applied(held, operations);
        expect(texts(held)).toEqual(texts(result.flat()));
        complete = done;
      }
      expect(texts(held)).toEqual(texts(target));
    }),
  );
});

test('blocks that are shared are not sent, wherever the others changed', () => {
  const pool = Array.from({ length: 8 }, (_, block) => Array.from({ length: 5 }, (__, at) => line(`${block}-${at}`)));
  const choice = fc.array(fc.record({ block: fc.nat(7), change: fc.option(fc.nat(4), { nil: undefined }) }), {
    maxLength: 12,
  });
  const made = (chosen: readonly { block: number; change: number | undefined }[]): LineBlocks =>
    chosen.map(({ block, change }) => {
      const whole = pool[block] ?? [];
      return change === undefined ? whole : whole.toSpliced(change, 1, line(`${block}-${change}`, 'new'));
    });
  fc.assert(
    fc.property(choice, choice, fc.integer({ min: 1, max: 40 }), (old, target, limit) => {
      followed(made(old), made(target), limit);
    }),
  );
  const base = made(pool.map((_, block) => ({ block, change: undefined })));
  const touched = base.with(3, (base[3] ?? []).toSpliced(1, 1, line('3-1', 'new'), line('3-x')));
  expect(followed(base, touched, 100)).toBe(2);
  expect(followed(touched, base, 100)).toBe(1);
});

test('what nobody changed is not looked at', () => {
  const old = Array.from({ length: 400 }, (_, block) =>
    Array.from({ length: 128 }, (__, at): Line => line(`${block}-${at}`)),
  );
  let looked = 0;
  const counted = (block: readonly Line[]): readonly Line[] =>
    new Proxy(block, {
      get: (target, name) => {
        if (typeof name === 'string' && /^\d+$/.test(name)) looked += 1;
        return Reflect.get(target, name);
      },
    });
  const from = old.map(counted);
  const to = from.with(200, (old[200] ?? []).with(7, line('200-7', 'new')));
  const { operations, complete } = difference(from, to, unlimited);
  expect([complete, operations]).toEqual([true, [{ start: 25_607, removed: 1, lines: [line('200-7', 'new')] }]]);
  expect(looked).toBeLessThan(2000);
});

test('one inserted row is one line on the wire', () => {
  const { operations } = compare(lines('abdef'), lines('abcdef'), unlimited);
  expect(operations).toEqual([{ start: 2, removed: 0, lines: [line('c')] }]);
});

test('one deleted row sends no text', () => {
  const { operations } = compare(lines('abcdef'), lines('abdef'), unlimited);
  expect(operations).toEqual([{ start: 2, removed: 1, lines: [] }]);
});

test('a row that moves to the end is deleted and inserted, the others stay', () => {
  const { operations } = compare(lines('abcdef'), lines('bcdefa'), unlimited);
  expect(operations.flatMap((operation) => operation.lines).map((entry) => entry.key)).toEqual(['a']);
});

test('an unchanged text of a new object is not sent', () => {
  const { operations } = compare([line('a', 'x')], [line('a', 'x')], unlimited);
  expect(operations).toEqual([]);
});
