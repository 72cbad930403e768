import type { Decoded, TableColumn } from '../decode/decoded.ts';
import { keyOf } from '../decode/meta.ts';
import type { Freshness } from '../protocol/freshness.ts';
import type { Column, Row } from '../protocol/row.ts';
import { throwOutside } from '../util/throw-outside.ts';
import type { WatchEvent } from '../watch/events.ts';
import { type Changes, isEmpty, noChanges } from './changes.ts';
import { createIndexes, type IndexName } from './indexes.ts';
import { isOlder, type Rows, removeRow, rivalOf, sameName, setRow, unchanged } from './rows.ts';
import type { ChangeSet, Store } from './store.ts';

/** What the store needs of a processor. */
export type RowMaker = { readonly columns: readonly Column[]; row(item: Decoded): Row };

export type StoreOptions = {
  /** Undefined columns: none of the server's are known (yet). */
  readonly processorFor: (columns: readonly TableColumn[] | undefined) => RowMaker;
  /** Where an exception of a listener goes, so that it reaches neither the writer nor the other listeners. */
  readonly onBug?: (error: unknown) => void;
};

export type IndexedStore = Store & {
  /** Keys of the rows of a namespace, an owner (uid) or a node; the set is live and must not be kept. */
  find(index: IndexName, value: string): ReadonlySet<string>;
};

/**
 * A list that is coming in. The first one goes straight into view (`side` undefined) and drops at its end what it did
 * not name; later ones fill `side` and are swapped in whole.
 */
type Incoming = {
  readonly named: Set<string>;
  readonly side: Map<string, Row> | undefined;
  maker: RowMaker;
};

type Holding = {
  readonly rows: Rows;
  maker: RowMaker;
  columnsKey: string;
  incoming: Incoming | undefined;
  listed: boolean;
  freshness: Freshness;
};

const upsert = (holding: Holding, item: Decoded, changes: Changes): void => {
  const { rows, maker } = holding;
  const key = keyOf(item.meta);
  const before = rows.byKey.get(key);
  if (unchanged(before, item) || (before !== undefined && isOlder(item, before))) return;
  // A name that a row holds already is nobody else's.
  const rival = before !== undefined && sameName(before, item.meta) ? undefined : rivalOf(rows, item);
  if (rival !== undefined) {
    if (isOlder(item, rival)) return;
    removeRow(rows, rival.key, changes);
  }
  setRow(rows, key, maker.row(item), changes);
};

/** Rows of a list that is not shown yet; those that say nothing new stay the same objects. */
const collect = (holding: Holding, incoming: Incoming, side: Map<string, Row>, item: Decoded): void => {
  const key = keyOf(item.meta);
  const before = incoming.maker === holding.maker ? holding.rows.byKey.get(key) : undefined;
  side.set(key, unchanged(before, item) ? before : incoming.maker.row(item));
};

const applyItems = (holding: Holding, items: readonly Decoded[], changes: Changes): void => {
  const { incoming } = holding;
  for (const item of items) {
    if (incoming?.side !== undefined) collect(holding, incoming, incoming.side, item);
    else {
      incoming?.named.add(keyOf(item.meta));
      upsert(holding, item, changes);
    }
  }
};

const setColumns = (
  holding: Holding,
  processorFor: StoreOptions['processorFor'],
  columns: readonly TableColumn[],
  changes: Changes,
): void => {
  const key = JSON.stringify(columns);
  if (key === holding.columnsKey) return;
  holding.columnsKey = key;
  const maker = processorFor(columns);
  if (holding.incoming?.side !== undefined) {
    holding.incoming.maker = maker;
    return;
  }
  holding.maker = maker;
  changes.reset = true;
};

/** The list is complete: it is the truth, also where it is older than what was there (a restored etcd). */
const swapIn = (holding: Holding, changes: Changes): void => {
  const { incoming, rows } = holding;
  holding.incoming = undefined;
  holding.listed = true;
  if (incoming === undefined) return;
  changes.listed = true;
  const kept = incoming.side ?? incoming.named;
  for (const key of rows.byKey.keys()) if (!kept.has(key)) removeRow(rows, key, changes);
  for (const [key, row] of incoming.side ?? []) setRow(rows, key, row, changes);
  if (incoming.maker === holding.maker || incoming.side === undefined) return;
  holding.maker = incoming.maker;
  changes.reset = true;
};

const beginList = (holding: Holding): void => {
  holding.incoming = {
    named: new Set(),
    side: holding.listed ? new Map() : undefined,
    maker: holding.maker,
  };
};

const sameFreshness = (left: Freshness, right: Freshness): boolean => JSON.stringify(left) === JSON.stringify(right);

/** Returns whether listeners are told. */
const applyEvent = (
  holding: Holding,
  processorFor: StoreOptions['processorFor'],
  event: WatchEvent,
  changes: Changes,
): boolean => {
  switch (event.type) {
    case 'init':
      beginList(holding);
      return false;
    case 'columns':
      setColumns(holding, processorFor, event.columns, changes);
      return !isEmpty(changes);
    case 'apply':
      applyItems(holding, event.items, changes);
      return !isEmpty(changes);
    case 'delete':
      for (const item of event.items) removeRow(holding.rows, keyOf(item.meta), changes);
      return !isEmpty(changes);
    case 'ready':
      swapIn(holding, changes);
      return !isEmpty(changes);
    case 'freshness': {
      const told = !sameFreshness(holding.freshness, event.freshness);
      holding.freshness = event.freshness;
      return told;
    }
    default:
      return event satisfies never;
  }
};

/** The rows of one resource and scope. */
export const createStore = ({ processorFor, onBug = throwOutside }: StoreOptions): IndexedStore => {
  const byKey = new Map<string, Row>();
  const indexes = createIndexes(() => byKey.values());
  const holding: Holding = {
    rows: { byKey, keyOfName: new Map(), indexes },
    maker: processorFor(undefined),
    columnsKey: '',
    incoming: undefined,
    listed: false,
    freshness: { phase: 'loading', count: 0 },
  };
  const listeners = new Set<(changes: ChangeSet) => void>();

  const notify = (changes: ChangeSet): void => {
    for (const listener of [...listeners]) {
      try {
        listener(changes);
      } catch (error) {
        onBug(error);
      }
    }
  };

  return {
    get rows() {
      return byKey;
    },
    get columns() {
      return holding.maker.columns;
    },
    get freshness() {
      return holding.freshness;
    },
    apply: (event) => {
      const changes = noChanges();
      if (applyEvent(holding, processorFor, event, changes)) notify(changes);
    },
    subscribe: (listener) => {
      // A wrapper of its own, so that the same function can be subscribed twice and ended once.
      const own = (changes: ChangeSet): void => listener(changes);
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
    find: indexes.find,
  };
};
