import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moveTo, settle, unselected } from '../../../../src/dashboards/top/selection.ts';

const rows = (...keys: string[]) => keys.map((key) => ({ key }));

describe('selection', () => {
  it('means the first row, whichever it is, until the user moves', () => {
    expect(settle(unselected, rows('a', 'b'), 5)).toEqual(unselected);
    expect(settle(unselected, rows('b', 'a'), 5).key).toBeUndefined();
  });

  it('follows its object', () => {
    const moved = moveTo(unselected, rows('a', 'b', 'c'), 5, 1);
    expect(settle(moved, rows('c', 'a', 'x', 'b'), 5)).toMatchObject({ key: 'b', index: 3 });
  });

  it('takes what took the place of a deleted one', () => {
    const moved = moveTo(unselected, rows('a', 'b', 'c'), 5, 1);
    expect(settle(moved, rows('a', 'c'), 5)).toMatchObject({ key: 'c', index: 1 });
    expect(settle(moveTo(unselected, rows('a', 'b'), 5, 1), rows('a'), 5)).toMatchObject({ key: 'a', index: 0 });
  });

  it('is always on the screen, and the screen always full', () => {
    const list = fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1 });
    const step = fc.record({ list, height: fc.integer({ min: 1, max: 20 }), index: fc.integer({ min: -5, max: 60 }) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (steps) => {
        let selection = unselected;
        for (const { list: keys, height, index } of steps) {
          const now = keys.map((key) => ({ key: String(key) }));
          selection = moveTo(settle(selection, now, height), now, height, index);
          expect(now[selection.index]?.key).toBe(selection.key);
          expect(selection.index).toBeGreaterThanOrEqual(selection.offset);
          expect(selection.index).toBeLessThan(selection.offset + height);
          expect(selection.offset).toBeLessThanOrEqual(Math.max(0, now.length - height));
        }
      }),
    );
  });
});
