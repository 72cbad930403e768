import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Block, type Compare, Sequence } from '../../../src/view/sequence.ts';

type Item = { readonly value: number; home?: Block<Item, string> | undefined };

const byValue: Compare<Item> = (a, b) => a.value - b.value;
const sequence = (): Sequence<Item, string> =>
  new Sequence<Item, string>(byValue, (item, home) => {
    item.home = home;
  });

/** Everything that must hold of a sequence that has these values. */
const expectValues = (held: Sequence<Item, string>, values: readonly number[]): void => {
  expect(held.toArray().map(({ value }) => value)).toEqual(values);
  expect(held.length).toBe(values.length);
  for (const block of held.blocks) {
    expect(block.items.length).toBeGreaterThan(0);
    expect(block.items.every(({ home }) => home === block)).toBe(true);
  }
};

test('changes in any batches equal a sorted array, and every item knows its block', () => {
  const batch = fc.record({
    removed: fc.uniqueArray(fc.nat(1500), { maxLength: 700 }),
    added: fc.uniqueArray(fc.nat(1500), { maxLength: 700 }),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(1500), { maxLength: 1200 }),
      fc.array(batch, { maxLength: 5 }),
      (start, batches) => {
        const held = sequence();
        const items = new Map(start.map((value): [number, Item] => [value, { value }]));
        held.reset([...items.values()].sort(byValue));
        for (const { removed, added } of batches) {
          const gone = new Set(removed.flatMap((value) => items.get(value) ?? []));
          for (const { value } of gone) items.delete(value);
          const fresh = added.filter((value) => !items.has(value)).map((value): Item => ({ value }));
          for (const item of fresh) items.set(item.value, item);
          held.change(gone, fresh);
          expectValues(
            held,
            [...items.keys()].sort((a, b) => a - b),
          );
          expect([...gone].every(({ home }) => home === undefined)).toBe(true);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('one by one, through the halving of blocks and until none is left', () => {
  const held = sequence();
  const items = Array.from({ length: 3000 }, (_, index): Item => ({ value: (index * 7919) % 3000 }));
  for (const item of items) held.change(new Set(), [item]);
  expectValues(
    held,
    Array.from({ length: 3000 }, (_, index) => index),
  );
  expect(Math.max(...held.blocks.map((block) => block.items.length))).toBeLessThan(512);
  for (const item of items) held.change(new Set([item]), []);
  expectValues(held, []);
});

test('a change is seen in its own block only', () => {
  const held = sequence();
  held.reset(Array.from({ length: 10_000 }, (_, index): Item => ({ value: index * 2 })));
  for (const block of held.blocks) block.seen = 'drawn';
  held.change(new Set(), [{ value: 7001 }]);
  expect(held.blocks.filter(({ seen }) => seen === undefined)).toHaveLength(1);
  held.change(new Set([held.toArray()[0] as Item]), []);
  expect(held.blocks.filter(({ seen }) => seen === undefined)).toHaveLength(2);
});

test('what comes after the last one is put behind it: the others are not touched', () => {
  const held = sequence();
  held.reset(Array.from({ length: 600 }, (_, value): Item => ({ value })));
  const before = held.blocks.slice(0, 2);
  held.change(
    new Set(),
    Array.from({ length: 900 }, (_, index): Item => ({ value: 1500 - index })),
  );
  expect(held.blocks.slice(0, 2)).toEqual(before);
  expectValues(held, [...Array(600).keys(), ...Array.from({ length: 900 }, (_, index) => 601 + index)]);
});

test('an item that is not here is not removed, though another is equal to it', () => {
  const held = sequence();
  held.reset([{ value: 1 }, { value: 2 }]);
  held.change(new Set([{ value: 1 }, { value: 9 }]), []);
  expectValues(held, [1, 2]);
});

test('slices are those of the whole', () => {
  fc.assert(
    fc.property(fc.nat(900), fc.nat(1000), fc.nat(1000), (size, from, to) => {
      const held = sequence();
      const items = Array.from({ length: size }, (_, value): Item => ({ value }));
      held.reset(items);
      expect(held.slice(from, to)).toEqual(items.slice(from, to));
    }),
  );
});
