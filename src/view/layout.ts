import type { Column } from '../protocol/row.ts';
import type { LayoutColumn } from '../protocol/wire.ts';
import { displayWidth } from '../util/width.ts';
import { squeeze } from './squeeze.ts';

export type ShownColumn = { readonly column: Column; readonly index: number; readonly width: number };

/** The columns of a view with their widths; a new object whenever any of it changes. */
export type Layout = { readonly shown: readonly ShownColumn[] };

export type Sort = { readonly title: string; readonly descending: boolean };

const gap = '  ';

/** Ages grow from `5s` to `2y364d`: room for the usual ones spares later shifts of all columns. */
const minimum = (column: Column): number => Math.max(displayWidth(column.title), column.time === 'age' ? 4 : 0);

/** How the user wants the columns of a view. */
export type Arrangement = {
  readonly wide: boolean;
  readonly hidden: ReadonlySet<string>;
  /** Titles that come first, in this order; the others follow as they are. */
  readonly order?: readonly string[];
  /** Nothing else is shown unless `wide` is. */
  readonly only?: ReadonlySet<string>;
  /** Most cells a column takes, by title. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Cells of the window; absent: columns are as wide as their texts. */
  readonly room?: number | undefined;
};

const inOrder = <T extends { readonly column: Column }>(
  shown: readonly T[],
  order: readonly string[],
): readonly T[] => {
  if (order.length === 0) return shown;
  const place = ({ column }: T): number => (order.includes(column.title) ? order.indexOf(column.title) : order.length);
  return [...shown].sort((a, b) => place(a) - place(b));
};

/** Widths never shrink while a view lives, unless its window does: columns that jump cannot be read. */
export const layoutOf = (columns: readonly Column[], options: Arrangement, widths: readonly number[]): Layout => {
  const { wide, hidden, order = [], only, limits = {}, room } = options;
  const all = columns.flatMap((column, index) => {
    // Who names a wide column in the order wants to see it.
    if (hidden.has(column.title) || (column.wide === true && !wide && !order.includes(column.title))) return [];
    if (only !== undefined && !wide && !only.has(column.title) && !order.includes(column.title)) return [];
    const most = limits[column.title] ?? Number.POSITIVE_INFINITY;
    const width = Math.max(minimum(column), Math.min(most, widths[index] ?? 0));
    return [{ column, index, width }];
  });
  const shown = inOrder(all, order);
  if (room === undefined) return { shown };
  const fitted = squeeze(shown, room, gap.length);
  return { shown: shown.map((each, position) => ({ ...each, width: fitted[position] ?? each.width })) };
};

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
