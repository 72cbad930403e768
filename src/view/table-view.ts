import { cellText } from '../protocol/cell-text.ts';
import type { Line, LineBlocks } from '../protocol/line.ts';
import type { Column, Row } from '../protocol/row.ts';
import { nextDurationChange } from '../util/duration.ts';
import { displayWidth, sanitize } from '../util/width.ts';
import { comparison } from './comparison.ts';
import { type Matcher, parseFilter, parseTyped } from './filter.ts';
import { Flashes } from './flashes.ts';
import { type Arrangement, type Layout, layoutOf, type Sort } from './layout.ts';
import { RowLine } from './row-line.ts';
import { type Block, Sequence } from './sequence.ts';

type Shown = Block<Entry, readonly Line[]>;

/**
 * `line` is drawn when it is asked for; `due`: when its text changes by itself next (ms since the epoch), because an
 * age in it ticks; `home`: the block of the shown lines it is in, undefined while the filter hides it; `round`: the last
 * comparison with all rows it was found in.
 */
type Entry = { row: Row; line: Line | undefined; due: number; home: Shown | undefined; round: number };

export type ViewOptions = Arrangement & {
  readonly sort: Sort | undefined;
  readonly filter: string;
  /** Rows that belong here at all, before the filter: names, owner. */
  readonly belongs: (row: Row) => boolean;
};

/**
 * Ages redrawn at one tick, in turn: 50,000 young pods change theirs every second, and drawing them all would keep
 * both processes busy for nothing. Up to this many rows every age is right to the second.
 */
const mostTicks = 2000;

/** The same where it is known which rows are on a screen: those are always right, the others come in turn. */
const unseenTicks = 50;
const unseenLooks = 2000;

const partsOf = ({ wide, hidden, order = [], only, limits = {}, room }: Arrangement): string =>
  JSON.stringify([wide, [...hidden], order, only === undefined ? null : [...only], limits, room ?? null]);

const rearranged = (before: Arrangement, after: Arrangement): boolean => partsOf(before) !== partsOf(after);

/** Entries that leave a sequence and entries that come into it. */
type Moves = { readonly removed: Set<Entry>; readonly added: Entry[] };

/** Rows in, keyed lines out: filter, sort, columns and time applied. Pure but for what it remembers of the last call. */
export class TableView {
  #columns: readonly Column[];
  #options: ViewOptions;
  readonly #entries = new Map<string, Entry>();
  #rowOrder = comparison(undefined, []);
  readonly #order = (a: Entry, b: Entry): number => this.#rowOrder(a.row, b.row);
  /** Every row that belongs here, in order; a filter only picks from it. */
  readonly #all = new Sequence<Entry, never>(this.#order);
  /** Those of them that match, in order. */
  readonly #shown = new Sequence<Entry, readonly Line[]>(this.#order, (entry, home) => {
    entry.home = home;
  });
  /** Positions on a screen, the last one included; undefined while nobody tells. */
  #viewport: { readonly first: number; readonly last: number } | undefined;
  #visible: ReadonlySet<Entry> | undefined;
  #tickFrom = 0;
  #round = 0;
  #matcher: Matcher;
  /** The last filter without a broken term. */
  #whole: string | undefined;
  #widths: number[] = [];
  #layout: Layout;
  readonly #flashes = new Flashes();
  /** Up to when the passing of time is in what matches. */
  #matchedAt: number;
  /** What was matched since, at other times: how its answer turned cannot be told from that time alone. */
  readonly #matchedLater = new Set<Entry>();
  #gen: number;
  #blocks: LineBlocks | undefined;
  #now: number;

  constructor(columns: readonly Column[], options: ViewOptions, now: number) {
    this.#columns = columns;
    this.#options = options;
    this.#now = now;
    // Later than that of any earlier session of the same view, so that its last frames are known as old.
    this.#gen = Math.floor(now);
    this.#matchedAt = now;
    this.#matcher = parseFilter(options.filter, columns);
    this.#layout = layoutOf(columns, options, this.#widths);
    this.#rowOrder = comparison(options.sort, columns);
  }

  get gen(): number {
    return this.#gen;
  }
  get layout(): Layout {
    return this.#layout;
  }
  get columns(): readonly Column[] {
    return this.#columns;
  }
  /** `total` counts the rows that belong here without the filter. */
  get counts(): { readonly shown: number; readonly total: number } {
    return { shown: this.#shown.length, total: this.#all.length };
  }
  /** Whether time alone changes what matches: `rematch` has work then. */
  get timed(): boolean {
    return this.#matcher.turned !== undefined;
  }
  get inactive(): readonly string[] {
    return this.#matcher.inactive;
  }

  /** When `fade` has something to do next (ms since the epoch). */
  get fadesAt(): number | undefined {
    return this.#flashes.next;
  }

  row(key: string): Row | undefined {
    return this.#entries.get(key)?.row;
  }

  /** Whether a row that is held is among those the filter lets through. */
  shows(row: Row): boolean {
    return this.#matcher.matches(row, this.#matchedAt);
  }

  /** In the order shown. */
  rows(): readonly Row[] {
    return this.#shown.toArray().map((entry) => entry.row);
  }

  lines(): readonly Line[] {
    return this.blocks().flat();
  }

  /** The lines; a block in which nothing changed is the same array as the last time. */
  blocks(): LineBlocks {
    this.#blocks ??= this.#shown.blocks.map((block) => {
      block.seen ??= block.items.map((entry) => {
        entry.line ??= new RowLine(entry.row, this.#layout, this.#now, this.#flashes.get(entry.row.key));
        return entry.line;
      });
      return block.seen;
    });
    return this.#blocks;
  }

  /** Everything afresh: other columns, another list. */
  rebuild(rows: Iterable<Row>, columns: readonly Column[], options: ViewOptions, now: number): void {
    if (columns !== this.#columns) this.#widths = [];
    this.#columns = columns;
    this.#now = now;
    this.#entries.clear();
    this.#flashes.clear();
    this.#layout = layoutOf(columns, options, this.#widths);
    const all: Entry[] = [];
    let grew = false;
    for (const row of rows) {
      if (!options.belongs(row) || this.#entries.has(row.key)) continue;
      grew = this.#widen(row) || grew;
      const entry = this.#entry(row);
      this.#entries.set(row.key, entry);
      all.push(entry);
    }
    this.#apply(options, now, all);
    if (grew) this.#relayout();
  }

  /** Another filter, order or choice of columns for the rows that are held. */
  change(options: ViewOptions, now: number): void {
    const before = this.#options;
    const moved = before.sort?.title !== options.sort?.title || before.sort?.descending !== options.sort?.descending;
    // What stood out would stand somewhere else now, which is no news.
    this.fade(Number.POSITIVE_INFINITY);
    this.#apply(options, now, moved ? this.#all.toArray() : undefined);
    if (rearranged(before, options)) {
      this.#measure();
      this.#relayout();
    }
  }

  /**
   * Shown again, with the rows as they are now: lines and their order are those of `rebuild`, without making again what
   * is as it was. False, and nothing is done, where it was made of other columns.
   */
  resume(rows: Iterable<Row>, columns: readonly Column[], options: ViewOptions, now: number): boolean {
    const same = columns.length === this.#columns.length && columns.every((column, at) => column === this.#columns[at]);
    if (!same) return false;
    const { changed, missing } = this.#compare(rows);
    this.#viewport = undefined;
    this.#tickFrom = 0;
    this.#whole = undefined;
    this.update(changed, missing, now);
    for (const { items } of this.#all.blocks) this.#age(items, Number.POSITIVE_INFINITY);
    this.#gen = Math.max(this.#gen, Math.floor(now));
    this.change(options, now);
    const before = this.#layout;
    this.#tighten();
    this.#layout = layoutOf(this.#columns, options, this.#widths);
    const asWide = before.shown.every(({ width }, at) => width === this.#layout.shown[at]?.width);
    if (asWide) this.#layout = before;
    else this.#relayout();
    return true;
  }

  /**
   * What changed since the last call; changed cells stand out for a while where `flash` says that they are news. True
   * where a line that is on a screen is another or stands elsewhere now.
   */
  update(upserted: Iterable<Row>, deleted: Iterable<string>, now: number, flash = false): boolean {
    this.#now = now;
    const seen = this.#seen();
    let disturbs = false;
    const moves = { removed: new Set<Entry>(), added: [] as Entry[] };
    const turns = { removed: new Set<Entry>(), added: [] as Entry[] };
    let grew = false;
    for (const key of deleted) {
      this.#flashes.forget(key);
      this.#drop(key, moves.removed);
    }
    for (const row of upserted) {
      const held = this.#entries.get(row.key);
      if (held?.row === row) continue;
      if (!this.#options.belongs(row)) {
        this.#drop(row.key, moves.removed);
        continue;
      }
      grew = this.#widen(row, held?.row) || grew;
      const matches = this.#options.filter === '' || this.#matcher.matches(row, now);
      const later = this.timed ? this.#matchedLater : undefined;
      if (held === undefined || this.#rowOrder(held.row, row) !== 0) {
        if (flash && held !== undefined) this.#note(held, row, now);
        this.#drop(row.key, moves.removed);
        const entry = this.#entry(row);
        this.#entries.set(row.key, entry);
        moves.added.push(entry);
        if (matches) turns.added.push(entry);
        later?.add(entry);
        continue;
      }
      later?.add(held);
      if (flash) this.#note(held, row, now);
      held.row = row;
      this.#redraw(held);
      disturbs ||= seen?.has(held) ?? true;
      if (held.home !== undefined && !matches) turns.removed.add(held);
      if (held.home === undefined && matches) turns.added.push(held);
    }
    disturbs = this.#move(moves, turns) || disturbs;
    if (grew) this.#relayout();
    return disturbs || grew;
  }

  /** Which lines are on a screen, counted from 0, the last one included: their ages are right to the second. */
  look(first: number, last: number): void {
    this.#viewport = { first, last };
    this.#visible = undefined;
  }

  /** Takes in and out those rows that a comparison with an age turned for; true when it did. */
  rematch(now: number): boolean {
    const { turned } = this.#matcher;
    const from = this.#matchedAt;
    this.#matchedAt = now;
    if (turned === undefined) return false;
    const late = [...this.#matchedLater].some(({ row, home }) => (home !== undefined) !== this.shows(row));
    this.#matchedLater.clear();
    const turns = ({ row }: Entry): boolean => turned(row, from, now);
    if (!late && !this.#all.blocks.some(({ items }) => items.some(turns))) return false;
    this.#now = now;
    this.#pick(now);
    return true;
  }

  /** Redraws rows whose ages changed, those on a screen first; true when there were any. */
  tick(now: number): boolean {
    this.#now = now;
    const seen = this.#age(this.#seen() ?? [], Number.POSITIVE_INFINITY);
    const known = this.#viewport !== undefined;
    const size = this.#shown.length;
    const looks = known ? Math.min(unseenLooks, size) : size;
    const from = this.#tickFrom < size ? this.#tickFrom : 0;
    const turn = [...this.#shown.slice(from, from + looks), ...this.#shown.slice(0, from + looks - size)];
    const most = known ? unseenTicks : mostTicks;
    const others = this.#age(turn, most);
    this.#tickFrom = size === 0 || (!known && others.changed < most) ? 0 : (from + others.looked) % size;
    if (seen.grew || others.grew) this.#relayout();
    return seen.changed + others.changed > 0;
  }

  /** The same for the rows on a screen only. */
  tickSeen(now: number): boolean {
    this.#now = now;
    const { changed, grew } = this.#age(this.#seen() ?? [], Number.POSITIVE_INFINITY);
    if (grew) this.#relayout();
    return changed > 0;
  }

  /** Ends what has stood out long enough; true when something did. Ages stay as they are. */
  fade(now: number): boolean {
    let changed = false;
    for (const key of this.#flashes.end(now)) {
      const entry = this.#entries.get(key);
      if (entry === undefined) continue;
      this.#dirty(entry);
      changed = true;
    }
    return changed;
  }

  /** Which of all rows are others than those held, and keys that are held of rows that are not among them. */
  #compare(rows: Iterable<Row>): { readonly changed: readonly Row[]; readonly missing: readonly string[] } {
    this.#round += 1;
    const changed: Row[] = [];
    let found = 0;
    for (const row of rows) {
      const held = this.#entries.get(row.key);
      if (held?.row !== row) changed.push(row);
      if (held === undefined || held.round === this.#round) continue;
      held.round = this.#round;
      found += 1;
    }
    if (found === this.#entries.size) return { changed, missing: [] };
    const missing = [...this.#entries].flatMap(([key, { round }]) => (round === this.#round ? [] : [key]));
    return { changed, missing };
  }

  #drop(key: string, removed: Set<Entry>): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    removed.add(entry);
    this.#matchedLater.delete(entry);
    this.#entries.delete(key);
  }

  /** True when lines on a screen are others or stand elsewhere now. */
  #move(moves: Moves, turns: Moves): boolean {
    if (moves.removed.size > 0 || moves.added.length > 0) this.#all.change(moves.removed, moves.added);
    const leaving = moves.removed.size === 0 ? turns.removed : new Set([...moves.removed, ...turns.removed]);
    if (leaving.size === 0 && turns.added.length === 0) return false;
    const disturbs = this.#touchesScreen(leaving) || this.#touchesScreen(turns.added);
    this.#shown.change(leaving, turns.added);
    this.#blocks = undefined;
    this.#visible = undefined;
    return disturbs;
  }

  /** Whether one of these entries is not below every screen. */
  #touchesScreen(entries: Iterable<Entry>): boolean {
    if (this.#viewport === undefined) return true;
    const { first, last } = this.#viewport;
    if (last < first) return false;
    const [bottom] = this.#shown.slice(last, last + 1);
    if (bottom === undefined) return true;
    for (const entry of entries) if (this.#order(entry, bottom) <= 0) return true;
    return false;
  }

  /** Entries on a screen; undefined while nobody tells which those are. */
  #seen(): ReadonlySet<Entry> | undefined {
    if (this.#viewport === undefined) return undefined;
    this.#visible ??= new Set(this.#shown.slice(this.#viewport.first, this.#viewport.last + 1));
    return this.#visible;
  }

  /** What nobody sees need not stand out. */
  #note(held: Entry, row: Row, now: number): void {
    if (this.#seen()?.has(held) ?? true) this.#flashes.note(this.#columns, held.row, row, now);
  }

  #age(entries: Iterable<Entry>, most: number): { changed: number; looked: number; grew: boolean } {
    let changed = 0;
    let looked = 0;
    let grew = false;
    for (const entry of entries) {
      if (changed >= most) break;
      looked += 1;
      if (entry.due > this.#now) continue;
      grew = this.#widen(entry.row) || grew;
      this.#redraw(entry);
      changed += 1;
    }
    return { changed, looked, grew };
  }

  #redraw(entry: Entry): void {
    entry.due = this.#due(entry.row);
    this.#dirty(entry);
  }

  #dirty(entry: Entry): void {
    entry.line = undefined;
    if (entry.home === undefined) return;
    entry.home.seen = undefined;
    this.#blocks = undefined;
  }

  /** `moved`: all rows, where they have to be sorted. */
  #apply(options: ViewOptions, now: number, moved: Entry[] | undefined): void {
    this.#options = options;
    this.#now = now;
    this.#matchedAt = now;
    this.#matchedLater.clear();
    this.#gen += 1;
    this.#matcher = parseTyped(options.filter, this.#whole, this.#columns);
    if (!this.#matcher.broken) this.#whole = options.filter;
    this.#rowOrder = comparison(options.sort, this.#columns);
    if (moved !== undefined) this.#all.reset(moved.sort(this.#order));
    this.#pick(now);
  }

  #pick(now: number): void {
    const { matches } = this.#matcher;
    const all = this.#all.toArray();
    this.#shown.reset(this.#options.filter === '' ? all : all.filter(({ row }) => matches(row, now)));
    this.#blocks = undefined;
    this.#visible = undefined;
  }

  /** Columns that come into view bring the widths of all their cells. */
  #measure(): void {
    this.#layout = layoutOf(this.#columns, this.#options, this.#widths);
    for (const { row } of this.#entries.values()) this.#widen(row);
  }

  /**
   * Widths as if all were measured anew: of a column in view that of the widest cell there is now, of others none. What
   * is held is never too small, so that the first cell as wide ends the search in its column.
   */
  #tighten(): void {
    const held = this.#widths;
    const columns = this.#layout.shown.map(({ column, index }) => ({ column, index, width: 0 }));
    let open = columns;
    for (const { row } of this.#entries.values()) {
      if (open.length === 0) break;
      let found = false;
      for (const each of open) {
        const cell = row.cells[each.index];
        if (cell === undefined) continue;
        const width = displayWidth(sanitize(cellText(cell, each.column, this.#now)));
        each.width = Math.max(each.width, width);
        found ||= each.width >= (held[each.index] ?? 0);
      }
      if (found) open = open.filter(({ index, width }) => width < (held[index] ?? 0));
    }
    this.#widths = [];
    for (const { index, width } of columns) this.#widths[index] = width;
  }

  #entry(row: Row): Entry {
    return { row, line: undefined, due: this.#due(row), home: undefined, round: this.#round };
  }

  #due(row: Row): number {
    let due = Number.POSITIVE_INFINITY;
    for (let index = 0; index < this.#columns.length; index++) {
      const at = row.cells[index]?.at;
      if (at !== undefined && this.#columns[index]?.time !== undefined) {
        due = Math.min(due, nextDurationChange(at, this.#now));
      }
    }
    return due;
  }

  /** Cells that are those of `before` have been measured already. */
  #widen(row: Row, before?: Row): boolean {
    let grew = false;
    for (const { column, index, width } of this.#layout.shown) {
      const cell = row.cells[index];
      if (cell === undefined || cell === before?.cells[index]) continue;
      const needed = displayWidth(sanitize(cellText(cell, column, this.#now)));
      if (needed <= width || needed <= (this.#widths[index] ?? 0)) continue;
      this.#widths[index] = needed;
      grew = true;
    }
    return grew;
  }

  #relayout(): void {
    this.#layout = layoutOf(this.#columns, this.#options, this.#widths);
    for (const entry of this.#entries.values()) entry.line = undefined;
    for (const block of this.#shown.blocks) block.seen = undefined;
    this.#blocks = undefined;
  }
}
