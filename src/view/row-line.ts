import { cellText } from '../protocol/cell-text.ts';
import type { Line } from '../protocol/line.ts';
import type { Cell, Column, Health, Row } from '../protocol/row.ts';
import { type Style, styleIndex } from '../protocol/styles.ts';
import { displayWidth, sanitize } from '../util/width.ts';
import type { Flash } from './flashes.ts';
import { columnGap, type Layout } from './layout.ts';
import { cutTo } from './squeeze.ts';

const rowStyles: Readonly<Record<Health, Style | undefined>> = {
  ok: undefined,
  unknown: undefined,
  pending: 'KubectlPending',
  warning: 'KubectlWarning',
  error: 'KubectlError',
  done: 'KubectlDone',
};

const blanks = Array.from({ length: 256 }, (_, width) => ' '.repeat(width));
const blank = (width: number): string => blanks[width] ?? ' '.repeat(width);

/** A row is new this long. */
const freshMs = 60_000;

const isFresh = (row: Row, cell: Cell, column: Column, now: number): boolean =>
  column.time === 'age' && cell.at !== undefined && cell.at === row.created && now - cell.at < freshMs;

const draw = (row: Row, { shown }: Layout, now: number, changed: Flash | undefined): { text: string; code: string } => {
  let text = '';
  let bytes = 0;
  let code = '';
  for (let position = 0; position < shown.length; position++) {
    const { column, index, width } = shown[position] as Layout['shown'][number];
    const cell = row.cells[index];
    let content = cell === undefined ? '' : sanitize(cellText(cell, column, now));
    let contentWidth = displayWidth(content);
    if (contentWidth > width) {
      content = cutTo(content, width);
      contentWidth = displayWidth(content);
    }
    const room = blank(Math.max(0, width - contentWidth));
    const right = column.align === 'right';
    if (right) {
      text += room;
      bytes += room.length;
    }
    const size = Buffer.byteLength(content);
    if (cell !== undefined && size > 0) {
      let style = cell.style;
      if (changed?.has(index)) style = 'KubectlChanged';
      else if (isFresh(row, cell, column, now)) style = 'KubectlFresh';
      if (style !== undefined) code += `${bytes},${bytes + size},${styleIndex(style)};`;
    }
    text += content;
    bytes += size;
    if (position === shown.length - 1) continue;
    const tail = right ? columnGap : room + columnGap;
    text += tail;
    bytes += tail.length;
  }
  const trimmed = text.trimEnd();
  const end = bytes - (text.length - trimmed.length);
  const rowStyle = rowStyles[row.health];
  if (rowStyle !== undefined) code = `0,${end},${styleIndex(rowStyle)};${code}`;
  return { text: trimmed, code };
};

/** A row drawn for one layout at one time; drawn on first reading, because most rows of a big view are never read again. */
export class RowLine implements Line {
  readonly key: string;
  readonly #row: Row;
  readonly #layout: Layout;
  readonly #now: number;
  readonly #changed: Flash | undefined;
  #drawn: { text: string; code: string } | undefined;

  constructor(row: Row, layout: Layout, now: number, changed?: Flash) {
    this.key = row.key;
    this.#row = row;
    this.#layout = layout;
    this.#now = now;
    this.#changed = changed;
  }

  get text(): string {
    this.#drawn ??= draw(this.#row, this.#layout, this.#now, this.#changed);
    return this.#drawn.text;
  }

  get code(): string {
    this.#drawn ??= draw(this.#row, this.#layout, this.#now, this.#changed);
    return this.#drawn.code;
  }
}
