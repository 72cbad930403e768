import type { Sender } from '../frame/sender.ts';
import { createSender } from '../frame/sender.ts';
import type { Resource, Target } from '../protocol/resource.ts';
import type { Column, Row } from '../protocol/row.ts';
import type { Drill, Params, Query, Result, RowJson, ToEditor } from '../protocol/wire.ts';
import type { ChangeSet, Store } from '../store/store.ts';
import type { Clock } from '../util/clock.ts';
import { type Arrangement, titlesOf } from '../view/layout.ts';
import { TableView, type ViewOptions } from '../view/table-view.ts';
import { columnsOf, freshnessOf, type HeldStore, type Taken, takenFrom } from './held-stores.ts';
import type { Hovered } from './hover.ts';
import type { KeptViews } from './kept-views.ts';
import { labelCounts, narrow, sameScope } from './narrow.ts';
import type { Place } from './related.ts';
import { rowJson } from './row-json.ts';
import { targetOf } from './target-of.ts';
import { createUnseen, type Unseen } from './unseen.ts';
import type { Decor, DecorOptions } from './usage-decor.ts';
import { changedOptions, isArrangement, roomOf } from './view-change.ts';
import { type Described, emptyLines, stateOf } from './view-text.ts';

export type ViewSessionOptions = {
  readonly view: number;
  readonly context: string;
  readonly resource: Resource;
  readonly query: Query;
  /** Cells and lines of the window. */
  readonly width?: number | undefined;
  readonly rows?: number | undefined;
  /** How its columns are arranged at first. */
  readonly arrangement?: Arrangement;
  /** The order where the query has none. */
  readonly defaultSort?: Query['sort'] | undefined;
  readonly namespaces: readonly string[];
  /** The server's time: its objects are as old as it says. */
  readonly clock: Clock;
  /** This machine's time, by which freshness is dated; the clock's unless told. */
  readonly ownNow?: () => number;
  readonly send: (message: ToEditor) => void;
  /** The stores of the scope: one for all namespaces, or one per namespace. */
  readonly acquire: (namespaces: readonly string[], query: Query) => readonly HeldStore[];
  /** Whether `acquire` follows other selectors of the query; else labels are compared here. */
  readonly narrows?: boolean;
  readonly drill: (row: Row) => Promise<Drill>;
  readonly kept?: KeptViews;
  /** Columns that do not come from the store; `onChange` says that their cells are others now. */
  readonly decor?: ((onChange: DecorOptions['onChange']) => Decor | undefined) | undefined;
};

/** Rows of a burst are gathered this long before the view is worked out again. */
const gatherMs = 33;
/** The first rows of a list come one by one; within this time most lists that fit a screen are there whole. */
const firstMs = 4;
/** A filter may keep a screen from filling: after so many rows of the list that is no reason to hurry any more. */
const mostHurried = 500;
/** Cells stop standing out together, not one frame each. */
const fadeMs = 250;

const byName = { title: '', descending: false };

const titlesIn = (columns: readonly Column[]) => columns.map(({ title, wide }) => ({ title, wide: wide === true }));

/** One open table: stores in, frames and states out. It lives until its buffer is wiped. */
export class ViewSession {
  readonly #options: ViewSessionOptions;
  readonly #sender: Sender;
  #view: TableView;
  readonly #decor: Decor | undefined;
  #held: readonly HeldStore[] = [];
  #unsubscribe: (() => void)[] = [];
  #namespaces: readonly string[];
  #query: Query;
  /** Since when the table is paused. */
  #paused: { readonly at: number } | undefined;
  /** It is to be paused when its rows are there. */
  #pausing = false;
  #upserted = new Map<string, Row>();
  #deleted = new Set<string>();
  #reset = false;
  /** All that was gathered is news: told by events of a live watch. */
  #news = true;
  #fading: (() => void) | undefined;
  #gathering: (() => void) | undefined;
  #gatheredAt = Number.NEGATIVE_INFINITY;
  readonly #unseen: Unseen;
  /** What was gathered belongs to a screen that was filling, also when its list has ended meanwhile. */
  #hurried = false;
  #ticking: (() => void) | undefined;
  #taken: Taken | undefined;
  /** It is of other rows than when it was drawn last: filter, namespaces. */
  #turned = true;
  /** Since its rows are live the client has been sent all of them. */
  #arrived = false;
  #lastState = '';
  #lastLayout: unknown;
  #lastSort: unknown;
  #announced = false;
  /** Rows of the last drawing. */
  #drawn = 0;
  #viewOptions: ViewOptions;

  constructor(options: ViewSessionOptions) {
    this.#options = options;
    const { query, clock, view } = options;
    this.#query = query;
    this.#namespaces = options.namespaces;
    const names = query.names === undefined ? undefined : new Set(query.names);
    const owner = query.owner;
    this.#viewOptions = {
      sort: query.sort ?? options.defaultSort,
      filter: query.filter ?? '',
      wide: query.wide ?? false,
      hidden: new Set(),
      ...options.arrangement,
      room: roomOf(options.width),
      belongs: (row) =>
        (names?.has(row.of?.name ?? row.name) ?? true) && (owner === undefined || row.owners.includes(owner)),
    };
    this.#view = new TableView([], this.#viewOptions, clock.now());
    this.#sender = createSender({
      ...{ view, clock, send: options.send, onComplete: () => this.#announce() },
      // Only that the rows have arrived is told then; a frame changes nothing else of the state.
      onCurrent: () => this.#arrived || this.#sendState(),
    });
    this.#unseen = createUnseen(clock, () => this.#draw());
    this.#decor = options.decor?.((columns) => this.#redecorate(columns));
    this.#attach();
    this.#tick();
  }

  update(params: Params<'view.update'>): Result<'view.update'> {
    const { push = false, filter } = params;
    if (!push || filter === undefined || this.#options.narrows !== true) {
      this.#change(params, false);
      return filter === undefined ? {} : { ...(push ? { filter } : {}), inactive: this.#view.inactive };
    }
    const { filter: rest, query } = narrow(filter, this.#query);
    const moved = !sameScope(query, this.#query);
    this.#query = query;
    this.#change({ ...params, filter: rest }, moved);
    const { selector, fieldSelector } = query;
    return {
      filter: rest,
      ...(selector === undefined ? {} : { selector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
    };
  }

  /** `moved`: the server is asked for other rows. */
  #change(params: Params<'view.update'>, moved: boolean): void {
    const { filter } = this.#viewOptions;
    this.#viewOptions = changedOptions(this.#viewOptions, params);
    this.#turned ||= filter !== this.#viewOptions.filter;
    if (params.namespaces !== undefined || moved) {
      this.#namespaces = params.namespaces ?? this.#namespaces;
      this.#paused = undefined;
      this.#pausing = false;
      this.#detach();
      this.#attach();
      return;
    }
    if (params.paused !== undefined) this.#pause(params.paused);
    if (isArrangement(params)) this.#arrange();
  }

  /** Rows stand still; what happens meanwhile is gathered and comes when the pause ends. */
  #pause(paused: boolean): void {
    this.#pausing = false;
    if (paused === (this.#paused !== undefined)) return;
    if (paused) {
      // What the last moments brought is still shown, so that the pause is of the present.
      this.#pausing = true;
      this.#work();
    } else {
      this.#paused = undefined;
      this.#gather();
    }
  }

  /** Filter, order and columns work on the rows that are held, at once, also while they stand still. */
  #arrange(): void {
    this.#view.change(this.#viewOptions, this.#paused?.at ?? this.#options.clock.now());
    this.#want();
    this.#draw();
  }

  ack(seq: number, gen: number): void {
    this.#sender.ack(seq, gen);
  }

  /** Lines on a screen, from the first to the last: what is old among them is drawn at once. */
  look(first: number, last: number): void {
    this.#view.look(first, last);
    const aged = this.#moves && this.#view.tickSeen(this.#options.clock.now());
    if (aged || this.#unseen.waits) this.#draw();
  }

  resend(): void {
    this.#lastLayout = undefined;
    this.#lastState = '';
    this.#sender.resend();
    this.#draw();
  }

  refresh(): void {
    for (const { reconnect } of this.#held) reconnect();
  }

  rows(): readonly RowJson[] {
    const now = this.#options.clock.now();
    return this.#view.rows().map((row) => rowJson(row, this.#view.columns, now));
  }

  labels(): ReturnType<typeof labelCounts> {
    return labelCounts(this.#allRows());
  }

  async drill(key: string): Promise<Drill | undefined> {
    const row = this.#view.row(key);
    return row === undefined ? undefined : await this.#options.drill(row);
  }

  /** A row and the namespaces the table is of, for what leads elsewhere from it. */
  place(key: string): (Place & Hovered) | undefined {
    const row = this.#view.row(key);
    if (row === undefined) return undefined;
    const { resource, clock } = this.#options;
    const columns = this.#view.columns;
    return { row, resource: row.of?.resource ?? resource, namespaces: this.#namespaces, columns, now: clock.now() };
  }

  /** The objects of keys, shown or not, and what those are called that the filter hides. */
  targets(keys: readonly string[]): { readonly targets: readonly Target[]; readonly hidden: readonly string[] } {
    const found = keys.flatMap((key) => this.#view.row(key) ?? []);
    const targets = found.map((row) => targetOf(row, this.#options));
    const hidden = found.filter((row) => !this.#view.shows(row)).map(({ name }) => name);
    return { targets, hidden };
  }

  dispose(): void {
    const { kept, query } = this.#options;
    kept?.keep({ query, held: this.#held }, this.#view);
    this.#detach();
    this.#ticking?.();
    this.#fading?.();
    this.#decor?.dispose();
    this.#sender.dispose();
  }

  #attach(): void {
    this.#held = this.#options.acquire(this.#namespaces, this.#query);
    this.#unsubscribe = this.#held.map(({ store }) => store.subscribe((changes) => this.#collect(store, changes)));
    this.#reset = true;
    this.#turned = true;
    this.#arrived = false;
    this.#want();
    this.#work();
  }

  #detach(): void {
    this.#gathering?.();
    this.#gathering = undefined;
    this.#unseen.end();
    for (const end of this.#unsubscribe) end();
    for (const { release } of this.#held) release();
    this.#unsubscribe = [];
    this.#held = [];
    this.#upserted.clear();
    this.#deleted.clear();
  }

  #collect(store: Store, changes: ChangeSet): void {
    if (changes.listed === true || store.freshness.phase !== 'live') this.#news = false;
    if (changes.reset) this.#reset = true;
    else {
      for (const key of changes.deleted) {
        this.#upserted.delete(key);
        this.#deleted.add(key);
      }
      for (const key of changes.upserted) {
        const row = store.rows.get(key);
        if (row === undefined) continue;
        this.#deleted.delete(key);
        this.#upserted.set(key, row);
      }
    }
    this.#gather();
  }

  #gather(): void {
    const { clock, rows = 0 } = this.#options;
    const filling = this.#filling;
    this.#hurried ||= filling;
    const fills = filling && this.#view.counts.total + this.#upserted.size >= rows;
    if (this.#gathering !== undefined && !fills) return;
    // A clock that was set back must not hold the rows back.
    const usual = Math.min(gatherMs, this.#gatheredAt + gatherMs - clock.now());
    const wait = filling ? firstMs : usual;
    if (fills || wait <= 0) this.#work();
    else this.#gathering = clock.after(wait, () => this.#work());
  }

  /** Brings the view up to date and draws it; the only place that reads stores. */
  #work(): void {
    this.#gathering?.();
    this.#gathering = undefined;
    let seen = true;
    if (this.#paused === undefined) {
      const now = this.#options.clock.now();
      const first = this.#gatheredAt === Number.NEGATIVE_INFINITY;
      this.#gatheredAt = now;
      if (this.#reset) this.#refill(now, first);
      else {
        seen = this.#view.update(this.#changed(), this.#deleted, now, this.#news) || !this.#news;
        this.#fadeLater();
      }
      this.#reset = false;
      this.#news = true;
      this.#upserted.clear();
      this.#deleted.clear();
      this.#taken = takenFrom(this.#held);
      // Half a list that stands still would be taken for the whole.
      if (this.#pausing && !this.#taken.partial) {
        this.#pausing = false;
        this.#paused = { at: now };
        seen = true;
      }
    }
    if (seen) this.#draw();
    else {
      this.#sendState();
      this.#unseen.draw();
    }
  }

  /** All rows afresh; at first a table of them that was closed is gone on with. */
  #refill(now: number, first: boolean): void {
    const { kept, query, rows } = this.#options;
    const view = first ? kept?.take({ query, held: this.#held }) : undefined;
    if (view?.resume(this.#allRows(), this.#columns(), this.#viewOptions, now) === true) this.#view = view;
    else this.#view.rebuild(this.#allRows(), this.#columns(), this.#viewOptions, now);
    if (first && rows !== undefined) this.#view.look(0, rows - 1);
  }

  *#changed(): Iterable<Row> {
    for (const row of this.#upserted.values()) yield this.#decorated(row);
  }

  #fadeLater(): void {
    const { clock } = this.#options;
    const at = this.#view.fadesAt;
    if (this.#fading !== undefined || at === undefined) return;
    this.#fading = clock.after(Math.max(fadeMs, at - clock.now()), () => {
      this.#fading = undefined;
      if (this.#view.fade(clock.now())) this.#draw();
      this.#fadeLater();
    });
  }

  *#allRows(): Iterable<Row> {
    for (const { store } of this.#held) for (const row of store.rows.values()) yield this.#decorated(row);
  }

  #decorated(row: Row): Row {
    return this.#decor?.row(row) ?? row;
  }

  /** Asks for usage while anybody sees it, sorts by it or filters by it. */
  #want(): void {
    if (this.#decor === undefined) return;
    const { wide, hidden, order = [], sort, filter } = this.#viewOptions;
    const text = filter.toUpperCase();
    const wanted = this.#decor.columns.some(
      ({ title }) =>
        (wide && !hidden.has(title)) || order.includes(title) || sort?.title === title || text.includes(title),
    );
    this.#decor.want(wanted, this.#namespaces);
  }

  /** Other cells beside the objects' own: no news, so nothing stands out. */
  #redecorate(columns: boolean): void {
    this.#news = false;
    if (columns) this.#reset = true;
    for (const { store } of this.#held) {
      for (const [key, row] of store.rows) if (!this.#upserted.has(key)) this.#upserted.set(key, row);
    }
    this.#gather();
  }

  #columns(): readonly Column[] {
    const own = columnsOf(this.#held);
    return this.#decor?.among(own) ?? own;
  }

  #draw(): void {
    const { view, send } = this.#options;
    this.#unseen.drawn();
    const layout = this.#view.layout;
    const sort = this.#viewOptions.sort ?? byName;
    // The marker of the order is in the titles.
    if ((layout !== this.#lastLayout || sort !== this.#lastSort) && this.#view.columns.length > 0) {
      this.#lastLayout = layout;
      this.#lastSort = sort;
      send({
        type: 'layout',
        view,
        gen: this.#view.gen,
        ...titlesOf(layout, sort),
        all: titlesIn(this.#view.columns),
        sort,
      });
    }
    const { shown } = this.#view.counts;
    const lines = shown === 0 ? [emptyLines(this.#described())] : this.#view.blocks();
    this.#drawn = shown;
    const urgent = this.#hurried || this.#filling;
    this.#hurried = false;
    const turned = this.#turned;
    this.#turned = false;
    this.#sender.update(lines, this.#view.gen, { urgent, turned, partial: this.#taken?.partial ?? true });
    this.#sendState();
  }

  /** The first screen is on its way: rows go out as they come. */
  get #filling(): boolean {
    const { rows = 0 } = this.#options;
    const early = this.#drawn < rows && this.#view.counts.total < mostHurried;
    return early && freshnessOf(this.#held).phase === 'loading';
  }

  #described(): Described {
    const { view, context, resource, clock, ownNow = clock.now } = this.#options;
    return {
      ...{ view, context, resource, namespaces: this.#namespaces, query: this.#query, ...this.#view.counts },
      filter: this.#viewOptions.filter,
      inactive: this.#view.inactive,
      paused: this.#paused !== undefined,
      freshness: freshnessOf(this.#held),
      now: ownNow(),
      coverage: this.#taken?.coverage,
      missing: this.#taken?.missing ?? [],
      unsure: this.#taken?.unsure ?? [],
    };
  }

  /** What is told as live is on its way to the editor already: a state never runs ahead of the rows it speaks of. */
  #sendState(): void {
    const { phase } = freshnessOf(this.#held);
    const settled = this.#taken?.phase === 'live' && this.#sender.current;
    this.#arrived = phase === 'live' && (this.#arrived || settled);
    const said = this.#described();
    const arriving = phase === 'live' && !this.#arrived;
    const state = stateOf(arriving ? { ...said, freshness: { phase: 'loading', count: said.total } } : said);
    const text = JSON.stringify(state);
    if (text === this.#lastState) return;
    this.#lastState = text;
    this.#options.send(state);
  }

  /** Ages move on while the rows are known to be true; a stale table keeps the ages it had. */
  get #moves(): boolean {
    // A forbidden namespace has no rows whose ages could be wrong; a stale one has.
    const isTrue = this.#held.every(({ store }) => store.freshness.phase === 'live' || store.rows.size === 0);
    return isTrue && this.#paused === undefined;
  }

  #tick(): void {
    const { clock } = this.#options;
    this.#ticking = clock.after(1000, () => {
      if (freshnessOf(this.#held).phase !== 'live') this.#sendState();
      if (this.#moves) this.#moveOn(clock.now());
      this.#tick();
    });
  }

  #moveOn(now: number): void {
    const turned = this.#view.timed && this.#view.rematch(now);
    if (this.#view.tick(now) || turned) this.#draw();
  }

  /** The first time the buffer holds the whole live table. */
  #announce(): void {
    if (this.#announced || !this.#arrived) return;
    this.#announced = true;
    const { view, context, resource, send } = this.#options;
    const data = { view, context, resource: resource.resource, rows: this.#view.counts.shown };
    send({ type: 'event', name: 'K8sDataLoaded', data });
  }
}
