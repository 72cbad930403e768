import { cellText, compareCells } from '../protocol/cell-text.ts';
import type { Line } from '../protocol/line.ts';
import type { Cell, Column, Row } from '../protocol/row.ts';
import { nextDurationChange } from '../util/duration.ts';
import { displayWidth, sanitize } from '../util/width.ts';
import { type Matcher, parseFilter } from './filter.ts';
import { Flashes } from './flashes.ts';
import { type Arrangement, type Layout, layoutOf, type Sort } from './layout.ts';
import { type Compare, reorder } from './order.ts';
import { RowLine } from './row-line.ts';

/** `due`: when the text changes by itself next (ms since the epoch), because an age in it ticks. */
type Entry = { readonly row: Row; line: Line; due: number };

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

const rearranged = (before: Arrangement, after: Arrangement): boolean =>
  (['wide', 'hidden', 'order', 'limits', 'room'] as const).some((part) => before[part] !== after[part]);

const noCell: Cell = { text: '', value: undefined };

const isAbsent = (cell: Cell): boolean => cell.value === undefined && cell.at === undefined;

const byName: Compare<Entry> = ({ row: a }, { row: b }) => {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
};

/** Rows in, keyed lines out: filter, sort, columns and time applied. Pure but for what it remembers of the last call. */
export class TableView {
  #columns: readonly Column[];
  #options: ViewOptions;
  readonly #entries = new Map<string, Entry>();
  /** Every row that belongs here, in order; a filter only picks from it. */
  #all: readonly Entry[] = [];
  /** Those of them that match, in order. */
  #sorted: readonly Entry[] = [];
  #tickFrom = 0;
  #matcher: Matcher;
  #compare: Compare<Entry> = byName;
  #widths: number[] = [];
  #layout: Layout;
  readonly #flashes = new Flashes();
  /** Up to when the passing of time is in what matches. */
  #matchedAt: number;
  #gen: number;
  #lines: readonly Line[] | undefined;
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
    this.#compare = this.#comparison();
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
    return { shown: this.#sorted.length, total: this.#all.length };
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
    return this.#sorted.map((entry) => entry.row);
  }

  lines(): readonly Line[] {
    this.#lines ??= this.#sorted.map((entry) => entry.line);
    return this.#lines;
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
    this.#all = all;
    this.#apply(options, now, true);
    if (grew) this.#relayout();
  }

  /** Another filter, order or choice of columns for the rows that are held. */
  change(options: ViewOptions, now: number): void {
    const before = this.#options;
    const moved = before.sort?.title !== options.sort?.title || before.sort?.descending !== options.sort?.descending;
    // What stood out would stand somewhere else now, which is no news.
    this.fade(Number.POSITIVE_INFINITY);
    this.#apply(options, now, moved);
    if (rearranged(before, options)) {
      this.#measure();
      this.#relayout();
    }
  }

  /** What changed since the last call; changed cells stand out for a while where `flash` says that they are news. */
  update(upserted: Iterable<Row>, deleted: Iterable<string>, now: number, flash = false): void {
    this.#now = now;
    const removed = new Set<Entry>();
    const added: Entry[] = [];
    let grew = false;
    const drop = (key: string): void => {
      const entry = this.#entries.get(key);
      if (entry === undefined) return;
      removed.add(entry);
      this.#entries.delete(key);
    };
    for (const key of deleted) {
      this.#flashes.forget(key);
      drop(key);
    }
    for (const row of upserted) {
      const old = this.#entries.get(row.key);
      if (old?.row === row) continue;
      drop(row.key);
      if (!this.#options.belongs(row)) continue;
      grew = this.#widen(row) || grew;
      if (flash && old !== undefined) this.#flashes.note(this.#columns, old.row, row, now);
      const entry = this.#entry(row);
      this.#entries.set(row.key, entry);
      added.push(entry);
    }
    if (removed.size === 0 && added.length === 0) return;
    const whole = this.#sorted === this.#all;
    this.#all = reorder(this.#all, removed, added, this.#compare);
    this.#sorted = whole
      ? this.#all
      : reorder(
          this.#sorted,
          removed,
          added.filter(({ row }) => this.#matcher.matches(row, now)),
          this.#compare,
        );
    if (grew) this.#relayout();
    this.#lines = undefined;
  }

  /** Takes in and out those rows that a comparison with an age turned for; true when it did. */
  rematch(now: number): boolean {
    const { turned } = this.#matcher;
    const from = this.#matchedAt;
    this.#matchedAt = now;
    if (turned === undefined || !this.#all.some(({ row }) => turned(row, from, now))) return false;
    this.#now = now;
    this.#pick(now);
    return true;
  }

  /** Redraws the rows whose ages changed; true when there were any. */
  tick(now: number): boolean {
    this.#now = now;
    const size = this.#sorted.length;
    let changed = 0;
    let grew = false;
    let looked = 0;
    for (; looked < size && changed < mostTicks; looked++) {
      const entry = this.#sorted[(this.#tickFrom + looked) % size] as Entry;
      if (entry.due > now) continue;
      grew = this.#widen(entry.row) || grew;
      entry.line = this.#line(entry.row);
      entry.due = this.#due(entry.row);
      changed += 1;
    }
    this.#tickFrom = changed < mostTicks ? 0 : (this.#tickFrom + looked) % size;
    if (grew) this.#relayout();
    if (changed > 0) this.#lines = undefined;
    return changed > 0;
  }

  /** Ends what has stood out long enough; true when something did. Ages stay as they are. */
  fade(now: number): boolean {
    let changed = false;
    for (const key of this.#flashes.end(now)) {
      const entry = this.#entries.get(key);
      if (entry === undefined) continue;
      entry.line = this.#line(entry.row);
      changed = true;
    }
    if (changed) this.#lines = undefined;
    return changed;
  }

  #apply(options: ViewOptions, now: number, sort: boolean): void {
    this.#options = options;
    this.#now = now;
    this.#matchedAt = now;
    this.#gen += 1;
    this.#matcher = parseFilter(options.filter, this.#columns);
    this.#compare = this.#comparison();
    if (sort) this.#all = [...this.#all].sort(this.#compare);
    this.#pick(now);
  }

  #pick(now: number): void {
    const { matches } = this.#matcher;
    this.#sorted = this.#options.filter === '' ? this.#all : this.#all.filter(({ row }) => matches(row, now));
    this.#lines = undefined;
  }

  /** Columns that come into view bring the widths of all their cells. */
  #measure(): void {
    this.#layout = layoutOf(this.#columns, this.#options, this.#widths);
    for (const { row } of this.#all) this.#widen(row);
  }

  #comparison(): Compare<Entry> {
    const sort = this.#options.sort;
    const index = this.#columns.findIndex((column) => column.title === sort?.title);
    const column = this.#columns[index];
    if (sort === undefined || column === undefined) return byName;
    const sign = sort.descending ? -1 : 1;
    return (a, b) => {
      const left = a.row.cells[index] ?? noCell;
      const right = b.row.cells[index] ?? noCell;
      const difference = compareCells(left, right, column);
      if (difference === 0) return byName(a, b);
      // Absent values stay last in both directions.
      return isAbsent(left) || isAbsent(right) ? difference : sign * difference;
    };
  }

  #line(row: Row): Line {
    return new RowLine(row, this.#layout, this.#now, this.#flashes.get(row.key));
  }

  #entry(row: Row): Entry {
    return { row, line: this.#line(row), due: this.#due(row) };
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

  #widen(row: Row): boolean {
    let grew = false;
    for (const { column, index, width } of this.#layout.shown) {
      const cell = row.cells[index];
      if (cell === undefined) continue;
      const needed = displayWidth(sanitize(cellText(cell, column, this.#now)));
      if (needed <= width || needed <= (this.#widths[index] ?? 0)) continue;
      this.#widths[index] = needed;
      grew = true;
    }
    return grew;
  }

  #relayout(): void {
    this.#layout = layoutOf(this.#columns, this.#options, this.#widths);
    for (const entry of this.#all) entry.line = this.#line(entry.row);
    this.#lines = undefined;
  }
}
