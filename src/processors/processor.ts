import type { Decoded } from '../decode/decoded.ts';
import type { Column, Row } from '../protocol/row.ts';
import type { Query } from '../protocol/wire.ts';

/** Where `<CR>` on a row leads, as data: the engine fills in the context. Undefined: the kind has no children. */
export type ChildQuery =
  | { readonly table: Omit<Query, 'context'> }
  | { readonly logs: true }
  /** Whatever names the object as its owner, of all resources; described where there is nothing. */
  | { readonly descendants: true }
  /** Pods of the row's namespace that mount the claim of this name. */
  | { readonly mounts: string }
  /** `object`: another one than the row's own, as an event's involved object; by kind, as references name it. */
  | { readonly describe: true; readonly object?: ObjectReference };

export type Sort = NonNullable<Query['sort']>;

/** As references in objects name one: `apps/v1`, `Deployment`. */
export type ObjectReference = {
  readonly apiVersion: string;
  readonly kind: string;
  /** '' for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
};

/** Turns decoded objects of one resource into rows. Pure: what depends on the time of drawing is left to the view. */
export interface Processor {
  /** All columns in order: kubectl's first (wide ones included), then our extra ones. */
  readonly columns: readonly Column[];
  /** The order of a table whose user has chosen none. */
  readonly sort?: Sort;
  /** Never throws: a column that fails gives one cell `error` in the error style. */
  row(item: Decoded): Row;
  /** `<CR>` on this row. */
  children(row: Row): ChildQuery;
  /** Where `gO` leads from an object that nobody owns. */
  parent?(row: Row): ChildQuery | undefined;
}
