import type { Decoded } from '../decode/decoded.ts';
import { keyOf } from '../decode/meta.ts';
import type { Cell, Column as ColumnAttributes, Health, Row } from '../protocol/row.ts';
import { parseTimestamp } from '../util/timestamp.ts';
import { cellLine, emptyCell, errorCell, ownText } from './cells.ts';
import type { Column } from './columns.ts';
import type { Kind } from './define-kind.ts';
import type { KubeObject } from './objects.ts';
import type { ChildQuery, Processor } from './processor.ts';
import { onlyTexts, relations } from './row-parts.ts';

/** Runs what reads an object; objects are data from outside and may be anything. */
const attempt = <R>(read: () => R, otherwise: R): R => {
  try {
    return read();
  } catch {
    return otherwise;
  }
};

const cellsOf = <T>(columns: readonly Column<T>[], object: T): Cell[] => {
  const cells: Cell[] = new Array(columns.length);
  for (let index = 0; index < columns.length; index++) {
    try {
      cells[index] = (columns[index] as Column<T>).cell(object);
    } catch {
      cells[index] = errorCell;
    }
  }
  return cells;
};

/** An object that could not be decoded: what is known of its name, and why, where its first own cell would be. */
export const problemRow = (columns: readonly ColumnAttributes[], item: Decoded, problem: string): Row => {
  const { meta } = item;
  let said = false;
  const cells = columns.map(({ title }): Cell => {
    if (title === 'NAMESPACE') return ownText(meta.namespace);
    if (title === 'NAME') return ownText(meta.name === '' ? '<unreadable>' : meta.name);
    if (said) return emptyCell;
    said = true;
    return { text: `error: ${cellLine(problem)}`, value: undefined, style: 'KubectlError' };
  });
  return {
    key: keyOf(meta),
    uid: meta.uid,
    namespace: meta.namespace,
    name: meta.name,
    resourceVersion: meta.resourceVersion,
    created: undefined,
    labels: {},
    owners: [],
    health: 'error',
    cells,
    facts: { problem },
  };
};

const describe: ChildQuery = { describe: true };

/** The health of what has no state but being there. */
const presence = (object: KubeObject): Health => (object.metadata?.deletionTimestamp == null ? 'ok' : 'pending');

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The processor of a kind with a file of its own. */
export const makeProcessor = <T extends KubeObject>(kind: Kind<T>): Processor => {
  const columns = kind.columns.map(({ cell: _, ...attributes }): ColumnAttributes => attributes);
  const { facts, children, parent, sort } = kind;
  const ownHealth = kind.health ?? presence;
  const health = (object: T): Health => attempt(() => ownHealth(object), 'unknown');
  const row = (item: Decoded): Row => {
    if (item.problem !== undefined) return problemRow(columns, item, item.problem);
    // The projection of whatever the server sent: kind files treat every field as possibly absent.
    const object = (isObject(item.object) ? item.object : {}) as T;
    const { meta } = item;
    const metadata = isObject(object.metadata) ? object.metadata : {};
    const { labels, owners } = relations(metadata);
    const made = {
      key: keyOf(meta),
      uid: meta.uid,
      namespace: meta.namespace,
      name: meta.name,
      resourceVersion: meta.resourceVersion,
      created: parseTimestamp(metadata.creationTimestamp),
      labels,
      owners,
      health: health(object),
      cells: cellsOf(kind.columns, object),
    };
    const known = facts === undefined ? undefined : attempt(() => facts(object), undefined);
    return known === undefined ? made : { ...made, facts: onlyTexts(known) };
  };
  const ways = parent === undefined ? {} : { parent };
  const processor = { columns, row, children: (of: Row) => children?.(of) ?? describe, ...ways };
  return sort === undefined ? processor : { ...processor, sort };
};
