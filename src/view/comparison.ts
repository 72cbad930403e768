import { compareCells } from '../protocol/cell-text.ts';
import type { Cell, Column, Row } from '../protocol/row.ts';
import type { Sort } from './layout.ts';
import type { Compare } from './sequence.ts';

const noCell: Cell = { text: '', value: undefined };

const isAbsent = (cell: Cell): boolean => cell.value === undefined && cell.at === undefined;

const byName: Compare<Row> = (a, b) => {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
};

/** The order of rows for a choice of column, ties by name; total, because names tie by key. */
export const comparison = (sort: Sort | undefined, columns: readonly Column[]): Compare<Row> => {
  const index = columns.findIndex((column) => column.title === sort?.title);
  const column = columns[index];
  if (sort === undefined || column === undefined) return byName;
  const sign = sort.descending ? -1 : 1;
  return (a, b) => {
    const left = a.cells[index] ?? noCell;
    const right = b.cells[index] ?? noCell;
    const difference = compareCells(left, right, column);
    if (difference === 0) return byName(a, b);
    // Absent values stay last in both directions.
    return isAbsent(left) || isAbsent(right) ? difference : sign * difference;
  };
};
