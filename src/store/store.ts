import type { Freshness } from '../protocol/freshness.ts';
import type { Column, Row } from '../protocol/row.ts';
import type { WatchEvent } from '../watch/events.ts';

/** Keys that changed since the last notification; `reset` says compare everything (columns changed, list swapped in). */
export type ChangeSet = {
  readonly upserted: ReadonlySet<string>;
  readonly deleted: ReadonlySet<string>;
  readonly reset: boolean;
  /** A list came in: what differs was not told by events. */
  readonly listed?: boolean;
};

/** What a store has of "all namespaces" where its user may not list all of them at once. */
export type Coverage = {
  /** Namespaces whose rows are here. */
  readonly shown: number;
  /** Of how many; undefined where the user may not list namespaces. */
  readonly total: number | undefined;
  /** Namespaces that could be read and now cannot. */
  readonly lost: readonly string[];
  /** Namespaces that could be read but are too many to watch. */
  readonly leftOut: number;
};

/** The rows of one resource and scope, by key. One writer (the reflector), any number of readers. */
export interface Store {
  readonly rows: ReadonlyMap<string, Row>;
  readonly columns: readonly Column[];
  readonly freshness: Freshness;
  /** Absent: everything the scope says. */
  readonly coverage?: Coverage | undefined;
  /** Resources that belong here and that the user may not list; absent: none. */
  readonly missing?: readonly string[];
  /** Resources of which too many exist to know whether some belong here; absent: none. */
  readonly unsure?: readonly string[];
  apply(event: WatchEvent): void;
  /** Called after each event that changed something; the returned function ends it. */
  subscribe(listener: (changes: ChangeSet) => void): () => void;
}
