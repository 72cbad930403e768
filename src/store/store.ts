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

/** The rows of one resource and scope, by key. One writer (the reflector), any number of readers. */
export interface Store {
  readonly rows: ReadonlyMap<string, Row>;
  readonly columns: readonly Column[];
  readonly freshness: Freshness;
  apply(event: WatchEvent): void;
  /** Called after each event that changed something; the returned function ends it. */
  subscribe(listener: (changes: ChangeSet) => void): () => void;
}
