/** What crosses the wire about tables that are edited: see wire.ts. */
import type { ActionPlan, ActionResult, RunParams } from './action-wire.ts';

/** Rows as lines to be changed: a line is its key's, whatever happens to its text. */
export type EditOpened = {
  readonly context: string;
  readonly title: string;
  /** Buffer name `kubectl://<context>/<resource>?edit`. */
  readonly name: string;
  /** Above the lines, aligned with them. */
  readonly titles: string;
  readonly lines: readonly { readonly key: string; readonly text: string }[];
  /** Objects that could not be read: their fields cannot be written. */
  readonly problems: readonly EditProblem[];
};

export type EditProblem = { readonly key: string; readonly message: string };

/** Lines whose text is another one, and those that are gone. */
export type EditWishes = {
  readonly view: number;
  readonly changed: readonly { readonly key: string; readonly text: string }[];
  readonly deleted: readonly string[];
};

export type EditPlanned = {
  /** Absent: there is nothing that can be written. */
  readonly plan?: number;
  readonly confirm?: ActionPlan;
  /** Lines that are left out. */
  readonly problems: readonly EditProblem[];
  /** Lines whose objects are as their texts say. */
  readonly settled: readonly string[];
};

export type EditRun = { readonly view: number; readonly plan: number; readonly how: RunParams };

export type EditWritten = {
  readonly results: readonly ActionResult[];
  readonly problems: readonly EditProblem[];
  readonly settled: readonly string[];
};

/** What happened to objects of lines since they were read. Only lines of which something else is to be told. */
export type Edited = {
  readonly type: 'edited';
  readonly view: number;
  readonly rows: readonly {
    readonly key: string;
    readonly state: 'same' | 'changed' | 'gone';
    /** `now REPLICAS 5`. */
    readonly note: string;
  }[];
};
