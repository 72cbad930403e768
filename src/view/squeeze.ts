import type { Column } from '../protocol/row.ts';
import { displayWidth } from '../util/width.ts';

/** A column and the cells it takes. */
export type Sized = { readonly column: Column; readonly width: number };

/** Names and namespaces are known by their ends: pods of one workload differ in their last five letters. */
const keepsTail = ({ title }: Column): boolean => title === 'NAME' || title === 'NAMESPACE';

const isText = ({ align, time }: Column): boolean => align !== 'right' && time === undefined;

/** Who gives way first, and down to how many cells; most names stay whole enough to be searched for. */
const rounds: readonly { readonly gives: (column: Column) => boolean; readonly least: number }[] = [
  { gives: ({ title }) => title === 'NAME', least: 30 },
  { gives: ({ title }) => title === 'NAMESPACE', least: 12 },
  { gives: ({ title }) => title === 'NAME', least: 20 },
  { gives: (column) => isText(column) && !keepsTail(column), least: 20 },
];

/** The columns everybody wants to see at once: those kubectl shows without -o wide. */
const lastNeeded = (columns: readonly Sized[]): number => columns.findLastIndex(({ column }) => column.wide !== true);

/**
 * Widths with which the columns of every day, the age among them, are on a screen of `room` cells; the widths as
 * they are where they fit, or where nothing would make them fit.
 */
export const squeeze = (columns: readonly Sized[], room: number, gap: number): readonly number[] => {
  const widths = columns.map(({ width }) => width);
  const last = lastNeeded(columns);
  let excess = widths.slice(0, last + 1).reduce((sum, width) => sum + width + gap, -gap) - room;
  if (excess <= 0 || last < 0) return widths;
  for (const { gives, least } of rounds) {
    // The widest gives first, so that the others stay as they are for as long as may be.
    const givers = columns
      .flatMap(({ column }, index) => (index <= last && gives(column) ? [index] : []))
      .sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
    for (const index of givers) {
      const { column } = columns[index] as Sized;
      const width = widths[index] as number;
      const given = Math.min(excess, Math.max(0, width - Math.max(least, displayWidth(column.title))));
      widths[index] = width - given;
      excess -= given;
    }
    if (excess <= 0) return widths;
  }
  return columns.map(({ width }) => width);
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

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const ascii = /^[ -~]*$/;

/** A text in at most `width` cells: cut at its end, or in its middle where the end tells more. */
export const cutTo = (text: string, width: number, column: Column): string => {
  if (displayWidth(text) <= width) return text;
  const tail = keepsTail(column) && width >= 12 ? Math.max(6, Math.floor(width / 3)) : 0;
  if (ascii.test(text)) return text.slice(0, width - 1 - tail) + ellipsis + text.slice(text.length - tail);
  const letters = [...segmenter.segment(text)].map(({ segment }) => segment);
  const end = letters.slice(letters.length - fitting(letters.toReversed(), tail)).join('');
  const start = letters.slice(0, fitting(letters, width - 1 - displayWidth(end))).join('');
  return start + ellipsis + end;
};
