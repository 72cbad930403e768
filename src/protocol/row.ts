import type { Resource } from './resource.ts';
import type { Style } from './styles.ts';

/** What sorting and filters compare; text is derived from it. */
export type CellValue = string | number | undefined;

/**
 * One cell. `at` (ms since the epoch) makes the text depend on the time of drawing, as the column's `time` says:
 * 'age' replaces the text by the time since then; 'ago' appends ` (5m ago)`.
 */
export type Cell = {
  readonly text: string;
  readonly value: CellValue;
  readonly style?: Style;
  readonly at?: number;
};

/** A column is a name plus attributes; sorting, alignment and ticking follow from them, never from the kind. */
export type Column = {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Shown with -o wide only. */
  readonly wide?: boolean;
  readonly time?: 'age' | 'ago';
  /** Values that are numbers are ms of a duration, so what is compared with them reads as one. */
  readonly unit?: 'duration';
  /** Not a column of kubectl's; shown after those that are. */
  readonly extra?: boolean;
};

export type Health = 'ok' | 'pending' | 'warning' | 'error' | 'done' | 'unknown';

/** The object that actions, describe and logs of a row are about. */
export type RowObject = {
  readonly resource: Resource;
  /** '' for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  /** '' where the server gives none. */
  readonly uid: string;
  /** The row is one container of this pod. */
  readonly container?: string;
};

/** An object as a table needs it. Rows are kept, objects are not. */
export type Row = {
  /** Identity: the uid, or namespace/name where the server gives none. */
  readonly key: string;
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly created: number | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Uids of the owners. */
  readonly owners: readonly string[];
  readonly health: Health;
  /** By position as in the columns of the processor that made the row. */
  readonly cells: readonly Cell[];
  /** What drill-down and actions need besides, for example a selector or a node's name; small. */
  readonly facts?: Readonly<Record<string, string>>;
  /** Where a table has rows of several resources, or of parts of objects; else the object is one of the table's own. */
  readonly of?: RowObject;
};
