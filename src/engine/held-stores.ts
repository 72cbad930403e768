import type { Freshness } from '../protocol/freshness.ts';
import type { Column } from '../protocol/row.ts';
import type { Coverage, Store } from '../store/store.ts';
import { worst } from '../view/state-text.ts';

/** A store in use; `release` hands it back. */
export type HeldStore = { readonly store: Store; readonly release: () => void; readonly reconnect: () => void };

/** What the stores of a view were when its rows were taken from them. */
export type Taken = {
  readonly phase: Freshness['phase'];
  /** Some of the rows are of a list that is still coming, whatever is worse elsewhere. */
  readonly partial: boolean;
  readonly coverage: Coverage | undefined;
  readonly missing: readonly string[];
  readonly unsure: readonly string[];
};

export const freshnessOf = (held: readonly HeldStore[]): Freshness => worst(held.map(({ store }) => store.freshness));

export const takenFrom = (held: readonly HeldStore[]): Taken => ({
  phase: freshnessOf(held).phase,
  partial: held.some(({ store }) => store.freshness.phase === 'loading'),
  coverage: held[0]?.store.coverage,
  missing: held.flatMap(({ store }) => store.missing ?? []),
  unsure: held.flatMap(({ store }) => store.unsure ?? []),
});

/** Of several stores the one that knows most: one that is forbidden never learns the server's columns. */
export const columnsOf = (held: readonly HeldStore[]): readonly Column[] =>
  held.reduce<readonly Column[]>((best, { store }) => (store.columns.length > best.length ? store.columns : best), []);
