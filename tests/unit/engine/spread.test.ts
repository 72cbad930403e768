import { expect, test } from 'vitest';
import { Spread } from '../../../src/engine/spread.ts';
import { coverageText, scopeText } from '../../../src/engine/view-text.ts';
import type { Freshness } from '../../../src/protocol/freshness.ts';
import { createStore, type IndexedStore } from '../../../src/store/create-store.ts';
import type { Lease } from '../../../src/store/registry.ts';
import { fakeClock } from '../fake-clock.ts';
import { maker } from '../store/items.ts';

const forbidden: Freshness = { phase: 'forbidden', message: 'forbidden: list pods in all namespaces (user jane)' };

const say = (store: IndexedStore, freshness: Freshness): void => store.apply({ type: 'freshness', freshness });

/** A list of objects by name; each is its own uid. */
const list = (store: IndexedStore, namespace: string, names: readonly string[]): void => {
  store.apply({ type: 'init' });
  const items = names.map((name) => ({
    meta: { uid: `${namespace}/${name}`, namespace, name, resourceVersion: '1' },
    object: {},
  }));
  store.apply({ type: 'apply', items });
  store.apply({ type: 'ready' });
  say(store, { phase: 'live' });
};

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};

/** Leases that count who holds them. */
const leasing = () => {
  const held = new Map<string, { store: IndexedStore; users: number; reconnects: number }>();
  const acquire = (name: string): Lease => {
    const entry = held.get(name) ?? { store: createStore({ processorFor: maker }), users: 0, reconnects: 0 };
    held.set(name, entry);
    entry.users += 1;
    return {
      store: entry.store,
      release: () => {
        entry.users -= 1;
      },
      reconnect: () => {
        entry.reconnects += 1;
      },
    };
  };
  return { held, acquire };
};

const start = (options: { readonly allowed: readonly string[]; readonly fallback?: readonly string[] }) => {
  const clock = fakeClock();
  const allowed = new Set(options.allowed);
  const parts = leasing();
  const namespaces = leasing();
  const asked: string[] = [];
  let asking = 0;
  let mostAsking = 0;
  const whole = createStore({ processorFor: maker });
  const spread = new Spread({
    clock,
    whole: { store: whole, reconnect: () => undefined, dispose: () => undefined },
    acquire: parts.acquire,
    namespaces: () => namespaces.acquire('all'),
    fallback: () => options.fallback ?? [],
    mayList: async (namespace) => {
      asked.push(namespace);
      asking += 1;
      mostAsking = Math.max(mostAsking, asking);
      await Promise.resolve();
      asking -= 1;
      return allowed.has(namespace);
    },
    forget: () => undefined,
  });
  const part = (name: string): IndexedStore => {
    const found = parts.held.get(name);
    if (found === undefined) throw new Error(`nobody watches ${name}`);
    return found.store;
  };
  return {
    clock,
    spread,
    whole,
    allowed,
    asked,
    part,
    mostAsking: () => mostAsking,
    watched: (): string[] => [...parts.held].flatMap(([name, { users }]) => (users > 0 ? [name] : [])),
    namespaceUsers: () => namespaces.held.get('all')?.users ?? 0,
    namespaces: async (...names: readonly string[]): Promise<void> => {
      const store = namespaces.held.get('all')?.store;
      if (store === undefined) throw new Error('nobody asked for namespaces');
      list(store, '', names);
      await settle();
    },
    noNamespaces: async (): Promise<void> => {
      const store = namespaces.held.get('all')?.store;
      if (store !== undefined) say(store, { phase: 'forbidden', message: 'no' });
      await settle();
    },
    names: (): string[] => [...spread.rows.values()].map(({ name }) => name).sort(),
    title: (): string => `${scopeText([], spread.coverage)} ${coverageText(spread.coverage)}`.trim(),
  };
};

test('an allowed list of everything is passed on as it is', async () => {
  const stage = start({ allowed: [] });
  list(stage.whole, 'shop', ['a']);
  expect([stage.names(), stage.spread.freshness.phase, stage.title()]).toEqual([['a'], 'live', 'all']);
  expect(stage.namespaceUsers()).toBe(0);
});

test('a forbidden one becomes a watch for each namespace that may be seen', async () => {
  const stage = start({ allowed: ['pay', 'shop'] });
  say(stage.whole, forbidden);
  expect(stage.spread.freshness.phase).toBe('loading');
  await stage.namespaces('default', 'pay', 'shop');
  expect([stage.watched(), stage.spread.freshness.phase]).toEqual([['pay', 'shop'], 'loading']);
  list(stage.part('pay'), 'pay', ['a']);
  expect(stage.spread.freshness.phase).toBe('loading');
  list(stage.part('shop'), 'shop', ['b']);
  expect([stage.names(), stage.spread.freshness.phase]).toEqual([['a', 'b'], 'live']);
  expect(stage.title()).toBe('2 of 3 namespaces (all namespaces: not allowed)');
});

test('namespaces that come and go are followed, and one that is stale makes the table stale', async () => {
  const stage = start({ allowed: ['a', 'b', 'c'] });
  say(stage.whole, forbidden);
  await stage.namespaces('a', 'b');
  list(stage.part('a'), 'a', ['x']);
  list(stage.part('b'), 'b', ['y']);
  await stage.namespaces('b', 'c');
  expect([stage.watched(), stage.names(), stage.spread.freshness.phase]).toEqual([['b', 'c'], ['y'], 'live']);
  list(stage.part('c'), 'c', ['z']);
  expect(stage.names()).toEqual(['y', 'z']);
  say(stage.part('c'), { phase: 'stale', since: 0, reason: 'cut' });
  expect(stage.spread.freshness).toMatchObject({ phase: 'stale', reason: 'cut' });
});

test('a namespace whose right is lost says so, loses its rows and brings them back', async () => {
  const stage = start({ allowed: ['a', 'b'] });
  const told: string[][] = [];
  say(stage.whole, forbidden);
  await stage.namespaces('a', 'b');
  list(stage.part('a'), 'a', ['x']);
  list(stage.part('b'), 'b', ['y']);
  stage.spread.subscribe(({ deleted, upserted }) => told.push([...deleted].concat(...upserted)));
  say(stage.part('a'), { phase: 'forbidden', message: 'forbidden: list pods in a' });
  expect([stage.names(), stage.spread.freshness.phase]).toEqual([['y'], 'live']);
  expect(stage.title()).toBe('1 of 2 namespaces (all namespaces: not allowed; no longer a)');
  expect(told[0]).toEqual(['a/x']);
  list(stage.part('a'), 'a', ['x']);
  expect([stage.names(), stage.title()]).toEqual([['x', 'y'], '2 of 2 namespaces (all namespaces: not allowed)']);
});

test('nothing at all is forbidden, and what is granted later comes by itself or with gr', async () => {
  const stage = start({ allowed: [] });
  say(stage.whole, forbidden);
  await stage.namespaces('a', 'b');
  expect(stage.spread.freshness).toMatchObject({ phase: 'forbidden', message: expect.stringMatching(/nor in a, b$/) });
  stage.allowed.add('a');
  stage.clock.advance(59_000);
  await settle();
  expect(stage.watched()).toEqual([]);
  stage.clock.advance(2_000);
  await settle();
  expect(stage.watched()).toEqual(['a']);
  stage.allowed.add('b');
  stage.spread.reconnect();
  await settle();
  expect(stage.watched()).toEqual(['a', 'b']);
});

test('where namespaces may not be listed the ones of setup() are tried', async () => {
  const stage = start({ allowed: ['mine'], fallback: ['mine', 'other'] });
  say(stage.whole, forbidden);
  await stage.noNamespaces();
  list(stage.part('mine'), 'mine', ['a']);
  expect([stage.names(), stage.title()]).toEqual([['a'], '1 namespace (all namespaces: not allowed)']);
});

test('a list of everything that is granted takes over; what was watched is let go', async () => {
  const stage = start({ allowed: ['a'] });
  say(stage.whole, forbidden);
  await stage.namespaces('a');
  list(stage.part('a'), 'a', ['x']);
  list(stage.whole, 'b', ['y']);
  expect([stage.names(), stage.watched(), stage.title()]).toEqual([['y'], [], 'all']);
  expect(stage.namespaceUsers()).toBe(0);
});

test('a table that is let go lets go of everything', async () => {
  const stage = start({ allowed: ['a'] });
  say(stage.whole, forbidden);
  await stage.namespaces('a', 'b');
  stage.spread.dispose();
  expect([stage.watched(), stage.namespaceUsers()]).toEqual([[], 0]);
  const before = stage.asked.length;
  stage.clock.advance(600_000);
  await settle();
  expect(stage.asked.length).toBe(before);
});

test('hundreds of namespaces: few questions and lists at a time, a limit of watches that is told', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `n${String(index).padStart(3, '0')}`);
  const stage = start({ allowed: names.slice(0, 250) });
  say(stage.whole, forbidden);
  await stage.namespaces(...names);
  await settle();
  for (let turn = 0; turn < 40; turn++) await settle();
  expect([stage.asked.length, stage.mostAsking(), stage.watched().length]).toEqual([300, 8, 8]);
  for (let listed = 0; listed < 100; listed++) {
    expect(stage.watched().length).toBeLessThanOrEqual(listed + 8);
    const name = names[listed] as string;
    list(stage.part(name), name, ['x']);
  }
  expect([stage.watched().length, stage.spread.rows.size, stage.spread.freshness.phase]).toEqual([100, 100, 'live']);
  expect(stage.title()).toBe('100 of 300 namespaces (all namespaces: not allowed; 150 too many to watch)');
  // The 50 that are denied are asked about again once a minute.
  stage.clock.advance(61_000);
  for (let turn = 0; turn < 10; turn++) await settle();
  expect(stage.asked.length).toBe(350);
});
