import { expect, test } from 'vitest';
import { CompositeStore, type Shows, type Source } from '../../../src/engine/composite-store.ts';
import { children, workloads } from '../../../src/processors/composites/workloads.ts';
import type { Freshness } from '../../../src/protocol/freshness.ts';
import type { Resource } from '../../../src/protocol/resource.ts';
import type { Column, Row } from '../../../src/protocol/row.ts';
import { createStore } from '../../../src/store/create-store.ts';
import type { ChangeSet } from '../../../src/store/store.ts';
import { resourceOf } from '../processors/resources.ts';
import { rowOf } from '../view/row-of.ts';

const columns: readonly Column[] = [{ title: 'READY' }, { title: 'STATUS' }, { title: 'RESTARTS', time: 'ago' }];

type Wanted = { name: string; owners?: string[]; restarts?: number; at?: number; status?: string };

const row = ({ name, owners = [], restarts = 0, at, status = '' }: Wanted): Row => ({
  ...rowOf({ name, key: name }),
  owners,
  cells: [
    { text: '1/1', value: 1 },
    { text: status, value: status },
    { text: String(restarts), value: restarts, ...(at === undefined ? {} : { at }) },
  ],
});

/** A store per kind, written by hand, and the table composed of them. */
const stage = (kinds: readonly string[], shows: Shows = 'roots', composite = workloads) => {
  let version = 1;
  const stores = new Map(
    kinds.map((kind) => [kind, createStore({ processorFor: () => ({ columns, row: ({ object }) => object as Row }) })]),
  );
  const released: string[] = [];
  const sources = kinds.map((kind): Source => {
    const resource: Resource = resourceOf({ kind, resource: `${kind.toLowerCase()}s` });
    const store = stores.get(kind);
    if (store === undefined) throw new Error(kind);
    return { resource, store, release: () => void released.push(kind), reconnect: () => undefined };
  });
  const table = new CompositeStore(composite, sources, shows);
  const changes: ChangeSet[] = [];
  table.subscribe((change) => changes.push(change));
  const items = (rows: readonly Row[]) =>
    rows.map((each) => {
      version += 1;
      const object = { ...each, resourceVersion: String(version) };
      const { uid, name, namespace, resourceVersion } = object;
      return { meta: { uid, name, namespace, resourceVersion }, object };
    });
  const storeOf = (kind: string) =>
    stores.get(kind) ?? createStore({ processorFor: () => ({ columns: [], row }) as never });
  const texts = () => [...table.rows.values()].map(({ cells }) => cells.map(({ text }) => text).join(' ')).sort();
  return {
    table,
    changes,
    released,
    list: (kind: string, ...rows: Row[]): void => {
      storeOf(kind).apply({ type: 'init' });
      storeOf(kind).apply({ type: 'apply', items: items(rows) });
      storeOf(kind).apply({ type: 'ready' });
      storeOf(kind).apply({ type: 'freshness', freshness: { phase: 'live' } });
    },
    freshness: (kind: string, freshness: Freshness): void => storeOf(kind).apply({ type: 'freshness', freshness }),
    event: (kind: string, ...rows: Row[]): void => storeOf(kind).apply({ type: 'apply', items: items(rows) }),
    gone: (kind: string, ...rows: Row[]): void => storeOf(kind).apply({ type: 'delete', items: items(rows) }),
    names: (): string[] => [...table.rows.values()].map(({ name }) => name).sort(),
    texts,
    restarts: (name: string) => [table.rows.get(name)?.cells[5]?.value, table.rows.get(name)?.cells[7]?.at],
  };
};

const kinds = ['Deployment', 'ReplicaSet', 'Pod'];

const full = () => {
  const made = stage(kinds);
  made.list('Pod', row({ name: 'bare' }), row({ name: 'p1', owners: ['rs'], restarts: 2, at: 50 }));
  made.list('ReplicaSet', row({ name: 'rs', owners: ['web'] }));
  made.list('Deployment', row({ name: 'web' }));
  return made;
};

test('only what nothing else of the table owns has a row, and nothing owned is shown before owners are known', () => {
  const made = stage(kinds);
  made.list(
    'Pod',
    row({ name: 'bare' }),
    row({ name: 'p1', owners: ['rs'] }),
    row({ name: 'p2', owners: ['cluster'] }),
  );
  expect(made.names()).toEqual(['bare']);
  expect(made.table.freshness.phase).toBe('loading');
  made.list('ReplicaSet', row({ name: 'rs', owners: ['web'] }));
  made.list('Deployment', row({ name: 'web' }));
  // Owned by something that is not of this table: nobody else shows it.
  expect(made.names()).toEqual(['bare', 'p2', 'web']);
  expect(made.table.freshness.phase).toBe('live');
});

test('each row stands for the object of its own resource', () => {
  const { table } = full();
  expect(table.rows.get('web')?.of).toMatchObject({ resource: { kind: 'Deployment' }, name: 'web', uid: 'web' });
  expect(table.rows.get('bare')?.of).toMatchObject({ resource: { kind: 'Pod' }, name: 'bare' });
});

test('restarts are those of all pods below, and follow them', () => {
  const made = full();
  expect(made.restarts('web')).toEqual([2, 50]);
  made.event('Pod', row({ name: 'p2', owners: ['rs'], restarts: 3, at: 70 }));
  expect(made.restarts('web')).toEqual([5, 70]);
  expect(made.changes.at(-1)).toMatchObject({ upserted: new Set(['web']), reset: false });
  made.gone('Pod', row({ name: 'p1', owners: ['rs'] }));
  expect(made.restarts('web')).toEqual([3, 70]);
  made.gone('Pod', row({ name: 'p2', owners: ['rs'] }));
  expect(made.restarts('web')).toEqual([0, undefined]);
});

test('an event that changes nothing here tells nobody', () => {
  const made = full();
  const before = made.changes.length;
  made.event('Pod', row({ name: 'p1', owners: ['rs'], restarts: 2, at: 50, status: 'Running' }));
  expect(made.changes.length).toBe(before);
});

test('what loses its owner comes into view, and what gets one leaves it', () => {
  const made = full();
  made.gone('Deployment', row({ name: 'web' }));
  expect(made.names()).toEqual(['bare', 'rs']);
  made.gone('ReplicaSet', row({ name: 'rs' }));
  expect(made.names()).toEqual(['bare', 'p1']);
  made.event('ReplicaSet', row({ name: 'rs' }));
  expect(made.names()).toEqual(['bare', 'rs']);
  expect([...(made.changes.at(-1)?.deleted ?? [])]).toEqual(['p1']);
});

test('under an object is everything that descends from it, with its owner named', () => {
  const made = stage(kinds, { under: 'cr' }, children);
  made.list('Deployment', row({ name: 'web', owners: ['cr'] }), row({ name: 'other' }));
  made.list('ReplicaSet', row({ name: 'rs', owners: ['web'] }), row({ name: 'stranger', owners: ['other'] }));
  made.list('Pod', row({ name: 'p1', owners: ['rs'] }), row({ name: 'p2', owners: ['stranger'] }));
  expect(made.names()).toEqual(['p1', 'rs', 'web']);
  expect(made.table.rows.get('p1')?.cells.map(({ text }) => text)).toContain('ReplicaSet/rs');
});

test('owners in a circle end', () => {
  const made = stage(kinds);
  made.list('Deployment');
  made.list('ReplicaSet', row({ name: 'a', owners: ['b'] }), row({ name: 'b', owners: ['a'] }));
  made.list('Pod', row({ name: 'p', owners: ['a'], restarts: 1 }));
  made.event('Pod', row({ name: 'p', owners: ['a'], restarts: 2 }));
  expect(made.names()).toEqual([]);
});

test('hands back its sources once', () => {
  const made = full();
  made.table.dispose();
  expect(made.released).toEqual(kinds);
});

test('what may not be listed is named, and does not make the rest doubtful', () => {
  const made = stage(kinds);
  made.freshness('ReplicaSet', { phase: 'forbidden', message: 'no' });
  made.list('Pod', row({ name: 'p1', owners: ['rs'] }));
  expect(made.names()).toEqual([]);
  made.list('Deployment', row({ name: 'web' }));
  expect([made.table.freshness.phase, made.table.missing]).toEqual(['live', ['replicasets']]);
  // Nobody can say who runs it.
  expect(made.names()).toEqual(['p1', 'web']);
  made.freshness('Pod', { phase: 'forbidden', message: 'no' });
  made.freshness('Deployment', { phase: 'forbidden', message: 'no' });
  expect(made.table.freshness.phase).toBe('forbidden');
});
