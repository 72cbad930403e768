import type { CustomColumn } from './query.ts';

/** Columns the user added to a resource's own. */
export type Custom = {
  readonly columns: readonly CustomColumn[];
  /** They come first, as with `-o custom-columns`; the resource's own are still there. */
  readonly only: boolean;
};
