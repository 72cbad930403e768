import type { ChangeSet } from './store.ts';

/** Collects what one event changed; a key is in one of the two sets, whatever happened last to it. */
export type Changes = {
  readonly upserted: Set<string>;
  readonly deleted: Set<string>;
  reset: boolean;
  listed?: boolean;
};

export const noChanges = (): Changes => ({ upserted: new Set(), deleted: new Set(), reset: false });

export const markUpserted = (changes: Changes, key: string): void => {
  changes.deleted.delete(key);
  changes.upserted.add(key);
};

export const markDeleted = (changes: Changes, key: string): void => {
  changes.upserted.delete(key);
  changes.deleted.add(key);
};

export const isEmpty = (changes: ChangeSet): boolean =>
  !changes.reset && changes.upserted.size === 0 && changes.deleted.size === 0;
