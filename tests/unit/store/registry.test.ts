import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/protocol/resource.ts';
import { createStore } from '../../../src/store/create-store.ts';
import { createRegistry, type Feed, type Scope } from '../../../src/store/registry.ts';
import { fakeClock } from '../fake-clock.ts';
import { maker } from './items.ts';

const pods = {
  group: '',
  version: 'v1',
  resource: 'pods',
  kind: 'Pod',
  namespaced: true,
  verbs: [],
} as unknown as Resource;
const all: Scope = { resource: pods, namespace: '' };

const start = () => {
  const clock = fakeClock();
  const opened: { scope: Scope; feed: Feed; log: string[] }[] = [];
  const registry = createRegistry({
    clock,
    open: (scope) => {
      const log: string[] = [];
      const feed: Feed = {
        store: createStore({ processorFor: maker }),
        reconnect: () => log.push('reconnect'),
        dispose: () => log.push('dispose'),
      };
      opened.push({ scope, feed, log });
      return feed;
    },
  });
  return { clock, opened, registry };
};

describe('createRegistry', () => {
  it('has one feed for a scope, however many users', () => {
    const { registry, opened } = start();
    const [first, second] = [registry.acquire(all), registry.acquire({ ...all })];
    expect(second.store).toBe(first.store);
    expect(opened).toHaveLength(1);
    expect([...registry.stores].map(({ users }) => users)).toEqual([2]);
  });

  it('keeps resources, groups, namespaces and selectors apart', () => {
    const { registry, opened } = start();
    const scopes: Scope[] = [
      all,
      { ...all, namespace: 'shop' },
      { ...all, labelSelector: 'app=web' },
      { ...all, fieldSelector: 'app=web' },
      { resource: { ...pods, group: 'metrics.k8s.io' }, namespace: '' },
      { resource: { ...pods, version: 'v2' }, namespace: '' },
    ];
    expect(new Set(scopes.map((scope) => registry.acquire(scope).store)).size).toBe(scopes.length);
    expect(opened.map(({ scope }) => scope)).toEqual(scopes);
  });

  it('stops a feed 60 s after its last user left, counting every release once', () => {
    const { clock, registry, opened } = start();
    const [first, second] = [registry.acquire(all), registry.acquire(all)];
    first.release();
    first.release();
    clock.advance(3_600_000);
    expect(opened[0]?.log).toEqual([]);
    second.release();
    clock.advance(59_999);
    expect(opened[0]?.log).toEqual([]);
    clock.advance(1);
    expect(opened[0]?.log).toEqual(['dispose']);
    expect([...registry.stores]).toEqual([]);
    registry.acquire(all);
    expect(opened).toHaveLength(2);
  });

  it('keeps a feed whose user came back in time', () => {
    const { clock, registry, opened } = start();
    registry.acquire(all).release();
    clock.advance(59_000);
    const lease = registry.acquire(all);
    clock.advance(3_600_000);
    expect(opened).toHaveLength(1);
    expect(opened[0]?.log).toEqual([]);
    lease.reconnect();
    expect(opened[0]?.log).toEqual(['reconnect']);
  });

  it('tries a lost watch again for who comes to it when nobody was there, and for nobody else', () => {
    const { registry, opened } = start();
    const lease = registry.acquire(all);
    lease.store.apply({ type: 'freshness', freshness: { phase: 'stale', reason: 'cut', retryAt: 30_000 } });
    registry.acquire(all).release();
    expect(opened[0]?.log).toEqual([]);
    lease.release();
    registry.acquire(all);
    expect(opened[0]?.log).toEqual(['reconnect']);
  });

  it('reconnects those that are picked', () => {
    const { registry, opened } = start();
    registry.acquire(all).store.apply({ type: 'freshness', freshness: { phase: 'live' } });
    registry.acquire({ ...all, namespace: 'shop' });
    registry.reconnect((store) => store.freshness.phase !== 'live');
    expect(opened.map(({ log }) => log)).toEqual([[], ['reconnect']]);
    registry.reconnect();
    expect(opened.map(({ log }) => log)).toEqual([['reconnect'], ['reconnect', 'reconnect']]);
  });

  it('ends everything with itself, timers too', () => {
    const { clock, registry, opened } = start();
    registry.acquire(all).release();
    registry.acquire({ ...all, namespace: 'shop' });
    registry.dispose();
    clock.advance(120_000);
    expect(opened.map(({ log }) => log)).toEqual([['dispose'], ['dispose']]);
  });
});
