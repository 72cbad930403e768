import type { Change } from '../journal/entry.ts';
import type { Target } from '../protocol/resource.ts';
import type { ActionInput, TextKind } from '../protocol/wire.ts';
import type { Ability } from './ability.ts';

export type InputValue = string | number | boolean;
export type Inputs = Readonly<Record<string, InputValue>>;

export type RunOptions = {
  readonly dryRun: boolean;
  readonly signal?: AbortSignal;
  /** What is going on, for what takes a while: replaces what was shown of this object before. */
  readonly show?: (lines: readonly string[]) => void;
};

/** What one object's turn came to. `message` follows the object's name: `deleted`, `3 → 5 replicas`. */
export type Outcome = {
  readonly message: string;
  /** It did a part, which `change` has, and then failed as `message` says. */
  readonly failed?: boolean;
  /** What it changed on the server, for the journal; absent for what changed nothing. */
  readonly change?: Change | undefined;
  /** The command that takes it back, where there is one. */
  readonly undo?: readonly string[];
};

/** One thing that can be done to objects. Editors build keys, menus, forms, confirmations and help from it. */
export type Action = {
  readonly id: string;
  /** As a menu shows it; `…` where it asks something first. */
  readonly title: string;
  /** Default key in tables, '' for none. Actions for different objects may share one. */
  readonly key: string;
  /** It destroys something. */
  readonly danger: boolean;
  /** On the button that does it. */
  readonly verb: string;
  /** It may take minutes: what it says is shown in a buffer, and it goes on when that is closed. */
  readonly long?: boolean;
  /** It changes nothing and opens a text about one object instead; then `plan` and `run` are never asked. */
  readonly opens?: TextKind;
  /** It works on one container as well as on a whole pod. */
  readonly containers?: true;
  /** True, or why not, in words for the user. Asked of discovery and of the server's authorizer, never of a list of kinds. */
  readonly applies: (targets: readonly Target[], ability: Ability) => Promise<true | string>;
  /** A short fact beside the title, for example `3 replicas`. */
  readonly note?: (targets: readonly Target[], ability: Ability) => Promise<string | undefined>;
  /** What may be chosen, with the values it would have. */
  readonly inputs: (targets: readonly Target[], ability: Ability) => Promise<readonly ActionInput[]>;
  /** What will happen, object by object and around them; without the place, which every plan names. */
  readonly plan: (targets: readonly Target[], inputs: Inputs, ability: Ability) => Promise<readonly string[]>;
  /** Does it to one object, or tries it on the server only. Rejects with a ClusterError. */
  readonly run: (target: Target, inputs: Inputs, options: RunOptions, ability: Ability) => Promise<Outcome>;
  /** kubectl's argument list for the same, without `kubectl` and the context. It is written down: no secret is in it. */
  readonly command: (target: Target, inputs: Inputs, dryRun: boolean) => readonly string[];
};

export const defineAction = (action: Action): Action => action;
