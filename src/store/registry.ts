import type { Custom } from '../protocol/added-columns.ts';
import { type Resource, resourceKey } from '../protocol/resource.ts';
import type { Clock } from '../util/clock.ts';
import type { Reflector } from '../watch/reflector.ts';
import type { Store } from './store.ts';
import { type Question, startWatchdog } from './watchdog.ts';

/** What a store holds. Empty `namespace` means all of them. */
export type Scope = {
  readonly resource: Resource;
  /** What is read of the server where the rows are parts of its objects; else `resource`. */
  readonly via?: Resource;
  readonly namespace: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Columns the user added: the store's rows have their cells. */
  readonly custom?: Custom;
};

/** A store with the reflector that feeds it. */
export type Feed = {
  readonly store: Store;
  /** Absent where the feed is made of others, which have their own. */
  readonly life?: Pick<Reflector, 'heardAt' | 'doubt' | 'trust'> | undefined;
  reconnect(): void;
  dispose(): void;
};

export type Lease = {
  readonly store: Store;
  /** Idempotent. */
  release(): void;
  reconnect(): void;
};

export type Registry = {
  /** The store of a scope; every lease of one scope has the same one. */
  acquire(scope: Scope): Lease;
  /** Every feed at once, or those that `which` picks. */
  reconnect(which?: (store: Store) => boolean): void;
  readonly stores: Iterable<{ readonly scope: Scope; readonly store: Store; readonly users: number }>;
  dispose(): void;
};

export type RegistryOptions = {
  readonly open: (scope: Scope) => Feed;
  readonly clock: Clock;
  /** Whether the API server answers; with it, silence, outages and sleep are noticed once for all feeds (watchdog.ts). */
  readonly alive?: (question: Question) => Promise<void>;
  /** How long a feed outlives its last user; 60 s unless told. */
  readonly idleMs?: number;
};

type Entry = { readonly scope: Scope; readonly feed: Feed; users: number; stopTimer: () => void };

const keyOfScope = ({ resource, namespace, labelSelector, fieldSelector, custom }: Scope): string =>
  [
    resourceKey(resource),
    resource.version,
    namespace,
    labelSelector ?? '',
    fieldSelector ?? '',
    custom === undefined ? '' : JSON.stringify(custom),
  ].join('\n');

const nothing = (): void => {};

/** What is tried again for who comes. */
const unattended: ReadonlySet<string> = new Set(['login', 'stale']);

/** One feed for each scope, however many users; an unused one is kept a while, for views are often re-opened. */
export const createRegistry = ({ open, clock, alive, idleMs = 60_000 }: RegistryOptions): Registry => {
  const entries = new Map<string, Entry>();

  const stop = (key: string, entry: Entry): void => {
    entries.delete(key);
    entry.feed.dispose();
  };

  const lease = (key: string, entry: Entry): Lease => {
    let released = false;
    return {
      store: entry.feed.store,
      reconnect: () => entry.feed.reconnect(),
      release: () => {
        if (released) return;
        released = true;
        entry.users--;
        if (entry.users === 0) entry.stopTimer = clock.after(idleMs, () => stop(key, entry));
      },
    };
  };

  const reconnect: Registry['reconnect'] = (which = () => true) => {
    for (const { feed } of entries.values()) if (which(feed.store)) feed.reconnect();
  };

  const isStale = (store: Store): boolean => store.freshness.phase === 'stale';
  const lives = () => [...entries.values()].flatMap(({ feed }) => feed.life ?? []);
  const condition = () => {
    const phases = [...entries.values()].map(({ feed }) => feed.store.freshness.phase);
    return {
      stale: phases.includes('stale'),
      live: phases.includes('live'),
      heardAt: Math.max(...lives().map((life) => life.heardAt()), Number.NEGATIVE_INFINITY),
    };
  };
  const endWatchdog =
    alive === undefined
      ? nothing
      : startWatchdog({
          clock,
          alive,
          condition,
          doubt: (error, since) => {
            for (const life of lives()) life.doubt(error, since);
          },
          trust: () => {
            for (const life of lives()) life.trust();
          },
          resume: () => reconnect(isStale),
          wake: () => reconnect(),
        });

  return {
    acquire: (scope) => {
      const key = keyOfScope(scope);
      let entry = entries.get(key);
      if (entry === undefined) {
        entry = { scope, feed: open(scope), users: 0, stopTimer: nothing };
        entries.set(key, entry);
      }
      entry.stopTimer();
      entry.stopTimer = nothing;
      // Nobody has looked since its login was refused, and whoever looks now has just logged in; or since its watch was
      // lost, and who opens a table does not wait for the end of a back-off.
      if (entry.users === 0 && unattended.has(entry.feed.store.freshness.phase)) entry.feed.reconnect();
      entry.users++;
      return lease(key, entry);
    },
    reconnect,
    get stores() {
      return [...entries.values()].map(({ scope, feed, users }) => ({ scope, store: feed.store, users }));
    },
    dispose: () => {
      endWatchdog();
      for (const [key, entry] of entries) {
        entry.stopTimer();
        stop(key, entry);
      }
    },
  };
};
