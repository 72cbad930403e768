import type { Resource } from '../protocol/resource.ts';
import type { Cell, Column, Row } from '../protocol/row.ts';

/** A row of one of the resources a table is composed of, as that resource's own processor made it. */
export type Part = {
  readonly row: Row;
  readonly resource: Resource;
  /** The row's own cell of that title; undefined when its resource has no such column. */
  readonly cell: (title: string) => Cell | undefined;
  /** Of the pods below it, however deep: how often they were restarted, and when the latest of these began. */
  readonly restarts: { readonly count: number; readonly last: number | undefined };
  /** `Kind/name` of what owns it among the rows of the table's resources; '' for nobody. */
  readonly owner: string;
};

/** One table over several resources: which, and what their rows become. The rows come from the stores of each. */
export type Composite = {
  /** How it is asked for; discovery has no such resource. */
  readonly resource: Resource;
  readonly members: readonly { readonly group: string; readonly kind: string }[];
  readonly columns: readonly Column[];
  /** By position as in `columns`. */
  readonly cells: (part: Part) => readonly Cell[];
};

/** A resource of our own, as discovery would describe it. */
export const ownResource = (
  plural: string,
  kind: string,
  shortNames: readonly string[] = [],
  namespaced = true,
): Resource => ({
  group: '',
  version: '',
  resource: plural,
  singular: kind.toLowerCase(),
  kind,
  namespaced,
  verbs: [],
  shortNames,
  categories: [],
  subresources: [],
});
