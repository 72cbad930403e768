import type { Decoded } from '../decode/decoded.ts';
import { keyOf } from '../decode/meta.ts';
import { compareVersions } from '../decode/versions.ts';
import type { Row } from '../protocol/row.ts';
import { type Changes, markDeleted, markUpserted } from './changes.ts';
import type { Indexes } from './indexes.ts';

/** Rows by key, and the key that holds each name: a name has one object at a time, whatever its uid. */
export type Rows = {
  readonly byKey: Map<string, Row>;
  readonly keyOfName: Map<string, string>;
  readonly indexes: Indexes;
};

const nameOf = (row: Pick<Row, 'namespace' | 'name'>): string => `${row.namespace}/${row.name}`;

/** Names cost a text each; of what changes almost all is called as before. */
export const sameName = (a: Pick<Row, 'namespace' | 'name'>, b: Pick<Row, 'namespace' | 'name'>): boolean =>
  a.name === b.name && a.namespace === b.namespace;

export const removeRow = (rows: Rows, key: string, changes: Changes): void => {
  const row = rows.byKey.get(key);
  if (row === undefined) return;
  rows.byKey.delete(key);
  rows.indexes.remove(row);
  const name = nameOf(row);
  if (rows.keyOfName.get(name) === key) rows.keyOfName.delete(name);
  markDeleted(changes, key);
};

export const setRow = (rows: Rows, key: string, row: Row, changes: Changes): void => {
  const before = rows.byKey.get(key);
  if (before === row) return;
  if (before !== undefined) rows.indexes.remove(before);
  rows.byKey.set(key, row);
  if (before === undefined || !sameName(before, row)) rows.keyOfName.set(nameOf(row), key);
  rows.indexes.add(row);
  markUpserted(changes, key);
};

/** What holds an item's name under another uid, unless nothing does. */
export const rivalOf = (rows: Rows, item: Decoded): Row | undefined => {
  const key = rows.keyOfName.get(nameOf(item.meta));
  return key === undefined || key === keyOf(item.meta) ? undefined : rows.byKey.get(key);
};

/** Whether an item is certainly older than the row that is there. */
export const isOlder = (item: Decoded, row: Row): boolean =>
  compareVersions(item.meta.resourceVersion, row.resourceVersion) < 0;

/** The row that is there already when the item says nothing new. */
export const unchanged = (row: Row | undefined, item: Decoded): row is Row =>
  row !== undefined &&
  item.problem === undefined &&
  item.meta.resourceVersion !== '' &&
  item.meta.resourceVersion === row.resourceVersion;
