import type { Column } from '../protocol/row.ts';
import { graphemes } from '../util/graphemes.ts';
import { displayWidth } from '../util/width.ts';

/** A column and the cells it takes. */
export type Sized = { readonly column: Column; readonly width: number };

/** What says which object it is. */
const isName = ({ title }: Column): boolean => title === 'NAME' || title === 'NAMESPACE';

const isText = ({ align, time }: Column): boolean => align !== 'right' && time === undefined;

/** Who gives way first, and down to how many cells; most names stay whole enough to be searched for. */
const rounds: readonly { readonly gives: (column: Column) => boolean; readonly least: number }[] = [
  { gives: ({ title }) => title === 'NAME', least: 30 },
  { gives: ({ title }) => title === 'NAMESPACE', least: 12 },
  { gives: ({ title }) => title === 'NAME', least: 20 },
  { gives: (column) => isText(column) && !isName(column), least: 20 },
  // How long ago a container restarted is told by the hover as well.
  { gives: ({ time }) => time === 'ago', least: 8 },
];

/** In less, which is less than half of 80 columns, nobody reads a table; texts are then shown whole. */
const leastRoom = 32;

/** A text at the end may run out of the window: so much of it is enough to see what it is about. */
const beginning = 20;

/** The columns everybody wants to see at once: those kubectl shows without -o wide, or else those that were asked for. */
const lastNeeded = (columns: readonly Sized[]): number => {
  const last = columns.findLastIndex(({ column }) => column.wide !== true && column.extra !== true);
  return last < 0 ? columns.length - 1 : last;
};

/** Takes up to `excess` cells from the columns of a round, the widest first; returns what is still too much. */
const take = (
  widths: number[],
  columns: readonly Sized[],
  { gives, least }: (typeof rounds)[number],
  excess: number,
) => {
  const givers = columns
    .flatMap(({ column }, index) => (gives(column) ? [index] : []))
    .sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
  let rest = excess;
  for (const index of givers) {
    const { column } = columns[index] as Sized;
    const width = widths[index] as number;
    const given = Math.min(rest, Math.max(0, width - Math.max(least, displayWidth(column.title))));
    widths[index] = width - given;
    rest -= given;
  }
  return rest;
};

/**
 * Widths with which the columns of every day, the age among them, are on a screen of `room` cells, or as many of them
 * as can be; the widths as they are where they fit.
 */
export const squeeze = (columns: readonly Sized[], room: number, gap: number): readonly number[] => {
  const widths = columns.map(({ width }) => width);
  const last = lastNeeded(columns);
  const end = columns[last];
  if (end === undefined || room < leastRoom) return widths;
  const runsOut = isText(end.column) && !isName(end.column);
  const before = columns.slice(0, last);
  const needed = runsOut ? Math.min(end.width, Math.max(beginning, displayWidth(end.column.title))) : end.width;
  let excess = before.reduce((sum, { width }) => sum + width + gap, needed) - room;
  for (const round of rounds) {
    if (excess <= 0) break;
    excess = take(widths, runsOut ? before : columns.slice(0, last + 1), round, excess);
  }
  return widths;
};

const ellipsis = '…';

/** How many letters from the start fit into `width` cells; no letter is halved. */
const fitting = (letters: readonly string[], width: number): number => {
  let used = 0;
  for (const [count, letter] of letters.entries()) {
    used += displayWidth(letter);
    if (used > width) return count;
  }
  return letters.length;
};

const ascii = /^[ -~]*$/;

/**
 * A text in at most `width` cells: words are cut at their end, a name in its middle, because its end tells more: pods
 * of one workload differ in their last five letters, images in their tag.
 */
export const cutTo = (text: string, width: number): string => {
  if (displayWidth(text) <= width) return text;
  const tail = width < 12 || text.includes(' ') ? 0 : Math.max(6, Math.floor(width / 3));
  if (ascii.test(text)) return text.slice(0, width - 1 - tail) + ellipsis + text.slice(text.length - tail);
  const letters = graphemes(text);
  const end = letters.slice(letters.length - fitting(letters.toReversed(), tail)).join('');
  const start = letters.slice(0, fitting(letters, width - 1 - displayWidth(end))).join('');
  return start + ellipsis + end;
};
