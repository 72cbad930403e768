import { cellText } from '../protocol/cell-text.ts';
import type { Line } from '../protocol/line.ts';
import type { Health, Row } from '../protocol/row.ts';
import { type Style, styleIndex } from '../protocol/styles.ts';
import { displayWidth, sanitize } from '../util/width.ts';
import { columnGap, type Layout } from './layout.ts';

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

const draw = (row: Row, { shown }: Layout, now: number): { text: string; code: string } => {
  let text = '';
  let bytes = 0;
  let code = '';
  for (let position = 0; position < shown.length; position++) {
    const { column, index, width } = shown[position] as Layout['shown'][number];
    const cell = row.cells[index];
    const content = cell === undefined ? '' : sanitize(cellText(cell, column, now));
    const contentWidth = displayWidth(content);
    const room = blank(Math.max(0, width - contentWidth));
    const right = column.align === 'right';
    if (right) {
      text += room;
      bytes += room.length;
    }
    const size = Buffer.byteLength(content);
    if (cell?.style !== undefined && size > 0) code += `${bytes},${bytes + size},${styleIndex(cell.style)};`;
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
  #drawn: { text: string; code: string } | undefined;

  constructor(row: Row, layout: Layout, now: number) {
    this.key = row.key;
    this.#row = row;
    this.#layout = layout;
    this.#now = now;
  }

  get text(): string {
    this.#drawn ??= draw(this.#row, this.#layout, this.#now);
    return this.#drawn.text;
  }

  get code(): string {
    this.#drawn ??= draw(this.#row, this.#layout, this.#now);
    return this.#drawn.code;
  }
}
