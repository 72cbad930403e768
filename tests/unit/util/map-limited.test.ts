import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mapLimited } from '../../../src/util/map-limited.ts';

test('keeps the order and the limit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 5 })),
      fc.integer({ min: 1, max: 4 }),
      async (delays, limit) => {
        let running = 0;
        let most = 0;
        const results = await mapLimited(delays, limit, async (ticks, index) => {
          running += 1;
          most = Math.max(most, running);
          for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
          running -= 1;
          return index;
        });
        expect(results).toEqual(delays.map((_, index) => index));
        expect(most).toBe(Math.min(limit, delays.length));
      },
    ),
  );
});

test('rejects with the first failure', async () => {
  await expect(mapLimited([1, 2], 1, async (n) => Promise.reject(new Error(`no ${n}`)))).rejects.toThrow('no 1');
});
