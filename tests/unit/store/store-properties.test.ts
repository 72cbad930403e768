import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStore, type IndexedStore } from '../../../src/store/create-store.ts';
import type { IndexName } from '../../../src/store/indexes.ts';
import { decoded, type Item, maker } from './items.ts';

type Server = Map<string, Item>;

/** What may happen between a server and its watcher. */
type Step =
  | { readonly do: 'write'; readonly name: string; readonly node: string; readonly owner: string }
  | { readonly do: 'delete'; readonly name: string }
  | { readonly do: 'recreate'; readonly name: string }
  /** Changes that are lost until the next list. */
  | { readonly do: 'gap' }
  | { readonly do: 'list' }
  | { readonly do: 'broken list' }
  | { readonly do: 'repeat' };

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      name,
      node: fc.constantFrom('n1', 'n2'),
      owner: fc.constantFrom('o1', 'o2'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('recreate' as const), name }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Step>({ do: 'gap' }, { do: 'list' }, { do: 'broken list' }, { do: 'repeat' }),
  },
);

/** Plays the steps: a server that changes, and a store that is told as a reflector would tell it. */
const play = (steps: readonly Step[], store: IndexedStore): Server => {
  const server: Server = new Map();
  let version = 8;
  let connected = true;
  const sent: Item[] = [];
  const tell = (type: 'apply' | 'delete', item: Item) => {
    if (!connected) return;
    sent.push(item);
    store.apply({ type, items: [decoded(item)] });
  };
  const list = (items: Iterable<Item>) => {
    store.apply({ type: 'init' });
    for (const item of items) store.apply({ type: 'apply', items: [decoded(item)] });
  };
  const drop = (key: string) => {
    const item = server.get(key);
    server.delete(key);
    if (item !== undefined) tell('delete', { ...item, version: String(++version) });
  };
  list([]);
  store.apply({ type: 'ready' });
  for (const each of steps) {
    switch (each.do) {
      case 'write': {
        const uid = server.get(each.name)?.uid ?? `${each.name}-${version}`;
        const item = { uid, name: each.name, node: each.node, owner: each.owner, version: String(++version) };
        server.set(each.name, item);
        tell('apply', item);
        break;
      }
      case 'delete':
        drop(each.name);
        break;
      case 'recreate': {
        drop(each.name);
        const item = { uid: `${each.name}-${version}`, name: each.name, version: String(++version) };
        server.set(each.name, item);
        tell('apply', item);
        break;
      }
      case 'gap':
        connected = false;
        break;
      case 'list':
        list(server.values());
        store.apply({ type: 'ready' });
        connected = true;
        break;
      case 'broken list':
        list([...server.values()].slice(1));
        list(server.values());
        store.apply({ type: 'ready' });
        connected = true;
        break;
      case 'repeat':
        // A resumed watch may send again what was seen; never what has been deleted since.
        for (const item of sent)
          if (server.get(item.name)?.uid === item.uid && connected)
            store.apply({ type: 'apply', items: [decoded(item)] });
        break;
      default:
        each satisfies never;
    }
  }
  list(server.values());
  store.apply({ type: 'ready' });
  return server;
};

describe('a store', () => {
  it('equals the server after any history with gaps and lists, and its listeners could follow', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = createStore({ processorFor: maker });
        const followed = new Map<string, string>();
        store.subscribe(({ upserted, deleted }) => {
          for (const key of deleted) followed.delete(key);
          for (const key of upserted) followed.set(key, store.rows.get(key)?.cells[0]?.text ?? 'missing');
        });
        const server = play(steps, store);
        const wanted = [...server.values()].map((item) => [item.uid, `${item.name}@${item.version}`]).sort();
        expect([...store.rows].map(([key, row]) => [key, row.cells[0]?.text]).sort()).toEqual(wanted);
        expect([...followed].sort()).toEqual(wanted);
      }),
    );
  });

  it('finds by namespace, owner and node what a search through all rows finds, from whenever it is first asked', () => {
    const indexes: readonly [IndexName, string][] = [
      ['namespace', 'shop'],
      ['owner', 'o1'],
      ['owner', 'o2'],
      ['node', 'n1'],
      ['node', 'n9'],
    ];
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, early) => {
        const store = createStore({ processorFor: maker });
        if (early) for (const [index, value] of indexes) store.find(index, value);
        play(steps, store);
        for (const [index, value] of indexes) {
          const matches = [...store.rows.values()].filter((row) =>
            index === 'namespace'
              ? row.namespace === value
              : index === 'owner'
                ? row.owners.includes(value)
                : row.facts?.node === value,
          );
          expect([...store.find(index, value)].sort()).toEqual(matches.map((row) => row.key).sort());
        }
      }),
    );
  });
});
