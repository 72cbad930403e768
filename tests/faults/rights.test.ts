import { expect, it } from 'vitest';
import { patience } from '../patience.ts';
import { lists, transportTo, worldBehindProxy } from './support.ts';
import { fastClock, startEngine } from './tables.ts';
import { type Rule, userWith } from './user.ts';

/** On a busy machine less: by this clock an answer that takes more than 4 s makes a table stale. */
const speed = patience > 1 ? 3 : 8;

/** A namespace of three pods, and an engine of somebody who may do only that in it. */
const start = async (rules: readonly Rule[]) => {
  const { world, proxy } = await worldBehindProxy();
  const user = await userWith(world, rules);
  const clock = fastClock(speed);
  const engine = startEngine(transportTo({ server: proxy.url, impersonate: { user } }, clock), clock);
  return { world, proxy, user, engine };
};

it('17. list forbidden, get allowed: a table says so, one of a named object reads it every 10 s', async () => {
  const { world, proxy, user, engine } = await start([
    { apiGroups: [''], resources: ['pods'], verbs: ['get'], resourceNames: ['a'] },
    { apiGroups: [''], resources: ['configmaps'], verbs: ['list', 'watch'] },
  ]);
  const { namespace } = world;
  const others = await engine.open(namespace, { resource: 'configmaps' });
  await others.claims('live', 10_000);
  const all = await engine.open(namespace);
  expect(await all.claims('forbidden')).toContain(`forbidden: list pods in ${namespace} (user ${user})`);

  const one = await engine.open(namespace, { names: ['a'] });
  expect(await one.claims('stale')).toMatch(/read every 10 s, no list: forbidden: list pods/);
  await expect.poll(() => one.names).toEqual(['a']);
  const refused = proxy.asked.filter(({ kind, query }) => kind === 'list' && query.fieldSelector !== undefined);
  // The list, and perhaps a page and a guess ahead of it.
  expect(refused.length).toBeLessThanOrEqual(3);
  await world.remove('a');
  await expect.poll(() => one.names, { timeout: 5_000 }).toEqual([]);
  await world.create('a');
  await expect.poll(() => one.names, { timeout: 5_000 }).toEqual(['a']);
  const again = proxy.asked.filter(({ kind, query }) => kind === 'list' && query.fieldSelector !== undefined);
  expect(again).toHaveLength(refused.length);
  expect(others.states.filter(({ phase }) => phase !== 'live' && phase !== 'loading')).toEqual([]);
  expect(others.state?.phase).toBe('live');
});

it('18. watch forbidden, list allowed: listed every 10 s, and the table says so', async () => {
  const { world, proxy, user, engine } = await start([{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }]);
  const pods = await engine.open(world.namespace);
  expect(await pods.claims('stale', 10_000)).toContain(
    `listed every 10 s, no watch: forbidden: watch pods in ${world.namespace} (user ${user})`,
  );
  await pods.equals(world);
  const [before, begun] = [lists(proxy), Date.now()];
  await world.create('d');
  await world.remove('b');
  await pods.equals(world);
  // Ten seconds pass in a few: two lists or three, and not one for every refused watch.
  expect(lists(proxy) - before).toBeLessThanOrEqual(2 + ((Date.now() - begun) * speed) / 10_000);
});
