import type { Freshness } from '../protocol/freshness.ts';
import type { Row } from '../protocol/row.ts';
import type { Feed, Lease } from '../store/registry.ts';
import type { ChangeSet, Coverage, Store } from '../store/store.ts';
import type { Clock } from '../util/clock.ts';
import { throwOutside } from '../util/throw-outside.ts';
import { worst } from '../view/state-text.ts';
import { Permitted } from './permitted.ts';

export type SpreadOptions = {
  readonly clock: Clock;
  /** The watch of all namespaces at once. */
  readonly whole: Feed;
  /** The watch of one namespace. */
  readonly acquire: (namespace: string) => Lease;
  readonly namespaces: () => Lease;
  readonly fallback: () => readonly string[];
  readonly mayList: (namespace: string) => Promise<boolean>;
  readonly forget: (namespace: string) => void;
  readonly onBug?: (error: unknown) => void;
};

type Part = { readonly lease: Lease; readonly end: () => void; lost: boolean };

/** A connection and a watch each: more than this is a load on the server that one table is not worth. */
const mostParts = 100;
/** First lists under way at once. */
const mostLists = 8;

const all: ChangeSet = { upserted: new Set(), deleted: new Set(), reset: true, listed: true };

/**
 * "All namespaces" for those who may not ask for them at once: when the server forbids that, one watch for each
 * namespace the user may see, as one store. The watch of everything keeps trying and takes over when it is allowed.
 */
export class Spread implements Feed, Store {
  readonly #options: SpreadOptions;
  readonly #listeners = new Set<(changes: ChangeSet) => void>();
  readonly #parts = new Map<string, Part>();
  readonly #rows = new Map<string, Row>();
  readonly #end: () => void;
  #permitted: Permitted | undefined;
  /** Everything the user may see has been shown once; what comes later does not make the table load again. */
  #complete = false;

  constructor(options: SpreadOptions) {
    this.#options = options;
    this.#end = options.whole.store.subscribe((changes) => this.#onWhole(changes));
  }

  get store(): Store {
    return this;
  }
  /** The parts have their own. */
  get life(): Feed['life'] {
    return this.#options.whole.life;
  }
  get rows(): ReadonlyMap<string, Row> {
    return this.#permitted === undefined ? this.#options.whole.store.rows : this.#rows;
  }

  /** Of several stores the one that knows most: one without an answer has not learned the server's columns. */
  get columns(): Store['columns'] {
    let best = this.#options.whole.store.columns;
    if (this.#permitted === undefined) return best;
    for (const { lease } of this.#parts.values()) {
      if (lease.store.columns.length > best.length) best = lease.store.columns;
    }
    return best;
  }

  get freshness(): Freshness {
    const permitted = this.#permitted;
    const whole = this.#options.whole.store.freshness;
    if (permitted === undefined) return whole;
    if (!this.#complete) return { phase: 'loading', count: this.#rows.size };
    const open = [...this.#parts.values()].filter(({ lost }) => !lost).map(({ lease }) => lease.store.freshness);
    if (open.length === 0 && permitted.settled) return this.#nowhere(permitted);
    // One that has come since is no reason to call the others loading.
    const known = open.filter(({ phase }) => phase !== 'loading');
    return worst(permitted.problem === undefined ? known : [...known, permitted.problem]);
  }

  get coverage(): Coverage | undefined {
    if (this.#permitted === undefined) return undefined;
    const parts = [...this.#parts];
    const { allowed, names, listed } = this.#permitted;
    return {
      shown: parts.filter(([, { lost }]) => !lost).length,
      total: listed ? names.length : undefined,
      lost: parts.flatMap(([name, { lost }]) => (lost ? [name] : [])),
      leftOut: Math.max(0, allowed.length - mostParts),
    };
  }

  apply: Store['apply'] = (event) => this.#options.whole.store.apply(event);

  subscribe(listener: (changes: ChangeSet) => void): () => void {
    const own = (changes: ChangeSet): void => listener(changes);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  reconnect(): void {
    this.#options.whole.reconnect();
    for (const { lease } of this.#parts.values()) lease.reconnect();
    this.#permitted?.recheck();
  }

  dispose(): void {
    this.#listeners.clear();
    this.#end();
    this.#gather();
    this.#options.whole.dispose();
  }

  #notify(changes: ChangeSet): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(changes);
      } catch (error) {
        (this.#options.onBug ?? throwOutside)(error);
      }
    }
  }

  #onWhole(changes: ChangeSet): void {
    const { phase } = this.#options.whole.store.freshness;
    if (this.#permitted === undefined) {
      if (phase === 'forbidden') this.#scatter();
      this.#notify(phase === 'forbidden' ? all : changes);
    } else if (phase === 'live') {
      this.#gather();
      this.#notify(all);
    }
  }

  /** From one watch to many. */
  #scatter(): void {
    const { clock, namespaces, fallback, mayList, forget } = this.#options;
    const waiting: (() => void)[] = [];
    this.#complete = false;
    // It may have something to tell before it is assigned.
    let changed = (): void => void waiting.push(() => this.#plan());
    this.#permitted = new Permitted({
      clock,
      namespaces: namespaces(),
      fallback: fallback(),
      mayList,
      forget,
      onChange: () => changed(),
    });
    changed = () => this.#plan();
    for (const tell of waiting) tell();
  }

  /** Back to one watch. */
  #gather(): void {
    this.#permitted?.dispose();
    this.#permitted = undefined;
    for (const name of [...this.#parts.keys()]) this.#close(name);
    this.#rows.clear();
  }

  /** Opens and closes the watches of namespaces, a few first lists at a time. */
  #plan(): void {
    const permitted = this.#permitted;
    if (permitted === undefined) return;
    const allowed = permitted.allowed.slice(0, mostParts);
    const wanted = new Set(allowed);
    const deleted = new Set<string>();
    for (const name of [...this.#parts.keys()]) {
      if (!wanted.has(name)) for (const key of this.#close(name)) deleted.add(key);
    }
    const isLoading = ({ lease }: Part): boolean => lease.store.freshness.phase === 'loading';
    let lists = [...this.#parts.values()].filter(isLoading).length;
    let reset = false;
    for (const name of allowed) {
      if (this.#parts.has(name) || lists >= mostLists) continue;
      const part = this.#open(name);
      reset = true;
      if (isLoading(part)) lists += 1;
    }
    this.#complete ||= permitted.settled && lists === 0 && allowed.every((name) => this.#parts.has(name));
    this.#notify(reset ? all : { upserted: new Set(), deleted, reset: false });
  }

  #open(name: string): Part {
    const lease = this.#options.acquire(name);
    const end = lease.store.subscribe((changes) => this.#onPart(name, changes));
    const part: Part = { lease, end, lost: lease.store.freshness.phase === 'forbidden' };
    this.#parts.set(name, part);
    if (!part.lost) for (const [key, row] of lease.store.rows) this.#rows.set(key, row);
    return part;
  }

  /** Returns the keys that are gone with it. */
  #close(name: string): readonly string[] {
    const part = this.#parts.get(name);
    if (part === undefined) return [];
    this.#parts.delete(name);
    part.end();
    const keys = [...part.lease.store.rows.keys()].filter((key) => this.#rows.delete(key));
    part.lease.release();
    return keys;
  }

  #onPart(name: string, changes: ChangeSet): void {
    const part = this.#parts.get(name);
    if (part === undefined) return;
    const { store } = part.lease;
    const was = part.lost;
    part.lost = store.freshness.phase === 'forbidden' || (was && store.freshness.phase !== 'live');
    const [upserted, deleted] = [new Set<string>(), new Set<string>(changes.deleted)];
    if (part.lost) for (const key of store.rows.keys()) deleted.add(key);
    else for (const key of was || changes.reset ? store.rows.keys() : changes.upserted) upserted.add(key);
    for (const key of deleted) this.#rows.delete(key);
    for (const key of upserted) {
      const row = store.rows.get(key);
      if (row !== undefined) this.#rows.set(key, row);
    }
    const { reset, listed } = changes;
    this.#notify({ upserted, deleted, reset, ...(listed === undefined ? {} : { listed }) });
    // A list that came in makes room for the next one.
    if (!this.#complete || was !== part.lost) this.#plan();
  }

  #nowhere({ names }: Permitted): Freshness {
    const whole = this.#options.whole.store.freshness;
    if (whole.phase !== 'forbidden') return whole;
    const tried = names.length > 0 && names.length <= 3 ? names.join(', ') : `any of ${names.length} namespaces`;
    return names.length === 0 ? whole : { ...whole, message: `${whole.message} – nor in ${tried}` };
  }
}
