import type { Column } from '../protocol/row.ts';
import type { LayoutColumn } from '../protocol/wire.ts';
import { displayWidth } from '../util/width.ts';

export type ShownColumn = { readonly column: Column; readonly index: number; readonly width: number };

/** The columns of a view with their widths; a new object whenever any of it changes. */
export type Layout = { readonly shown: readonly ShownColumn[] };

export type Sort = { readonly title: string; readonly descending: boolean };

const gap = '  ';

/** Ages grow from `5s` to `2y364d`: room for the usual ones spares later shifts of all columns. */
const minimum = (column: Column): number => Math.max(displayWidth(column.title), column.time === 'age' ? 4 : 0);

/** Widths never shrink while a view lives: columns that jump cannot be read. */
export const layoutOf = (
  columns: readonly Column[],
  options: { readonly wide: boolean; readonly hidden: ReadonlySet<string> },
  widths: readonly number[],
): Layout => ({
  shown: columns.flatMap((column, index) => {
    if (options.hidden.has(column.title) || (column.wide === true && !options.wide)) return [];
    return [{ column, index, width: Math.max(minimum(column), widths[index] ?? 0) }];
  }),
});

const marker = (sort: Sort, title: string): string => {
  if (sort.title !== title) return '';
  return sort.descending ? '▼' : '▲';
};

const pad = (text: string, width: number, align: 'left' | 'right'): string => {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? blanks + text : text + blanks;
};

/** The winbar's text and where each column starts, in display cells. */
export const titlesOf = (layout: Layout, sort: Sort): { titles: string; columns: readonly LayoutColumn[] } => {
  const columns: LayoutColumn[] = [];
  let titles = '';
  let start = 0;
  for (const { column, width } of layout.shown) {
    const align = column.align ?? 'left';
    const mark = marker(sort, column.title);
    // The marker stands in the gap or the cell's free room, so that sorting never shifts a column.
    const title = align === 'right' ? pad(column.title, width, 'right') + mark : column.title + mark;
    columns.push({ title: column.title, start, width, align });
    titles += pad(title, width + gap.length, 'left');
    start += width + gap.length;
  }
  return { titles: titles.trimEnd(), columns };
};

export const columnGap = gap;
