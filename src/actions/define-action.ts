import type { Target } from '../protocol/resource.ts';
import type { ActionInput } from '../protocol/wire.ts';
import type { Ability } from './ability.ts';

export type InputValue = string | number | boolean;
export type Inputs = Readonly<Record<string, InputValue>>;

export type RunOptions = { readonly dryRun: boolean; readonly signal?: AbortSignal };

/** What one object's turn came to. `message` follows the object's name: `deleted`, `3 → 5 replicas`. */
export type Outcome = {
  readonly message: string;
  /** The command that takes it back, where there is one. */
  readonly undo?: readonly string[];
};

/** One thing that can be done to objects. Editors build keys, menus, forms, confirmations and help from it. */
export type Action = {
  readonly id: string;
  /** As a menu shows it; `…` where it asks something first. */
  readonly title: string;
  /** Default key in tables, '' for none. */
  readonly key: string;
  /** It destroys something. */
  readonly danger: boolean;
  /** On the button that does it. */
  readonly verb: string;
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
  /** kubectl's argument list for the same, without `kubectl` and the context. */
  readonly command: (target: Target, inputs: Inputs, dryRun: boolean) => readonly string[];
};

export const defineAction = (action: Action): Action => action;
