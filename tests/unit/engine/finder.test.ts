import { expect, test } from 'vitest';
import { createFinder } from '../../../src/engine/finder.ts';
import type { HeldStore } from '../../../src/engine/held-stores.ts';
import { createSearch } from '../../../src/engine/search.ts';
import type { Freshness } from '../../../src/protocol/freshness.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { transportOf } from '../cluster/fake-transport.ts';
import { fakeClock } from '../fake-clock.ts';
import { resourceOf } from '../processors/resources.ts';

type Served = Readonly<Record<string, { readonly version: string; readonly resource: string; readonly kind: string }>>;

const listOf = (served: Served) => ({
  kind: 'APIGroupDiscoveryList',
  items: Object.entries(served).map(([name, { version, resource, kind }]) => ({
    metadata: { name },
    versions: [
      { version, resources: [{ resource, responseKind: { kind }, scope: 'Namespaced', verbs: ['list', 'watch'] }] },
    ],
  })),
});

const setUp = () => {
  const server: { served: Served; down: boolean } = { served: {}, down: false };
  const { transport, asked } = transportOf(({ path }) => {
    if (server.down) throw new ClusterError('unreachable', 'down');
    return path === '/apis' ? listOf(server.served) : { kind: 'APIGroupDiscoveryList', items: [] };
  });
  const clock = fakeClock();
  return { server, transport, clock, readings: () => asked.filter(({ path }) => path === '/apis').length };
};

const widgets = { 'example.com': { version: 'v1', resource: 'widgets', kind: 'Widget' } };
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('a word that is not known is looked for once more, but not over and over', async () => {
  const { server, transport, clock, readings } = setUp();
  const finder = createFinder(transport, clock);
  await expect(finder.find('widgets')).rejects.toThrow(/no resource "widgets"/);
  expect(readings()).toBe(2);
  server.served = widgets;
  await expect(finder.find('widgets')).rejects.toThrow(/no resource "widgets"/);
  expect(readings()).toBe(2);
  clock.advance(5000);
  expect((await finder.find('widgets')).group).toBe('example.com');
  expect(readings()).toBe(3);
});

test('a resource of the server comes before a table of our own with its name', async () => {
  const { transport, clock } = setUp();
  expect((await createFinder(transport, clock).table('workloads')).group).toBe('');
  const other = setUp();
  other.server.served = { 'queue.example.com': { version: 'v1', resource: 'workloads', kind: 'Workload' } };
  expect((await createFinder(other.transport, clock).table('workloads')).group).toBe('queue.example.com');
});

test('what is offered is read again after half a minute, and kept where that fails', async () => {
  const { server, transport, clock, readings } = setUp();
  const finder = createFinder(transport, clock);
  await finder.recent();
  server.served = widgets;
  clock.advance(29_000);
  expect((await finder.recent()).resources).toEqual([]);
  clock.advance(1000);
  expect((await finder.recent()).resources.map(({ resource }) => resource)).toEqual(['widgets']);
  expect(readings()).toBe(2);
  server.down = true;
  clock.advance(30_000);
  expect((await finder.recent()).resources).toHaveLength(1);
});

/** A lease whose store is as fresh as the test says. */
const leaseOf = () => {
  let freshness: Freshness = { phase: 'live' };
  const listeners = new Set<() => void>();
  const calls: string[] = [];
  const store = {
    get freshness() {
      return freshness;
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const lease = {
    store,
    reconnect: () => void calls.push('reconnect'),
    release: () => void calls.push('release'),
  } as unknown as HeldStore;
  const become = (now: Freshness): void => {
    freshness = now;
    for (const listener of listeners) listener();
  };
  return { lease, become, calls };
};

const widget = resourceOf({ group: 'example.com', version: 'v1', resource: 'widgets', kind: 'Widget' });

test('a resource that is gone is looked for while somebody holds it, and listed when it is back', async () => {
  const { server, transport, clock, readings } = setUp();
  const search = createSearch({ transport, clock });
  const { lease, become, calls } = leaseOf();
  const held = search.over(lease, widget, () => void calls.push('reopen'));
  clock.advance(60_000);
  expect(readings()).toBe(0);
  become({ phase: 'gone', message: 'no such resource' });
  clock.advance(3000);
  await settle();
  expect([readings(), calls]).toEqual([1, []]);
  server.served = widgets;
  clock.advance(3000);
  await settle();
  expect([readings(), calls]).toEqual([2, ['reconnect']]);
  become({ phase: 'live' });
  clock.advance(60_000);
  await settle();
  const after = readings();
  become({ phase: 'gone', message: 'no such resource' });
  held.release();
  clock.advance(60_000);
  await settle();
  expect(readings()).toBeLessThanOrEqual(after + 1);
  clock.advance(60_000);
  await settle();
  expect(readings()).toBeLessThanOrEqual(after + 1);
  expect(calls.at(-1)).toBe('release');
});

test('a resource that comes back in another version is opened anew, once', async () => {
  const { server, transport, clock } = setUp();
  const search = createSearch({ transport, clock });
  const { lease, become, calls } = leaseOf();
  search.over(lease, widget, () => void calls.push('reopen'));
  become({ phase: 'gone', message: 'no such resource' });
  server.served = { 'example.com': { version: 'v2', resource: 'widgets', kind: 'Widget' } };
  for (let round = 0; round < 3; round++) {
    clock.advance(3000);
    await settle();
  }
  expect(calls).toEqual(['reopen']);
});
