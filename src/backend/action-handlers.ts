import { createAbility } from '../actions/ability.ts';
import type { Action } from '../actions/define-action.ts';
import { actions } from '../actions/index.generated.ts';
import { menu } from '../actions/menu.ts';
import { planAction, runAction } from '../actions/run.ts';
import { refuseParts } from '../actions/whole.ts';
import type { ActionResult } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import type { Clients } from './clients.ts';
import type { Views } from './view-handlers.ts';

export type ActionHandlers = Pick<Handlers, 'action.menu' | 'action.plan' | 'action.run'>;

export type ActionOptions = { readonly clients: Clients; readonly views: Views; readonly clock: Clock };

const find = (id: string): Action => {
  const action = actions.find((each) => each.id === id);
  if (action !== undefined) return action;
  throw new ClusterError('unsupported', `there is no action '${id}'`, { hint: 'ga lists those that apply.' });
};

/** Names of hidden objects a warning tells; the others are a number. */
const mostNamed = 10;

/** What the user does not see on the screen and chose all the same, said before anything is done. */
const unseen = (keys: readonly string[], targets: number, hidden: readonly string[]): readonly string[] => {
  const lost = keys.length - targets;
  const more = hidden.length > mostNamed ? ` and ${hidden.length - mostNamed} more` : '';
  const named = hidden.slice(0, mostNamed).join(', ') + more;
  return [
    ...(hidden.length > 0 && keys.length > 1
      ? [`! ${hidden.length} of these ${keys.length} are hidden by the filter: ${named}`]
      : []),
    ...(lost > 0 ? [`! ${lost} of the ${keys.length} that were selected are gone.`] : []),
  ];
};

/** Rows that went away between the choice and the deed are told, never silently left out. */
const gone = (count: number): readonly ActionResult[] =>
  Array.from({ length: count }, () => ({
    object: 'an object that was selected',
    ok: false,
    message: 'is gone: nothing was done to it',
  }));

export const actionHandlers = ({ clients, views, clock }: ActionOptions): ActionHandlers => {
  /** The objects behind the keys, and what their context can do: always the context of the view. */
  const resolve = async (client: number, view: number, keys: readonly string[]) => {
    const { context } = await clients.standing(client, views.contextOf(client, view));
    const { targets, hidden } = await views.engineOf(client, view).call('view.targets', { view, keys }, client);
    if (targets.length === 0 && keys.length > 0) {
      throw new ClusterError('not-found', 'the objects are gone', { hint: 'The table shows what is there now.' });
    }
    return { targets, hidden, ability: await createAbility(context.name, await context.transport(), clock) };
  };
  return {
    'action.menu': async ({ view, keys }, client) => {
      const { targets, ability } = await resolve(client, view, keys);
      return { actions: await menu(actions, targets, ability) };
    },
    'action.plan': async ({ action, view, keys, inputs }, client) => {
      const { targets, hidden, ability } = await resolve(client, view, keys);
      refuseParts(find(action), targets);
      const plan = await planAction(find(action), targets, inputs, ability);
      return { ...plan, lines: [...unseen(keys, targets.length, hidden), ...plan.lines] };
    },
    'action.run': async ({ action, view, keys, inputs, dryRun }, client) => {
      const { targets, ability } = await resolve(client, view, keys);
      refuseParts(find(action), targets);
      const results = await runAction(find(action), targets, inputs, { dryRun }, ability);
      return { results: [...results, ...gone(keys.length - targets.length)] };
    },
  };
};
