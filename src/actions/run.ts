import type { Target } from '../protocol/resource.ts';
import type { ActionPlan, ActionResult } from '../protocol/wire.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import { type Ability, objectText } from './ability.ts';
import type { Action, Inputs, RunOptions } from './define-action.ts';
import { readInputs } from './inputs.ts';
import { countText, placeText } from './plan-text.ts';

/** How careful a context wants its user to be. */
export type Guard = 'open' | 'typed' | 'read-only';

export type Careful = { readonly guard?: Guard };

/** At once; more only queue in the server. */
const PARALLEL = 8;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The context that is shown is the one that is used, for every target. */
const check = (action: Action, targets: readonly Target[], ability: Ability): void => {
  if (targets.length === 0) {
    throw new ClusterError('invalid', `There is nothing to ${action.verb}.`, {
      hint: 'Put the cursor on a row, or select some.',
    });
  }
  const stranger = targets.find(({ context }) => context !== ability.context);
  if (stranger === undefined) return;
  throw new ClusterError(
    'internal',
    `${objectText(stranger)} belongs to context "${stranger.context}", not to "${ability.context}". Nothing was done.`,
  );
};

const refuse = (action: Action, context: string): ClusterError =>
  new ClusterError('forbidden', `Context "${context}" is read-only here: ${action.verb} was not done.`, {
    hint: 'Change the guard of this context in setup() to allow it.',
  });

const whereLine = (targets: readonly Target[], ability: Ability): string => {
  const namespaces = [...new Set(targets.map(({ namespace }) => namespace))].filter((name) => name !== '');
  const inside =
    namespaces.length === 0 ? 'no namespace' : `namespace${namespaces.length > 1 ? 's' : ''} ${namespaces.join(', ')}`;
  return `context ${ability.context} · ${inside}`;
};

/** What will be asked before it is done. A guarded context wants the name of the object typed, or its own for several. */
export const planAction = async (
  action: Action,
  targets: readonly Target[],
  given: Inputs,
  ability: Ability,
  { guard = 'open' }: Careful = {},
): Promise<ActionPlan> => {
  check(action, targets, ability);
  const definitions = await action.inputs(targets, ability);
  const values = readInputs(definitions, given);
  const lines = [whereLine(targets, ability), ...(await action.plan(targets, values, ability))];
  const [first] = targets;
  const word = targets.length === 1 ? (first?.name ?? '') : ability.context;
  const subject = targets.length === 1 ? `${countText(targets)} ${first?.name}` : countText(targets);
  return {
    title: `${capital(action.verb)} ${subject} · ${placeText(targets)}`,
    lines:
      guard === 'read-only'
        ? [`Context ${ability.context} is read-only: only a dry run is possible.`, ...lines]
        : lines,
    verb: action.verb,
    inputs: definitions.map((input) => ({ ...input, value: values[input.name] ?? input.value })),
    ...(guard === 'typed' && { type: word }),
  };
};

/** A word as a shell takes it, for commands that are shown and copied, never for commands that are run. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

const commandText = (context: string, args: readonly string[]): string =>
  ['kubectl', '--context', context, ...args].map(quoted).join(' ');

/** Does it to every target, a few at once; what fails is told and does not stop the others. Results are in the targets' order. */
export const runAction = async (
  action: Action,
  targets: readonly Target[],
  given: Inputs,
  options: RunOptions & Careful,
  ability: Ability,
): Promise<readonly ActionResult[]> => {
  check(action, targets, ability);
  if (options.guard === 'read-only' && !options.dryRun) throw refuse(action, ability.context);
  const failed = (target: Target, thrown: unknown): ActionResult => {
    const { message, hint } = asClusterError(thrown);
    return { object: objectText(target), ok: false, message: hint === undefined ? message : `${message} ${hint}` };
  };
  const definitions = await action.inputs(targets, ability).catch(asClusterError);
  if (definitions instanceof ClusterError) return targets.map((target) => failed(target, definitions));
  const inputs = readInputs(definitions, given);
  return await mapLimited(targets, PARALLEL, async (target) => {
    const object = objectText(target);
    const command = commandText(ability.context, action.command(target, inputs, options.dryRun));
    try {
      if (options.signal?.aborted) throw new ClusterError('cancelled', 'not done: cancelled');
      const { message, undo } = await action.run(target, inputs, options, ability);
      return {
        object,
        ok: true,
        message,
        command,
        ...(undo !== undefined && { undo: commandText(ability.context, undo) }),
      };
    } catch (thrown) {
      return { ...failed(target, thrown), command };
    }
  });
};
