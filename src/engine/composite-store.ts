import type { Composite, Part } from '../processors/composite.ts';
import type { Resource } from '../protocol/resource.ts';
import type { Cell, Column, Row } from '../protocol/row.ts';
import { isEmpty, markDeleted, markUpserted, noChanges } from '../store/changes.ts';
import type { ChangeSet, Coverage, Store } from '../store/store.ts';
import { worst } from '../view/state-text.ts';

type Held = { readonly release: () => void; readonly reconnect: () => void };

/** One resource in one namespace (or all of them). */
export type Source = Held & {
  readonly resource: Resource;
  /** All objects: what owns what is seen only here. */
  readonly store: Store;
  /** Those that a label selector chose; undefined: all of them. */
  readonly chosen?: (Held & { readonly store: Store }) | undefined;
};

/** `roots`: what nothing else of the table owns. `under`: what descends from the object of that uid. */
export type Shows = 'roots' | { readonly under: string };

type Changes = ReturnType<typeof noChanges>;
type Restarts = Part['restarts'];

const none: Restarts = { count: 0, last: undefined };
/** Owners of owners; the garbage collector knows no end of it, real trees have four or five. */
const deepest = 12;

const titles = new WeakMap<readonly Column[], ReadonlyMap<string, number>>();

const indexOf = (columns: readonly Column[], title: string): number | undefined => {
  let known = titles.get(columns);
  if (known === undefined) {
    known = new Map(columns.map((column, index) => [column.title, index]));
    titles.set(columns, known);
  }
  return known.get(title);
};

const cellOf = (columns: readonly Column[], row: Row, title: string): Cell | undefined => {
  const index = indexOf(columns, title);
  return index === undefined ? undefined : row.cells[index];
};

/** Keys are uids; where a server gives none they are names, which two resources may share. */
const keyIn = ({ resource }: Source, key: string): string => (key.includes('/') ? `${resource.kind}/${key}` : key);

type Made = { readonly from: Row; readonly restarts: Restarts; readonly owner: string };

const sameMade = (before: Made | undefined, now: Made): boolean =>
  before?.from === now.from &&
  before.owner === now.owner &&
  before.restarts.count === now.restarts.count &&
  before.restarts.last === now.restarts.last;

/** Which rows of which source name an object as their owner. */
class Families {
  readonly #children = new Map<string, Map<string, Source>>();
  readonly #owners = new Map<string, readonly string[]>();

  children(uid: string): Iterable<readonly [string, Source]> {
    return this.#children.get(uid) ?? [];
  }

  /** As it was told last; a row that is gone has none any more. */
  owners(key: string): readonly string[] {
    return this.#owners.get(key) ?? [];
  }

  note(source: Source, key: string, owners: readonly string[]): void {
    const before = this.owners(key);
    if (before === owners) return;
    for (const uid of before) {
      const siblings = this.#children.get(uid);
      siblings?.delete(key);
      if (siblings?.size === 0) this.#children.delete(uid);
    }
    if (owners.length === 0) this.#owners.delete(key);
    else this.#owners.set(key, owners);
    for (const uid of owners) {
      const siblings = this.#children.get(uid);
      if (siblings === undefined) this.#children.set(uid, new Map([[key, source]]));
      else siblings.set(key, source);
    }
  }

  clear(): void {
    this.#children.clear();
    this.#owners.clear();
  }
}

/** A store whose rows are made of those of several others; it follows them and holds nothing else. */
export class CompositeStore implements Store {
  readonly rows = new Map<string, Row>();
  readonly unsure: readonly string[];
  readonly #composite: Composite;
  readonly #sources: readonly Source[];
  readonly #shows: Shows;
  readonly #families = new Families();
  readonly #made = new Map<string, Made>();
  readonly #listeners = new Set<(changes: ChangeSet) => void>();
  readonly #ends: readonly (() => void)[];
  /** Every source has been listed: who owns what is known. */
  #settled = false;

  constructor(composite: Composite, sources: readonly Source[], shows: Shows, unsure: readonly string[] = []) {
    this.unsure = unsure;
    this.#composite = composite;
    this.#sources = sources;
    this.#shows = shows;
    this.#ends = sources.flatMap((source) =>
      [source, ...(source.chosen === undefined ? [] : [source.chosen])].map(({ store }) =>
        store.subscribe((changes) => this.#follow(source, changes)),
      ),
    );
    this.#settled = this.#listed();
    this.#rebuild();
  }

  get columns(): readonly Column[] {
    return this.#composite.columns;
  }

  /** What may not be listed at all says nothing of the rest, which is as true without it; `missing` tells what it is. */
  get freshness() {
    const all = this.#stores().map(({ store }) => store.freshness);
    const open = all.filter(({ phase }) => phase !== 'forbidden');
    return worst(open.length === 0 ? all : open);
  }

  get missing(): readonly string[] {
    const denied = this.#sources.filter(({ store }) => store.freshness.phase === 'forbidden');
    return [...new Set(denied.map(({ resource }) => resource.resource))];
  }

  get coverage(): Coverage | undefined {
    return this.#sources.find(({ store }) => store.coverage !== undefined)?.store.coverage;
  }

  apply(): void {
    throw new Error('a composed store is written by its sources only');
  }

  subscribe(listener: (changes: ChangeSet) => void): () => void {
    const own = (changes: ChangeSet): void => listener(changes);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  reconnect(): void {
    for (const held of this.#stores()) held.reconnect();
  }

  dispose(): void {
    for (const end of this.#ends) end();
    for (const held of this.#stores()) held.release();
    this.#listeners.clear();
  }

  #stores(): readonly (Held & { readonly store: Store })[] {
    return this.#sources.flatMap((source) => (source.chosen === undefined ? [source] : [source, source.chosen]));
  }

  #listed(): boolean {
    return this.#stores().every(({ store }) => store.freshness.phase !== 'loading');
  }

  #follow(source: Source, changes: ChangeSet): void {
    const out = noChanges();
    if (changes.listed === true) out.listed = true;
    const settles = !this.#settled && this.#listed();
    if (settles || changes.reset) {
      this.#settled ||= settles;
      this.#rebuild();
      out.reset = true;
    } else {
      const touched = new Map<string, Source>();
      for (const key of [...changes.upserted, ...changes.deleted]) this.#touch(source, key, touched);
      for (const [key, of] of touched) this.#place(of, key, out);
    }
    // A change of freshness alone is news as well: it is what the statusline says.
    if (isEmpty(changes) || !isEmpty(out)) for (const listener of [...this.#listeners]) listener(out);
  }

  /** A row, what it owns, and what is above it: before the change and now. */
  #touch(source: Source, key: string, touched: Map<string, Source>): void {
    touched.set(key, source);
    for (const [child, of] of this.#families.children(key)) touched.set(child, of);
    for (const [uid, of] of this.#above(this.#families.owners(key))) touched.set(uid, of);
    this.#families.note(source, key, source.store.rows.get(key)?.owners ?? []);
    for (const [uid, of] of this.#above(this.#families.owners(key))) touched.set(uid, of);
  }

  #rebuild(): void {
    this.rows.clear();
    this.#made.clear();
    this.#families.clear();
    for (const source of this.#sources) {
      for (const [key, row] of source.store.rows) this.#families.note(source, key, row.owners);
    }
    const out = noChanges();
    for (const source of this.#sources) for (const key of source.store.rows.keys()) this.#place(source, key, out);
  }

  /** Brings one row of the table up to date with its source. */
  #place(source: Source, key: string, out: Changes): void {
    const row = source.store.rows.get(key);
    const own = keyIn(source, key);
    if (row === undefined || !this.#shown(source, row)) {
      this.#made.delete(own);
      if (this.rows.delete(own)) markDeleted(out, own);
      return;
    }
    const made: Made = { from: row, restarts: this.#restarts(source, row, deepest), owner: this.#ownerOf(row) };
    if (sameMade(this.#made.get(own), made)) return;
    this.#made.set(own, made);
    this.rows.set(own, this.#row(source, own, made));
    markUpserted(out, own);
  }

  #row({ resource, store }: Source, key: string, { from, restarts, owner }: Made): Row {
    const { columns } = store;
    const part: Part = { row: from, resource, cell: (title) => cellOf(columns, from, title), restarts, owner };
    const { namespace, name, uid } = from;
    return { ...from, key, cells: this.#composite.cells(part), of: { resource, namespace, name, uid } };
  }

  #shown(source: Source, row: Row): boolean {
    if (source.chosen !== undefined && !source.chosen.store.rows.has(row.key)) return false;
    if (this.#shows !== 'roots') return this.#isUnder(row.owners, this.#shows.under, deepest);
    // Until everything is listed a row with an owner may be one that is not to be seen here.
    return row.owners.length === 0 || (this.#settled && row.owners.every((uid) => this.#find(uid) === undefined));
  }

  #isUnder(owners: readonly string[], uid: string, depth: number): boolean {
    if (owners.includes(uid)) return true;
    return depth > 0 && owners.some((owner) => this.#isUnder(this.#families.owners(owner), uid, depth - 1));
  }

  #find(uid: string): Source | undefined {
    return this.#sources.find(({ store }) => store.rows.has(uid));
  }

  *#above(owners: readonly string[], depth = deepest): Iterable<readonly [string, Source]> {
    for (const uid of depth === 0 ? [] : owners) {
      const source = this.#find(uid);
      if (source === undefined) continue;
      yield [uid, source];
      yield* this.#above(this.#families.owners(uid), depth - 1);
    }
  }

  #ownerOf(row: Row): string {
    for (const uid of row.owners) {
      const source = this.#find(uid);
      if (source !== undefined) return `${source.resource.kind}/${source.store.rows.get(uid)?.name ?? ''}`;
    }
    return '';
  }

  /** A pod's own, or those of all pods that descend from the row. */
  #restarts(source: Source, row: Row, depth: number): Restarts {
    if (source.resource.kind === 'Pod') {
      const cell = cellOf(source.store.columns, row, 'RESTARTS');
      return typeof cell?.value === 'number' ? { count: cell.value, last: cell.at } : none;
    }
    let { count, last } = none;
    for (const [key, of] of depth === 0 ? [] : this.#families.children(row.key)) {
      const child = of.store.rows.get(key);
      if (child === undefined) continue;
      const found = this.#restarts(of, child, depth - 1);
      count += found.count;
      if (found.last !== undefined) last = Math.max(last ?? found.last, found.last);
    }
    return { count, last };
  }
}
