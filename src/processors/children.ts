import type { Row } from '../protocol/row.ts';
import type { ChildQuery } from './processor.ts';

/** Where `<CR>` leads, for many kinds alike. */
type Children = (row: Row) => ChildQuery;

const describe: ChildQuery = { describe: true };

/** Objects of a resource that name the row's as their owner, in its namespace. */
export const ownedBy =
  (resource: string): Children =>
  (row) => ({ table: { resource, namespaces: [row.namespace], owner: row.uid } });

/** Names as one fact; undefined without any. Names of objects have no comma in them. */
export const namesFact = (names: Iterable<string | null | undefined>): string | undefined =>
  [...new Set(names)].filter((name) => name).join(',') || undefined;

/** Objects of a namespace ('' for cluster-scoped resources) by names, as namesFact wrote them. */
export const named = (resource: string, namespace: string, names: string | undefined): ChildQuery =>
  names === undefined
    ? describe
    : { table: { resource, namespaces: namespace === '' ? [] : [namespace], names: names.split(',') } };
