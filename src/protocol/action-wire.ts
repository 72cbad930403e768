/** What crosses the wire about actions: see wire.ts. */
/** Live texts about one object besides describe, YAML and logs. */
export type TextKind = 'rollout-history' | 'rollout-status' | 'rollout-diff' | 'references';

export type GuardMode = 'open' | 'typed' | 'read-only';

/** How careful contexts are handled whose name matches: `*` is any text, `?` any letter. */
export type GuardRule = {
  readonly pattern: string;
  readonly mode: GuardMode;
  /** A highlight group or #rrggbb. */
  readonly colour?: string;
};

export type ActionInput = {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'number' | 'boolean' | 'choice';
  readonly value: string | number | boolean;
  readonly choices?: readonly string[];
  /** The value is what an object has; what is not sent stays as each object has it. */
  readonly optional?: true;
  /** It differs from one plan to the next: what was planned is sent back with the run. */
  readonly keep?: true;
};

export type ActionEntry = {
  readonly id: string;
  readonly title: string;
  /** Default key in tables, '' for none. */
  readonly key: string;
  readonly danger: boolean;
  readonly applies: boolean;
  /** Why it does not apply. */
  readonly reason?: string;
  /** A short fact shown at the right, for example `3 replicas`. */
  readonly note?: string;
  /** It changes nothing: a text about the object is opened. */
  readonly opens?: TextKind;
  readonly inputs: readonly ActionInput[];
};

/** An object that was typed. Without a namespace it is in the one that is chosen. */
export type TypedObject = {
  readonly resource: string;
  readonly name: string;
  readonly namespace?: string;
  readonly context?: string;
  /** Of the object that was planned for: nothing is done to a namesake. */
  readonly uid?: string;
};

/** How something is done that was planned. */
export type RunParams = {
  /** The editor's number for it, for progress and for cancelling. */
  readonly run: number;
  readonly dryRun: boolean;
  /** The word the plan wanted. */
  readonly typed?: string;
  /** The plan said that the journal cannot be written. */
  readonly unjournaled?: boolean;
};

/** What will happen, shown before it does. */
export type ActionPlan = {
  readonly title: string;
  readonly lines: readonly string[];
  /** The word a guarded context wants typed; absent: y/n. */
  readonly type?: string;
  readonly verb: string;
  readonly inputs: readonly ActionInput[];
  /** The context is read-only. */
  readonly dryRunOnly?: boolean;
  /** The journal cannot be written; who agrees agrees to that. */
  readonly unjournaled?: boolean;
  /** It destroys something; told for objects that were typed. */
  readonly danger?: boolean;
  /** The objects that were typed, as they were found: they are sent back with the run. */
  readonly objects?: readonly TypedObject[];
};

export type ActionResult = {
  /** `pods/cart-1 in shop`. */
  readonly object: string;
  readonly ok: boolean;
  readonly message: string;
  /** What does the same with kubectl; quoted for a shell, to be shown and copied. */
  readonly command?: string;
  /** What takes it back, likewise. */
  readonly undo?: string;
  /** Of the journal. */
  readonly entry?: number;
  /** Of an object it failed for: where to look. */
  readonly source?: {
    readonly context: string;
    readonly resource: string;
    readonly name: string;
    readonly namespace?: string;
  };
};
