import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { checkAlive } from '../../src/cluster/server.ts';
import { decoderFor } from '../../src/decode/decoder-for.ts';
import type { Resource } from '../../src/protocol/resource.ts';
import { openFeed } from '../../src/store/open-feed.ts';
import { createRegistry } from '../../src/store/registry.ts';
import { startLab } from '../../src/tools/setup/start.cjs';
import { systemClock } from '../../src/util/clock.ts';
import { adminOf, createWorld, rows, setting, transportTo, versions } from './support.ts';

const run = promisify(execFile);

const pods: Resource = {
  group: '',
  version: 'v1',
  resource: 'pods',
  singular: 'pod',
  kind: 'Pod',
  namespaced: true,
  verbs: ['list', 'watch'],
  shortNames: [],
  categories: [],
  subresources: [],
};

it('33. the API server stops and comes back: stale within 2 s, the truth within 5 s of its return', async () => {
  const lab = setting('KUBECTL_LIVE_LAB');
  const name = `faults-${process.pid}`;
  const { kubeconfig, stop } = await startLab(lab, ['--name', name]);
  onTestFinished(stop, 60_000);
  const upstream = adminOf(kubeconfig);
  const world = await createWorld(upstream, ['a', 'b']);
  const transport = transportTo(upstream);
  const registry = createRegistry({
    clock: systemClock,
    alive: (question) => checkAlive(transport, question),
    open: (scope) =>
      openFeed(scope, {
        transport,
        decoder: decoderFor(scope.resource, true),
        processorFor: () => rows,
        clock: systemClock,
        random: Math.random,
      }),
  });
  onTestFinished(() => registry.dispose());
  const { store } = registry.acquire({ resource: pods, namespace: world.namespace });
  await expect.poll(() => store.freshness.phase, { timeout: 20_000 }).toBe('live');

  const command = (verb: string) => run(lab, [verb, '--name', name, 'kube-apiserver']);
  await command('stop');
  await expect.poll(() => store.freshness.phase, { timeout: 2_000 }).toBe('stale');
  expect(store.rows.size).toBe(2);
  // Long enough for the back-off alone to miss the return.
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  await command('start');
  await world.create('c');
  await world.remove('a');
  const returned = Date.now();
  const held = () => ({ rows: versions(store), phase: store.freshness.phase });
  await expect.poll(held, { timeout: 20_000, interval: 20 }).toEqual({ rows: await world.listed(), phase: 'live' });
  expect(Date.now() - returned).toBeLessThan(5_000);
}, 180_000);
