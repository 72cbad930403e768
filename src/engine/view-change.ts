import type { Params } from '../protocol/wire.ts';
import type { Sort } from '../view/layout.ts';
import type { ViewOptions } from '../view/table-view.ts';

/** A new column sorts ascending, the current one again turns, a third time returns to the order by name. */
export const nextSort = (now: Sort | undefined, title: string): Sort | undefined => {
  if (now?.title !== title) return { title, descending: false };
  return now.descending ? undefined : { title, descending: true };
};

/** A window without cells is none: texts are shown whole. */
export const roomOf = (width: number | undefined): number | undefined => (width === 0 ? undefined : width);

/** Whether rows that are held are shown in another way. */
export const isArrangement = (params: Params<'view.update'>): boolean => {
  const { sort, order, filter, wide, hidden, columns, width } = params;
  return [sort, order, filter, wide, hidden, columns, width].some((part) => part !== undefined);
};

/** How a table is shown after an update of it. */
export const changedOptions = (before: ViewOptions, params: Params<'view.update'>): ViewOptions => {
  const order = params.order ?? before.sort;
  return {
    ...before,
    sort: params.sort === undefined ? order : nextSort(order, params.sort),
    filter: params.filter ?? before.filter,
    wide: params.wide ?? before.wide,
    hidden: params.hidden === undefined ? before.hidden : new Set(params.hidden),
    order: params.columns ?? before.order ?? [],
    room: params.width === undefined ? before.room : roomOf(params.width),
  };
};
