import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createConnector } from '../../src/cluster/connect.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { createTransport } from '../../src/cluster/node-transport.ts';
import { type Clock, systemClock } from '../../src/util/clock.ts';
import { patience } from '../patience.ts';
import { certificate } from './certificate.ts';
import type { Asked, FaultProxy } from './proxy.ts';
import { adminOf, createWorld, lists, setting, type World, worldBehindProxy } from './support.ts';
import { startEngine } from './tables.ts';

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'kubectl-live-faults-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

/** The engine of a context that logs in as a kubeconfig's user says, as main and worker do it. */
const login = async (cluster: object, user: object, clock: Clock = systemClock) => {
  const path = join(folder(), 'config');
  const entries = {
    'current-context': 'it',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'it', context: { cluster: 'c', user: 'u' } }],
  };
  writeFileSync(path, JSON.stringify(entries));
  const connector = createConnector(await loadKubeconfig({ env: { KUBECONFIG: path } }), { clock, env: process.env });
  const transport = createTransport(await connector.resolve('it'), {
    clock,
    renew: (stale) => connector.renew('it', stale),
  });
  onTestFinished(() => transport.dispose());
  return startEngine(transport, clock);
};

/** A login plugin that gives t1, t2…, each good for `seconds` by its own account, and counts its runs. */
const plugin = (seconds: number) => {
  const [script, runs] = [join(folder(), 'plugin.cjs'), join(folder(), 'runs')];
  writeFileSync(runs, '');
  writeFileSync(
    script,
    `const fs = require('fs');
    fs.appendFileSync(${JSON.stringify(runs)}, 'x');
    const token = 't' + fs.readFileSync(${JSON.stringify(runs)}, 'utf8').length;
    const expirationTimestamp = new Date(Date.now() + ${seconds} * 1000).toISOString();
    console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status: { token, expirationTimestamp } }));`,
  );
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: [script],
    interactiveMode: 'Never',
  };
  return { user: { exec }, runs: () => readFileSync(runs, 'utf8').length };
};

const unauthorized = {
  status: 401,
  body: { kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' },
};

/** From now on the server takes these tokens only. The proxy asks the API server as the admin. */
const accept = (proxy: FaultProxy, good: (token: string) => boolean): void => {
  proxy.rewrite(({ authorization: _, ...headers }) => headers);
  proxy.intercept(({ headers }: Asked) => {
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    return good(token) ? undefined : unauthorized;
  });
};

/** Until that time; a watch that is silent would have the engine ask whether the server is there, with its login. */
const keepHeard = async (world: World, until: number): Promise<void> => {
  const over = async (): Promise<boolean> => {
    await world.touch('a');
    return Date.now() > until;
  };
  await expect.poll(over, { timeout: until - Date.now() + 10_000, interval: 500 }).toBe(true);
};

it('20. a token that ends under three watches is renewed by one run of its plugin, and nothing is listed again', async () => {
  const { world, proxy } = await worldBehindProxy();
  accept(proxy, (token) => token === 't1');
  const { user, runs } = plugin(3_600);
  const engine = await login({ server: proxy.url }, user);
  const tables = [];
  for (const resource of ['pods', 'configmaps', 'secrets'])
    tables.push(await engine.open(world.namespace, { resource }));
  const [pods] = tables as [(typeof tables)[number]];
  for (const table of tables) await table.claims('live', 10_000);
  expect(runs()).toBe(1);
  const before = lists(proxy);
  accept(proxy, (token) => token === 't2');
  proxy.resetWatches();
  await world.create('d');
  await pods.equals(world);
  for (const table of tables) await table.claims('live', 5_000);
  expect(runs()).toBe(2);
  expect(lists(proxy)).toBe(before);
  await expect.poll(() => proxy.watches).toBe(3);
});

it('20. a login that nothing renews is asked for in words, at most every 30 s, and the rows stay', async () => {
  const { world, proxy } = await worldBehindProxy();
  accept(proxy, (token) => token === 't1');
  const { user, runs } = plugin(3_600);
  const engine = await login({ server: proxy.url }, user);
  const pods = await engine.open(world.namespace);
  await pods.claims('live', 10_000);
  await pods.equals(world);
  accept(proxy, () => false);
  proxy.resetWatches();
  expect(await pods.claims('login', 5_000)).toContain('Unauthorized');
  expect(pods.names).toHaveLength(3);
  const refused = proxy.asked.length;
  accept(proxy, (token) => token === 't2');
  // As after a login in a terminal: `gr`.
  engine.refresh(pods);
  await world.create('d');
  await pods.claims('live', 5_000);
  await pods.equals(world);
  expect(runs()).toBe(2);
  expect(proxy.asked.length - refused).toBeLessThanOrEqual(6);
});

it('20. short-lived tokens cost no run while the watches last, and are renewed before they are refused', async () => {
  const { world, proxy } = await worldBehindProxy();
  // Much longer than it takes to start a plugin on a busy machine.
  const seconds = 6;
  const { user, runs } = plugin(seconds);
  const ends = new Map<string, number>();
  let refused = 0;
  accept(proxy, (token) => {
    if (!ends.has(token)) ends.set(token, Date.now() + seconds * 1_000);
    const good = (ends.get(token) ?? 0) > Date.now();
    if (!good) refused += 1;
    return good;
  });
  const engine = await login({ server: proxy.url }, user);
  const pods = await engine.open(world.namespace);
  await pods.claims('live', 10_000);
  const [before, first] = [runs(), Math.max(...ends.values())];
  await keepHeard(world, first);
  await world.create('d');
  await pods.equals(world);
  expect(runs()).toBe(before);
  const listed = lists(proxy);
  proxy.resetWatches();
  await world.create('e');
  await pods.equals(world);
  await pods.claims('live', 5_000);
  expect(runs()).toBeGreaterThan(before);
  expect(refused).toBe(0);
  expect(lists(proxy)).toBe(listed);
});

it('22. a client certificate that ends is told, and one that took its place on disk is used, without a list', async () => {
  const { server, caPem } = adminOf(setting('KUBECTL_LIVE_LAB_KUBECONFIG'));
  const world = await createWorld(adminOf(setting('KUBECTL_LIVE_LAB_KUBECONFIG')), ['a', 'b']);
  const directory = folder();
  // Much longer than a login and two lists take.
  const seconds = 6 + 4 * patience;
  certificate(directory, seconds);
  const ended = Date.now() + seconds * 1_000;
  const engine = await login(
    { server, 'certificate-authority-data': Buffer.from(caPem).toString('base64') },
    { 'client-certificate': join(directory, 'client.crt'), 'client-key': join(directory, 'client.key') },
  );
  const pods = await engine.open(world.namespace);
  await pods.claims('live', 10_000);
  await pods.equals(world);
  await keepHeard(world, ended);
  // The watch that is open lasts, as the server lets it; a new one is refused.
  await world.create('c');
  await pods.equals(world);
  engine.refresh(pods);
  expect(await pods.claims('login', 5_000)).toMatch(/The client certificate for .* expired on/);
  expect(pods.names).toHaveLength(3);
  certificate(directory, 600);
  engine.refresh(pods);
  await world.remove('a');
  await pods.claims('live', 5_000);
  await pods.equals(world);
  expect(pods.states.filter(({ phase }) => phase === 'loading').length).toBeLessThanOrEqual(3);
});

it.each([
  ['ahead', 3_600_000],
  ['behind', -3_600_000],
])(
  '35. with a clock that is an hour %s, ages are the server’s and never negative, and logins last',
  async (_, skew) => {
    const { world, proxy } = await worldBehindProxy();
    accept(proxy, (token) => token === 't1');
    const { user, runs } = plugin(900);
    const clock: Clock = { now: () => Date.now() + skew, after: systemClock.after };
    const engine = await login({ server: proxy.url }, user, clock);
    const pods = await engine.open(world.namespace);
    await pods.claims('live', 10_000);
    await pods.equals(world);
    const ages = () => pods.lines.map(({ text }) => text.trim().split(/\s+/).at(-1) ?? '');
    for (const age of ages()) expect(age).toMatch(/^\d{1,2}s$/);
    for (let i = 0; i < 3; i++) {
      engine.refresh(pods);
      await world.touch('a');
    }
    await pods.claims('live', 5_000);
    expect(runs()).toBe(1);
  },
);
