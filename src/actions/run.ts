import type { Target } from '../protocol/resource.ts';
import type { ActionPlan, ActionResult } from '../protocol/wire.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { type Ability, objectText } from './ability.ts';
import type { Action, Inputs } from './define-action.ts';
import { readInputs } from './inputs.ts';
import { managerLines } from './managers.ts';
import { countText, placeText } from './plan-text.ts';
import { type Guard, guardRefusal, type Recorder, runWrites } from './write.ts';

export type PlanOptions = {
  readonly guard?: Guard;
  /** Why nothing can be written to the journal. */
  readonly unjournaled?: string | undefined;
};

export type RunActionOptions = {
  readonly dryRun: boolean;
  readonly guard?: Guard;
  readonly recorder?: Recorder | undefined;
  /** The word the plan wanted typed. */
  readonly typed?: string | undefined;
  readonly signal?: AbortSignal;
  readonly onDone?: (done: number, total: number) => void;
  /** What an object's turn shows while it lasts. */
  readonly show?: (index: number, lines: readonly string[]) => void;
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The context that is shown is the one that is used, for every target. */
export const checkTargets = (verb: string, targets: readonly Target[], ability: Ability): void => {
  if (targets.length === 0) {
    throw new ClusterError('invalid', `There is nothing to ${verb}.`, {
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

const whereLine = (targets: readonly Target[], ability: Ability): string => {
  const namespaces = [...new Set(targets.map(({ namespace }) => namespace))].filter((name) => name !== '');
  const inside =
    namespaces.length === 0 ? 'no namespace' : `namespace${namespaces.length > 1 ? 's' : ''} ${namespaces.join(', ')}`;
  return `context ${ability.context} · ${inside}`;
};

/** What a guarded context wants typed: the name of the one object, or the context's own for several. */
export const guardWord = (targets: readonly Target[], context: string): string =>
  targets.length === 1 ? (targets[0]?.name ?? '') : context;

/** A plan's frame: title, place and guard around what will happen. */
export const framedPlan = (
  { verb, lines, inputs }: Pick<ActionPlan, 'verb' | 'lines' | 'inputs'>,
  targets: readonly Target[],
  ability: Ability,
  { guard = 'open', unjournaled }: PlanOptions,
): ActionPlan => {
  const [first] = targets;
  const subject = targets.length === 1 ? `${countText(targets)} ${first?.name}` : countText(targets);
  return {
    title: `${capital(verb)} ${subject} · ${placeText(targets)}`,
    lines: [
      ...(guard === 'read-only' ? [`Context ${ability.context} is read-only: only a dry run is possible.`] : []),
      whereLine(targets, ability),
      ...lines,
      ...(unjournaled === undefined ? [] : [`! The journal cannot keep this: ${unjournaled}`]),
    ],
    verb,
    inputs,
    ...(guard === 'read-only' && { dryRunOnly: true }),
    ...(guard === 'typed' && { type: guardWord(targets, ability.context) }),
    ...(unjournaled !== undefined && { unjournaled: true }),
  };
};

/** What will be asked before it is done. */
export const planAction = async (
  action: Action,
  targets: readonly Target[],
  given: Inputs,
  ability: Ability,
  options: PlanOptions = {},
): Promise<ActionPlan> => {
  checkTargets(action.verb, targets, ability);
  const definitions = await action.inputs(targets, ability);
  const values = readInputs(definitions, given);
  const [planned, managers] = await Promise.all([
    action.plan(targets, values, ability),
    managerLines(targets, ability),
  ]);
  const inputs = definitions.map((input) => ({ ...input, value: values[input.name] ?? input.value }));
  return framedPlan({ verb: action.verb, lines: [...planned, ...managers], inputs }, targets, ability, options);
};

/** In a context that wants a word typed nothing is done without it, whoever asks. */
export const checkTyped = (
  targets: readonly Target[],
  { guard, dryRun, typed }: Pick<RunActionOptions, 'guard' | 'dryRun' | 'typed'>,
  context: string,
): void => {
  const word = guardWord(targets, context);
  if (guard !== 'typed' || dryRun || typed === word) return;
  throw new ClusterError('forbidden', `Context "${context}" is guarded: "${word}" must be typed. Nothing was done.`);
};

/** Does it to every target, a few at once; what fails is told and does not stop the others. Results are in the targets' order. */
export const runAction = async (
  action: Action,
  targets: readonly Target[],
  given: Inputs,
  options: RunActionOptions,
  ability: Ability,
): Promise<readonly ActionResult[]> => {
  checkTargets(action.verb, targets, ability);
  const { dryRun, guard = 'open', recorder, signal, onDone, show } = options;
  const refusal = guardRefusal(guard, dryRun, ability.context, action.verb);
  if (refusal !== undefined) throw refusal;
  checkTyped(targets, options, ability.context);
  const definitions = await action.inputs(targets, ability).catch(asClusterError);
  if (definitions instanceof ClusterError) {
    const { message } = definitions;
    return targets.map((target) => ({ object: objectText(target), ok: false, message }));
  }
  const inputs = readInputs(definitions, given);
  const run = { dryRun, ...(signal !== undefined && { signal }) };
  const writes = targets.map((target, index) => ({
    target,
    command: action.command(target, inputs, dryRun),
    send: () =>
      action.run(target, inputs, show === undefined ? run : { ...run, show: (lines) => show(index, lines) }, ability),
  }));
  return await runWrites(
    writes,
    {
      action: action.id,
      verb: action.verb,
      dryRun,
      guard,
      recorder,
      ...(signal !== undefined && { signal }),
      ...(onDone !== undefined && { onDone }),
    },
    ability,
  );
};
