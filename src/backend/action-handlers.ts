import { type Ability, createAbility } from '../actions/ability.ts';
import type { Action } from '../actions/define-action.ts';
import { actions } from '../actions/index.generated.ts';
import { menu } from '../actions/menu.ts';
import { planAction, type RunActionOptions, runAction } from '../actions/run.ts';
import { refuseParts } from '../actions/whole.ts';
import type { ActionResult, RunParams, TypedObject } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import type { Clients } from './clients.ts';
import type { OpenContext } from './contexts.ts';
import type { Guards } from './guards.ts';
import type { Keeper } from './keeper.ts';
import { foundObjects, namedTargets, refuseUnfit } from './named-targets.ts';
import type { Natives } from './natives.ts';
import type { ShellKeeper } from './node-shells.ts';
import type { Runs } from './runs.ts';
import type { Sessions } from './session-handlers.ts';
import type { Tasks } from './tasks.ts';
import type { Views } from './view-handlers.ts';

export type ActionHandlers = Pick<Handlers, 'action.menu' | 'action.plan' | 'action.run' | 'action.cancel'>;

export type ActionOptions = {
  readonly clients: Clients;
  readonly views: Views;
  readonly sessions: Pick<Sessions, 'foundOf'>;
  readonly clock: Clock;
  readonly guards: Guards;
  readonly keeper: Keeper;
  readonly natives: Natives;
  readonly runs: Runs;
  readonly tasks: Tasks;
  readonly shells: ShellKeeper['shells'];
};

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
const lost = (keys: readonly string[], targets: readonly unknown[]): readonly ActionResult[] =>
  Array.from({ length: Math.max(0, keys.length - targets.length) }, () => ({
    object: 'an object that was selected',
    ok: false,
    message: 'is gone: nothing was done to it',
  }));

/** Which of the ways to kubectl's code is used is said when it is not the usual one. */
export const abilityIn = async (context: OpenContext, natives: Natives, clock: Clock): Promise<Ability> =>
  createAbility({
    context: context.name,
    transport: await context.transport(),
    clock,
    native: async () => {
      const client = await natives.client(context);
      const { kind, why } = await natives.loaded();
      return { client, how: kind === 'kubectl' ? `Through the kubectl program. ${why.join(' ')}` : '' };
    },
  });

type Named = { readonly view: number; readonly keys: readonly string[]; readonly objects?: readonly TypedObject[] };

/** The objects an action is for, and what their context can do: that of the view, or the one that was typed. */
const resolver =
  ({ clients, views, sessions, clock, natives, shells }: ActionOptions) =>
  async (client: number, { view, keys, objects }: Named) => {
    const abilityFor = async (context: OpenContext): Promise<Ability> => ({
      ...(await abilityIn(context, natives, clock)),
      nodeShells: shells(client, context),
    });
    if (objects !== undefined) {
      // One line has one context.
      const standing = await clients.standing(client, objects[0]?.context);
      const ability = await abilityFor(standing.context);
      return {
        context: standing.context,
        targets: await namedTargets(objects, standing, ability),
        hidden: [],
        ability,
      };
    }
    const own = sessions.foundOf(client, view);
    if (own !== undefined) {
      const ability = await abilityFor(own.context);
      return { context: own.context, targets: [own.target], hidden: [], ability };
    }
    const context = views.contextOf(client, view);
    const { targets, hidden } = await views.engineOf(client, view).call('view.targets', { view, keys }, client);
    if (targets.length === 0 && keys.length > 0) {
      throw new ClusterError('not-found', 'the objects are gone', { hint: 'The table shows what is there now.' });
    }
    return { context, targets, hidden, ability: await abilityFor(context) };
  };

export const actionHandlers = (options: ActionOptions): ActionHandlers => {
  const { guards, keeper, runs, tasks } = options;
  const resolve = resolver(options);

  const runOptions = async (
    { dryRun, typed, unjournaled = false }: RunParams,
    context: string,
  ): Promise<RunActionOptions> => ({
    dryRun,
    typed,
    guard: guards.of(context).mode,
    recorder: dryRun ? undefined : await keeper.recorder(unjournaled),
  });

  return {
    'action.menu': async ({ view, keys, actions: ids }, client) => {
      const { targets, ability } = await resolve(client, { view, keys });
      const wanted = ids === undefined ? actions : actions.filter(({ id }) => ids.includes(id));
      return { actions: await menu(wanted, targets, ability) };
    },
    'action.plan': async ({ action: id, inputs, ...on }, client) => {
      const { keys, objects } = on;
      const action = find(id);
      const { targets, hidden, ability } = await resolve(client, on);
      refuseParts(action, targets);
      if (objects !== undefined) await refuseUnfit(action, targets, ability);
      const { mode: guard } = guards.of(ability.context);
      const unjournaled = guard === 'read-only' ? undefined : await keeper.problem();
      const plan = await planAction(action, targets, inputs, ability, { guard, unjournaled });
      if (objects !== undefined) return { ...plan, danger: action.danger, objects: foundObjects(targets) };
      return { ...plan, lines: [...unseen(keys, targets.length, hidden), ...plan.lines] };
    },
    'action.run': async ({ action: id, inputs, how: params, ...on }, client) => {
      const action = find(id);
      const { keys } = on;
      const { context, targets, ability } = await resolve(client, on);
      refuseParts(action, targets);
      const how = await runOptions(params, ability.context);
      if (action.long === true) {
        const names = targets.map(({ name }) => name).join(', ');
        const title = `${params.dryRun ? 'dry run of ' : ''}${action.verb} ${names} · ${ability.context}`;
        const release = context.hold();
        const task = tasks.start(client, title, (signal, show) =>
          runAction(action, targets, inputs, { ...how, signal, show }, ability).finally(release),
        );
        return { results: lost(keys, targets), task };
      }
      const results = await runs.run(client, params.run, (signal, onDone) =>
        runAction(action, targets, inputs, { ...how, signal, onDone }, ability),
      );
      return { results: [...results, ...lost(keys, targets)] };
    },
    'action.cancel': ({ run }, client) => {
      runs.cancel(client, run);
      return null;
    },
  };
};
