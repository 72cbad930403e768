import type { Decoded, TableColumn } from '../decode/decoded.ts';
import { keyOf } from '../decode/meta.ts';
import { isCustom } from '../protocol/built-in-groups.ts';
import { type Resource, resourceKey } from '../protocol/resource.ts';
import type { Cell, Column, Health, Row } from '../protocol/row.ts';
import { parseTimestamp } from '../util/timestamp.ts';
import { emptyCell, sharedText } from './cells.ts';
import { problemRow } from './make-processor.ts';
import { objectHealth } from './object-health.ts';
import type { KubeObject } from './objects.ts';
import type { ChildQuery, Processor } from './processor.ts';
import { relations } from './row-parts.ts';
import { type CellReader, columnReader } from './table-cells.ts';
import { tableHealth, worse } from './table-health.ts';

const isBag = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const definitions = 'customresourcedefinitions.apiextensions.k8s.io';

/** A definition of custom resources is called as `resourceKey` calls them; its schemas are too big to be read here. */
const childrenOf =
  (resource: Resource) =>
  (row: Row): ChildQuery => {
    if (resourceKey(resource) === definitions) return { table: { resource: row.name, namespaces: [] } };
    return isCustom(resource) ? { descendants: true } : { describe: true };
  };

/** kubectl adds the namespace itself; the Table has none. */
const namespaceColumn: Column = { title: 'NAMESPACE' };

/** What the object says goes before what its columns happen to show; columns may still know of trouble that it does not. */
const healthIn = (object: Health, cells: Health): Health =>
  object === 'unknown' || object === 'ok' ? worse(object, cells) : object;

/**
 * Rows from the server's Table: any resource, custom ones and aggregated ones too. `now` dates texts like `5m` in
 * date columns, which the server computed when it answered; the creation age is taken from the object instead.
 */
export const tableProcessor = (
  columns: readonly TableColumn[],
  resource: Resource,
  now: () => number = Date.now,
): Processor => {
  const readers: readonly CellReader[] = columns.map((column) => columnReader(column, now));
  const shown = readers.map(({ column }) => column);
  const all = resource.namespaced ? [namespaceColumn, ...shown] : shown;
  const healthOf = tableHealth(shown);
  const row = (item: Decoded): Row => {
    if (item.problem !== undefined) return problemRow(all, item, item.problem);
    const { meta } = item;
    const { cells: values, object } = isBag(item.object) ? item.object : {};
    const metadata = (isBag(object) ? (object as KubeObject).metadata : undefined) ?? {};
    const created = parseTimestamp(metadata.creationTimestamp);
    const cells = readers.map(({ read }, index): Cell => {
      const value: unknown = Array.isArray(values) ? values[index] : undefined;
      return value === undefined || value === null ? emptyCell : read(value, created);
    });
    const health = healthIn(objectHealth(object), healthOf(cells));
    return {
      key: keyOf(meta),
      uid: meta.uid,
      namespace: meta.namespace,
      name: meta.name,
      resourceVersion: meta.resourceVersion,
      created,
      ...relationsOf(metadata),
      health,
      cells: resource.namespaced ? [sharedText(meta.namespace), ...cells] : cells,
    };
  };
  return { columns: all, row, children: childrenOf(resource) };
};

const relationsOf = (metadata: object): Pick<Row, 'labels' | 'owners'> => {
  const { labels, owners } = relations(metadata);
  return { labels, owners };
};
