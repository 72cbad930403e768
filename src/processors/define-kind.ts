import type { HoverSection } from '../protocol/hover.ts';
import type { Health, Row } from '../protocol/row.ts';
import type { Column } from './columns.ts';
import type { KubeObject } from './objects.ts';
import type { ChildQuery, Sort } from './processor.ts';

/** Everything the tables know about one kind; a kind without one works through the server's Table. */
export type Kind<T extends KubeObject> = {
  /** API groups the kind is served in; '' is the core group. */
  readonly groups: readonly string[];
  readonly kind: string;
  /** API versions whose objects the file reads; without them every version. Others work through the server's Table. */
  readonly versions?: readonly string[];
  /** kubectl's columns in its order, then our extra ones. */
  readonly columns: readonly Column<T>[];
  /** Paths of everything that columns, health and facts read besides the metadata common to all (project.ts). */
  readonly fields: readonly string[];
  /** Without it an object is well for as long as nobody deletes it. */
  readonly health?: (object: T) => Health;
  /** The order of a table whose user has chosen none; without it by namespace and name. */
  readonly sort?: Sort;
  /** What `children` and actions need of the object, kept on the row; small. */
  readonly facts?: (object: T) => Readonly<Record<string, string>> | undefined;
  /** What `K` shows of the whole object, read afresh, besides its columns, conditions, owners and labels. */
  readonly hover?: (object: unknown, now: number) => readonly HoverSection[];
  /** Where `<CR>` leads; without it the object is described. */
  readonly children?: (row: Row) => ChildQuery;
  /** Where `gO` leads from an object that nobody owns: what it belongs to all the same. */
  readonly parent?: (row: Row) => ChildQuery | undefined;
};

/** A kind whose objects' type only its own file knows; to others they are what the server sent. */
export type AnyKind = Kind<never>;

export const defineKind = <T extends KubeObject>(kind: Kind<T>): Kind<T> => kind;

/** Paths every row needs. */
export const commonFields: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'metadata.resourceVersion',
  'metadata.creationTimestamp',
  'metadata.deletionTimestamp',
  'metadata.labels',
  'metadata.ownerReferences.uid',
];
