import type { Target } from '../protocol/resource.ts';
import type { ActionEntry } from '../protocol/wire.ts';
import { asClusterError } from '../util/error.ts';
import type { Ability } from './ability.ts';
import type { Action } from './define-action.ts';
import { wholeOnly } from './whole.ts';

const entry = async (action: Action, targets: readonly Target[], ability: Ability): Promise<ActionEntry> => {
  const { id, title, key, danger, opens } = action;
  const head = { id, title, key, danger, ...(opens !== undefined && { opens }) };
  const no = (reason: string): ActionEntry => ({ ...head, applies: false, reason, inputs: [] });
  if (targets.length === 0) return no('nothing is selected');
  const whole = wholeOnly(action, targets);
  if (whole !== undefined) return no(whole);
  try {
    const answer = await action.applies(targets, ability);
    if (answer !== true) return no(answer);
    const [inputs, note] = await Promise.all([action.inputs(targets, ability), action.note?.(targets, ability)]);
    return { ...head, applies: true, inputs, ...(note !== undefined && { note }) };
  } catch (thrown) {
    return no(asClusterError(thrown).message);
  }
};

/** Those that have a key are used most. */
const byUse = (left: ActionEntry, right: ActionEntry): number => Number(right.key !== '') - Number(left.key !== '');

/** Every action with whether it can be done to all of the targets: those that can first, then those that cannot and why. */
export const menu = async (
  actions: readonly Action[],
  targets: readonly Target[],
  ability: Ability,
): Promise<readonly ActionEntry[]> => {
  const entries = await Promise.all(actions.map((action) => entry(action, targets, ability)));
  const can = entries.filter(({ applies }) => applies).sort(byUse);
  return [...can, ...entries.filter(({ applies }) => !applies)];
};
