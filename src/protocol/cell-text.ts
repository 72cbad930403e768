import { humanDuration } from '../util/duration.ts';
import { compareValues } from '../util/natural-compare.ts';
import type { Cell, Column } from './row.ts';

/** What a cell shows at `now`; the text of a cell without `at` never changes. */
export const cellText = (cell: Cell, column: Column, now: number): string => {
  if (cell.at === undefined || column.time === undefined) return cell.text;
  const elapsed = humanDuration(now - cell.at);
  return column.time === 'age' ? elapsed : `${cell.text} (${elapsed} ago)`;
};

/**
 * Ascending order of two cells of one column: by value, absent last. An age rises as its time falls, so cells of
 * an 'age' column come youngest first.
 */
export const compareCells = (a: Cell, b: Cell, column: Column): number => {
  if (column.time !== 'age' || a.at === undefined || b.at === undefined) return compareValues(a.value, b.value);
  return b.at - a.at;
};
