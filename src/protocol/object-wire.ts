/** What crosses the wire about texts of objects that can be written back: see wire.ts. */
import type { ActionPlan } from './action-wire.ts';

/** An object by its name. */
export type NamedSource = {
  readonly context: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name: string;
};

export type ObjectOpened = {
  readonly context: string;
  readonly title: string;
  /** Buffer name `kubectl://<context>/<namespace>/<resource>/<name>`. */
  readonly name: string;
  /** Its values are masked, and must never reach a disk. */
  readonly masked: boolean;
  /** There is no such object yet: what a new one begins with, and the line (0-based) of its name. */
  readonly fresh?: { readonly text: string; readonly line: number };
};

/**
 * An object's text as it is now. It replaces a buffer that has no changes of its own, which then answers `object.held`;
 * a changed buffer keeps its own, and its base. `rev` 0 is a text about why there is no object.
 */
export type ObjectText = {
  readonly type: 'object';
  readonly view: number;
  readonly rev: number;
  readonly text: string;
  /** Pairs of first and last line (0-based): what few want to read. */
  readonly folds: readonly (readonly number[])[];
};

/** 0-based line and column (UTF-16 units). */
export type TextProblem = {
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
};

/** What writing a text would do. Nothing has been changed yet. */
export type ObjectPlan =
  | { readonly do: 'nothing'; readonly message: string }
  /** The server or the text itself says no, where. */
  | { readonly do: 'mend'; readonly message: string; readonly problems: readonly TextProblem[] }
  /**
   * Others changed the same places: their text, and the one both began with. `text` is the user's, with what others
   * changed elsewhere; from now on it is measured against `rev`.
   */
  | {
      readonly do: 'merge';
      readonly message: string;
      readonly rev: number;
      readonly text: string;
      readonly base: string;
      readonly theirs: string;
    }
  | { readonly do: 'gone'; readonly message: string }
  /** It cannot be made: an object has this name. */
  | { readonly do: 'exists'; readonly message: string; readonly source: NamedSource }
  | {
      readonly do: 'confirm';
      readonly plan: number;
      readonly confirm: ActionPlan;
      readonly before: string;
      readonly after: string;
    };
