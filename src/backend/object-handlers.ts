import type { Outcome } from '../actions/define-action.ts';
import { checkTyped, framedPlan } from '../actions/run.ts';
import { runWrites } from '../actions/write.ts';
import type { KubeObject } from '../journal/kept-object.ts';
import { parseObject } from '../objects/document.ts';
import { type JsonMap, pathText } from '../objects/json.ts';
import { planLines } from '../objects/plan-lines.ts';
import { carryOut, isByHand, planWrite, uidIn, type WritePlan } from '../objects/write.ts';
import { isSecret, resourceKey, type Target } from '../protocol/resource.ts';
import type { ActionInput, ObjectOpened, ObjectPlan, Params, ToEditor } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { ObjectSession } from '../sessions/object.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import { abilityIn } from './action-handlers.ts';
import type { Guards } from './guards.ts';
import type { Keeper } from './keeper.ts';
import type { Natives } from './natives.ts';
import type { OpenContext } from './open-context.ts';
import type { Runs } from './runs.ts';
import type { Sessions } from './session-handlers.ts';

export type ObjectHandlers = Pick<
  Handlers,
  'object.open' | 'object.show' | 'object.held' | 'object.plan' | 'object.write'
>;

export type ObjectOptions = {
  readonly sessions: Sessions;
  readonly natives: Natives;
  readonly guards: Guards;
  readonly keeper: Keeper;
  readonly runs: Runs;
  readonly clock: Clock;
  readonly toEditor: (client: number, message: ToEditor) => void;
};

type Ready = Extract<WritePlan, { kind: 'ready' }>;

type Open = {
  readonly context: OpenContext;
  readonly target: Target;
  readonly session: ObjectSession;
  /** The plan the user is looking at. */
  planned: { readonly id: number; readonly plan: Ready; readonly text: string } | undefined;
};

const openedOf = ({ context, resource, namespace, name }: Target, masked: boolean): ObjectOpened => ({
  title: `${context} ▸ ${namespace === '' ? '' : `${namespace} ▸ `}${resourceKey(resource)}/${name}`,
  // A cluster-scoped object has no namespace, which is written as `-`.
  name: `kubectl://${context}/${namespace === '' ? '-' : namespace}/${resourceKey(resource)}/${name}`,
  masked,
});

/** Each field another manager has set can be taken over. By itself only what was set by hand is. */
const takeOver = ({ conflicts, live }: Ready): ActionInput[] =>
  conflicts.map((conflict) => ({
    name: conflict.field,
    label: `take ${conflict.field.replace(/^\./, '')} from ${conflict.manager}`,
    type: 'boolean',
    value: isByHand(conflict, live),
  }));

const forced = (plan: Ready, inputs: Params<'object.write'>['inputs']): string[] =>
  takeOver(plan)
    .filter(({ name, value }) => (inputs[name] ?? value) === true)
    .map(({ name }) => name);

const applyCommand = ['apply', '--server-side', '--field-manager=kubectl-live', '--filename=-'] as const;

type Opens = Map<string, Open>;

const keyOf = (client: number, view: number): string => `${client}:${view}`;

const find = (opens: Opens, client: number, view: number): Open => {
  const open = opens.get(keyOf(client, view));
  if (open !== undefined) return open;
  throw new ClusterError('not-found', 'this buffer is not open in the backend', {
    hint: 'Your text is still here. :e! reads the object again; keep the text first (`:w! file`).',
  });
};

const writerOf = async ({ context }: Open, clock: Clock) => ({
  transport: await context.transport(),
  now: () => clock.now(),
});

type Told = { readonly open: Open; readonly base: JsonMap; readonly text: string };

let plans = 0;

/** The plan on the wire; a plan that can be carried out is kept until the next one. */
const tell = async (plan: WritePlan, { open, base, text }: Told, options: ObjectOptions): Promise<ObjectPlan> => {
  const { natives, guards, keeper, clock } = options;
  const { session, target, context } = open;
  switch (plan.kind) {
    case 'unchanged':
      return { do: 'nothing', message: plan.message };
    case 'refused':
      return { do: 'mend', message: plan.message, problems: plan.problems };
    case 'gone':
      return { do: 'gone', message: plan.message };
    case 'clash': {
      const theirs = session.take(plan.live);
      const places = plan.paths.map(pathText).join(', ');
      const message = `Others changed the same places meanwhile: ${places}.`;
      return { do: 'merge', message, rev: theirs.rev, base: session.text(base), theirs: theirs.text };
    }
    case 'ready': {
      plans += 1;
      open.planned = { id: plans, plan, text };
      const ability = await abilityIn(context, natives, clock);
      const { mode: guard } = guards.of(context.name);
      const unjournaled = guard === 'read-only' ? undefined : await keeper.problem();
      const lines = planLines(plan, session.showing.secret !== false);
      const parts = { verb: 'apply', lines, inputs: takeOver(plan) };
      const confirm = framedPlan(parts, [target], ability, { guard, unjournaled });
      return { do: 'confirm', plan: plans, confirm, before: session.text(plan.live), after: text };
    }
    default:
      return plan satisfies never;
  }
};

const planHandler =
  (opens: Opens, options: ObjectOptions): ObjectHandlers['object.plan'] =>
  async ({ view, rev, text }, client) => {
    const open = find(opens, client, view);
    open.planned = undefined;
    const { target, session } = open;
    const base = session.base(rev);
    const draft = { target: { ...target, uid: uidIn(base) }, base, text, showing: session.showing };
    return await tell(await planWrite(draft, await writerOf(open, options.clock)), { open, base, text }, options);
  };

const writeHandler =
  (opens: Opens, { natives, guards, keeper, runs, clock }: ObjectOptions): ObjectHandlers['object.write'] =>
  async ({ view, plan: id, inputs, how: { run, dryRun, typed, unjournaled = false } }, client) => {
    const open = find(opens, client, view);
    const { planned, context, session } = open;
    if (planned?.id !== id) {
      throw new ClusterError('conflict', 'This plan is not the newest any more. Nothing was done.', {
        hint: ':w makes a new one.',
      });
    }
    const { plan, text } = planned;
    const target = { ...open.target, uid: uidIn(plan.live) };
    const { mode: guard } = guards.of(context.name);
    checkTyped([target], { guard, dryRun, typed }, context.name);
    const force = forced(plan, inputs);
    let after: JsonMap | undefined;
    const send = async (): Promise<Outcome> => {
      if (dryRun) return { message: 'would be applied' };
      after = await carryOut(target, plan, force, await writerOf(open, clock));
      const change = { kind: 'update', before: plan.live as KubeObject, after: after as KubeObject } as const;
      return { message: 'applied', change };
    };
    const recorder = dryRun ? undefined : await keeper.recorder(unjournaled);
    const ability = await abilityIn(context, natives, clock);
    const results = await runs.run(client, run, (signal) =>
      runWrites(
        [{ target, command: applyCommand, send }],
        { action: 'apply', verb: 'apply', dryRun, guard, recorder, signal },
        ability,
      ),
    );
    // What was left to other managers is still in the text, and only there.
    const whole = after !== undefined && force.length === plan.conflicts.length;
    if (after === undefined || !whole) return { results, whole };
    open.planned = undefined;
    const parsed = parseObject(text);
    if (parsed.ok) session.written(after, parsed.document);
    return { results, whole };
  };

/** The objects whose texts are open as buffers, by client and view. */
export const objectHandlers = (options: ObjectOptions): ObjectHandlers => {
  const { sessions, clock, toEditor } = options;
  const opens: Opens = new Map();
  return {
    'object.open': async ({ view, source }, client) => {
      let secret = false;
      let target: Target | undefined;
      await sessions.open(source, view, client, async (found, textView) => {
        const { ObjectSession } = await import('../sessions/object.ts');
        const { context } = found;
        target = found.target;
        secret = isSecret(target);
        const session = new ObjectSession({
          target,
          view: textView,
          transport: await context.transport(),
          clock,
          push: (text) => toEditor(client, { type: 'object', view, ...text }),
        });
        const key = keyOf(client, view);
        const open: Open = { context, target, session, planned: undefined };
        opens.set(key, open);
        return {
          opened: { title: '', filetype: 'yaml' },
          dispose: () => {
            session.dispose();
            if (opens.get(key) === open) opens.delete(key);
          },
        };
      });
      if (target === undefined) throw new ClusterError('internal', 'the object was opened without a target');
      return openedOf(target, secret);
    },
    'object.show': ({ view, all, reveal }, client) => {
      find(opens, client, view).session.show({
        ...(all !== undefined && { all }),
        ...(reveal !== undefined && { reveal }),
      });
      return null;
    },
    'object.held': ({ view, rev }, client) => {
      opens.get(keyOf(client, view))?.session.held(rev);
      return null;
    },
    'object.plan': planHandler(opens, options),
    'object.write': writeHandler(opens, options),
  };
};
