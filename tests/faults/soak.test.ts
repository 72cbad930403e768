/**
 * A user, a cluster and a bad network at random, against everything that is real. Two seeds run with the other tests;
 * KUBECTL_LIVE_SOAK=minutes runs new ones for that long, KUBECTL_LIVE_SOAK_SEED=n begins with that one and prints what it
 * does.
 */
import { writeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { planSoak } from './soak/plan.ts';
import { soak } from './soak/soak.ts';

const minutes = Number(process.env.KUBECTL_LIVE_SOAK ?? 0);
const chosen = process.env.KUBECTL_LIVE_SOAK_SEED;

const say = (text: string): void => void writeSync(1, `${text}\n`);
const log = chosen === undefined ? () => undefined : say;

test('the same seed is the same soak', () => {
  const options = { seed: 7, bursts: 20, long: true };
  expect(planSoak(options)).toEqual(planSoak(options));
  expect(planSoak(options)).not.toEqual(planSoak({ ...options, seed: 8 }));
});

const seeds = chosen === undefined ? [7, 14] : [Number(chosen)];

if (minutes === 0) {
  test.each(seeds)('tables stay true, seed %i', async (seed) => {
    await soak({ seed, bursts: 6, long: false, log });
  });
} else {
  test(
    `tables stay true for ${minutes} minutes`,
    async () => {
      const end = Date.now() + minutes * 60_000;
      let seed = Number(chosen ?? Math.floor(Math.random() * 1e6));
      let failed = 0;
      for (; Date.now() < end; seed++) {
        const begun = Date.now();
        try {
          const { steps, megabytes } = await soak({ seed, bursts: 40, long: true, log });
          say(`seed ${seed}: ${steps} steps in ${Math.round((Date.now() - begun) / 1000)} s, backend ${megabytes} MB`);
        } catch (error) {
          failed++;
          say(`FAILED ${String(error)}`);
        }
      }
      expect(failed).toBe(0);
    },
    minutes * 60_000 + 600_000,
  );
}
