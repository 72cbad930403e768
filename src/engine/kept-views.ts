import type { Query } from '../protocol/wire.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../util/clock.ts';
import type { TableView } from '../view/table-view.ts';

/** As long as a store outlives its last user. */
const keptMs = 60_000;

/** What a table is of: a query and the stores it is read from. */
type Of = { readonly query: Query; readonly held: readonly { readonly store: Store }[] };

/** The order, widths and lines of tables that were closed, for who opens one of the same rows again soon. */
export interface KeptViews {
  keep(of: Of, view: TableView): void;
  /** Hands over the view of the same rows, as they were when it was closed. */
  take(of: Of): TableView | undefined;
}

/** Only a table of all rows of one store serves others. */
const wholeOf = ({ query: { names, owner }, held: [only, other] }: Of): Store | undefined =>
  other === undefined && names === undefined && owner === undefined ? only?.store : undefined;

/** One for each store: the last one closed. Nothing is done for it until somebody takes it. */
export const createKeptViews = (clock: Clock): KeptViews => {
  const kept = new Map<Store, { readonly view: TableView; readonly cancel: () => void }>();
  const take = (of: Of): TableView | undefined => {
    const store = wholeOf(of);
    const found = store === undefined ? undefined : kept.get(store);
    if (store !== undefined) kept.delete(store);
    found?.cancel();
    return found?.view;
  };
  return {
    keep: (of, view) => {
      take(of);
      const store = wholeOf(of);
      if (store === undefined) return;
      kept.set(store, { view, cancel: clock.after(keptMs, () => void kept.delete(store)) });
    },
    take,
  };
};
