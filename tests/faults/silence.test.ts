import { expect, it } from 'vitest';
import type { Clock } from '../../src/util/clock.ts';
import { systemClock } from '../../src/util/clock.ts';
import { patience } from '../patience.ts';
import type { FaultProxy } from './proxy.ts';
import { lists, transportTo, worldBehindProxy } from './support.ts';
import { fastClock, startEngine } from './tables.ts';

/** Whether each of them asks if the server is there. */
const areQuestions = (asked: FaultProxy['asked']): boolean => asked.every(({ path }) => path === '/livez');

/** Two live tables of one context behind a proxy. */
const start = async (clock: Clock) => {
  const { world, proxy } = await worldBehindProxy();
  const engine = startEngine(transportTo({ server: proxy.url }, clock), clock);
  const pods = await engine.open(world.namespace);
  // Of the test's own namespace as well: what happens in others would be a sign of life.
  const others = await engine.open(world.namespace, { resource: 'configmaps' });
  for (const table of [pods, others]) await table.claims('live', 10_000);
  await pods.equals(world);
  return { world, proxy, engine, pods, others };
};

const speed = 8;

it('8. a black-holed connection is stale within 14 s, dated back, and true again after it, without a list', async () => {
  const clock = fastClock(speed);
  const { world, proxy, pods, others } = await start(clock);
  const before = lists(proxy);
  const darkAt = clock.now();
  proxy.dark();
  await world.create('d');
  await world.remove('a');
  expect(await pods.claims('stale', 30_000)).toMatch(/^◐ \d+s old: the server does not answer$/);
  expect(pods.claimedAt('stale', darkAt) - darkAt).toBeLessThan(16_000);
  await others.claims('stale');
  proxy.light();
  const lightAt = Date.now();
  await pods.equals(world);
  await pods.claims('live');
  await others.claims('live');
  expect(Date.now() - lightAt).toBeLessThan(5_000 * patience);
  expect(lists(proxy)).toBe(before);
  await expect.poll(() => proxy.watches).toBe(2);
});

it('8. connections that died while the machine slept are replaced within 2 s of its waking, without a list', async () => {
  let slept = 0;
  const clock: Clock = { now: () => Date.now() + slept, after: systemClock.after };
  const { world, proxy, pods, others } = await start(clock);
  const before = lists(proxy);
  proxy.dark('old');
  await world.create('d');
  await world.remove('a');
  slept = 3_600_000;
  await expect
    .poll(() => pods.states.map(({ right }) => right), { timeout: 4_000, interval: 10 })
    .toContainEqual(expect.stringMatching(/^◐ 60m old: this machine was asleep, reconnecting$/));
  await pods.equals(world);
  await pods.claims('live');
  await others.claims('live');
  expect(lists(proxy)).toBe(before);
  await expect.poll(() => proxy.watches).toBe(2);
});

it('8. quiet tables cost one question in 8 s and nothing else', async () => {
  // An answer is waited for 4 s by this clock: a busy machine gives it later.
  const clock = fastClock(patience > 1 ? 5 : 20);
  const { proxy, pods } = await start(clock);
  const [before, begun] = [proxy.asked.length, clock.now()];
  await expect.poll(() => clock.now() - begun, { timeout: 40_000 }).toBeGreaterThan(60_000);
  const [passed, asked] = [clock.now() - begun, proxy.asked.slice(before)];
  expect(areQuestions(asked)).toBe(true);
  expect(asked.length).toBeGreaterThanOrEqual(3);
  expect(asked.length).toBeLessThanOrEqual(Math.ceil(passed / 8_000));
  expect(pods.states.filter(({ phase, at }) => phase === 'stale' && at >= begun)).toEqual([]);
});

it('34. a server whose answers take seconds keeps its watches, is not stormed, and its slowness is told', async () => {
  const clock = fastClock(patience > 1 ? 2.5 : 5);
  const { world, proxy, pods } = await start(clock);
  const [before, begun] = [proxy.asked.length, clock.now()];
  // Far from the 15 s that are the most: what a busy machine adds is multiplied.
  proxy.slow(9_000, clock);
  const phases = () => pods.states.map(({ phase }) => phase);
  await expect.poll(phases, { timeout: 30_000, interval: 10 }).toContain('stale');
  await pods.claims('live', 30_000);
  await world.create('d');
  await pods.equals(world);
  await expect.poll(() => clock.now() - begun, { timeout: 40_000 }).toBeGreaterThan(50_000);
  const [passed, after] = [clock.now() - begun, proxy.asked.slice(before)];
  expect(areQuestions(after)).toBe(true);
  expect(after.length).toBeLessThanOrEqual(Math.ceil(passed / 4_000));
  // Told once: the next answers are given longer.
  expect(phases().filter((phase, i) => phase === 'stale' && phases()[i - 1] !== 'stale')).toHaveLength(1);
});
