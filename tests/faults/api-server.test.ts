/** Faults of the server itself, in a lab of its own. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLab } from '../../src/tools/setup/start.cjs';
import { systemClock } from '../../src/util/clock.ts';
import { patience } from '../patience.ts';
import { runId } from '../run-id.ts';
import { startProxy, type Upstream } from './proxy.ts';
import { adminOf, createWorld, decoders, lists, setting, transportTo, watchPods } from './support.ts';
import { fastClock, startEngine } from './tables.ts';

const run = promisify(execFile);
const name = `faults-${runId}`;
let upstream: Upstream;
let stop = async (): Promise<void> => {};

beforeAll(async () => {
  const lab = await startLab(setting('KUBECTL_LIVE_LAB'), ['--name', name]);
  stop = lab.stop;
  upstream = adminOf(lab.kubeconfig);
});

afterAll(() => stop());

const lab = (verb: string, ...components: string[]) =>
  run(setting('KUBECTL_LIVE_LAB'), [verb, '--name', name, ...components]);

/** Time eight times as fast: what takes 14 s is over in two. */
const start = async (factor = 8) => {
  const world = await createWorld(upstream, ['a', 'b']);
  const proxy = await startProxy(upstream);
  const clock = factor === 1 ? systemClock : fastClock(factor);
  const engine = startEngine(transportTo({ server: proxy.url }, clock), clock);
  const pods = await engine.open(world.namespace);
  await pods.claims('live', 20_000);
  await pods.equals(world);
  return { world, proxy, pods, clock, dispose: () => proxy.dispose() };
};

it('33. the API server stops and comes back: stale within 2 s, the truth within 5 s of its return', async () => {
  const world = await createWorld(upstream, ['a', 'b']);
  const engine = startEngine(transportTo(upstream));
  const pods = await engine.open(world.namespace);
  await pods.claims('live', 20_000);
  await lab('stop', 'kube-apiserver');
  expect(await pods.claims('stale')).toMatch(/^◐ \d+s old: /);
  expect(pods.names).toHaveLength(2);
  // Until the back-off alone would miss the return.
  await pods.says(/retry in ([3-9]|\d\d) s/, 60_000);
  await lab('start', 'kube-apiserver');
  await world.create('c');
  await world.remove('a');
  const returned = Date.now();
  await pods.claims('live', 20_000);
  await pods.equals(world);
  expect(Date.now() - returned).toBeLessThan(5_000 * patience);
});

it('33. etcd stops and comes back: what is shown stays true or says that it is stale, and is the truth again', async () => {
  const { world, proxy, pods, dispose } = await start(1);
  await lab('stop', 'etcd');
  const well = (path: string) => () =>
    world.transport.request({ path, timeoutMs: 5_000 }).then(
      ({ status, body }) => {
        body.destroy();
        return status;
      },
      () => 0,
    );
  await expect.poll(well('/livez/etcd'), { timeout: 40_000 }).not.toBe(200);
  // Nothing can change meanwhile: the rows are true, whatever the claim.
  expect(pods.names).toHaveLength(2);
  await lab('start', 'etcd');
  await expect.poll(well('/livez/etcd'), { timeout: 40_000 }).toBe(200);
  await world.create('c');
  const returned = Date.now();
  await pods.equals(world, 10_000);
  await pods.claims('live', 10_000);
  expect(Date.now() - returned).toBeLessThan(5_000 * patience);
  expect(proxy.asked.filter(({ kind }) => kind === 'watch').length).toBeLessThan(20);
  await dispose();
});

it('34. an API server that stands still is told within 14 s, is not stormed, and is followed again when it moves', async () => {
  const { world, proxy, pods, clock, dispose } = await start();
  const [before, listed, begun] = [proxy.asked.length, lists(proxy), clock.now()];
  await lab('pause', 'kube-apiserver');
  // The program that pauses it takes its time to start.
  const pausedAt = clock.now();
  try {
    expect(await pods.claims('stale', 30_000)).toMatch(/the server does not answer/);
    expect(pods.claimedAt('stale', begun) - pausedAt).toBeLessThan(20_000);
    await expect.poll(() => clock.now() - pausedAt, { timeout: 40_000 }).toBeGreaterThan(60_000);
    // One question a beat of 2 s, and nothing else.
    expect(proxy.asked.length - before).toBeLessThanOrEqual(Math.ceil((clock.now() - begun) / 2_000));
    expect(proxy.asked.slice(before).every(({ path }) => path === '/livez')).toBe(true);
  } finally {
    await lab('resume', 'kube-apiserver');
  }
  await world.create('c');
  await pods.equals(world);
  await pods.claims('live', 5_000);
  expect(lists(proxy)).toBe(listed);
  await dispose();
});

/** The same place of the same list, in a history that is long gone. */
const ofThePast = (token: string): string => {
  const place = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Record<string, unknown>;
  return Buffer.from(JSON.stringify({ ...place, rv: 1 })).toString('base64url');
};

it('3. a continue token whose history etcd has compacted away starts the list again, in pages', async () => {
  const world = await createWorld(upstream, ['a', 'b', 'c', 'd', 'e']);
  const proxy = await startProxy(upstream);
  const json = decoders.JSON as NonNullable<typeof decoders.JSON>;
  let [broken, aged] = [2, 0];
  const answers: string[] = [];
  proxy.intercept(({ kind, query }) =>
    kind === 'list' && query.limit === undefined && broken-- > 0 ? { status: 502, body: '' } : undefined,
  );
  await lab('compact');
  proxy.readdress(async (url) => {
    const token = url.searchParams.get('continue');
    if (token !== null && aged++ === 0) url.searchParams.set('continue', ofThePast(token));
    return url;
  });
  proxy.answered((status, { kind, query }) => {
    if (kind === 'list') answers.push(`${query.continue === undefined ? 'begin' : 'go on'} ${status}`);
  });
  const watched = watchPods(transportTo({ server: proxy.url }), world.path, json, { pageSize: 2, previewMs: 60_000 });
  await watched.claimed('live', 20_000);
  await watched.equalsServer(world);
  expect(answers).toEqual(['begin 200', 'go on 410', 'begin 200', 'go on 200', 'go on 200']);
  await proxy.dispose();
});
