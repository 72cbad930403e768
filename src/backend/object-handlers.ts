import type { Outcome } from '../actions/define-action.ts';
import { checkTyped, framedPlan } from '../actions/run.ts';
import { runWrites } from '../actions/write.ts';
import type { Change } from '../journal/entry.ts';
import type { KubeObject } from '../journal/kept-object.ts';
import { type CreatePlan, carryOutCreate } from '../objects/create.ts';
import { type ObjectDocument, parseObject } from '../objects/document.ts';
import { type Json, type JsonMap, pathText } from '../objects/json.ts';
import { mergedText } from '../objects/merged-text.ts';
import { planLines } from '../objects/plan-lines.ts';
import { carryOut, isByHand, planWrite, uidIn, type WritePlan, type Writer } from '../objects/write.ts';
import { isSecret, resourceKey, resourcePath, type Target } from '../protocol/resource.ts';
import type { ActionInput, ObjectOpened, ObjectPlan, Params, ToEditor } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { ObjectSession } from '../sessions/object.ts';
import { titleOf } from '../sessions/session-state.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { abilityIn } from './action-handlers.ts';
import type { Guards } from './guards.ts';
import type { Keeper } from './keeper.ts';
import type { Natives } from './natives.ts';
import { confirmCreation, type NewObject, newObject, planNew, sourceOf, tellUnready } from './new-object.ts';
import type { OpenContext } from './open-context.ts';
import type { Runs } from './runs.ts';
import type { Found, Sessions } from './session-handlers.ts';

export type ObjectHandlers = Pick<
  Handlers,
  'object.open' | 'object.show' | 'object.held' | 'object.versions' | 'object.version' | 'object.plan' | 'object.write'
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

type ReadyToCreate = Extract<CreatePlan, { kind: 'ready' }>;

type Open = {
  readonly context: OpenContext;
  readonly target: Target;
  /** Of an object that is there; a text that is to become one has `fresh`. */
  readonly session: ObjectSession | undefined;
  readonly fresh?: NewObject;
  /** The plan the user is looking at. */
  planned:
    | { readonly id: number; readonly plan: Ready; readonly text: string }
    | { readonly id: number; readonly create: ReadyToCreate }
    | undefined;
};

const openedOf = (
  { context, resource, namespace, name }: Target,
  masked: boolean,
  fresh?: NewObject,
): ObjectOpened => ({
  ...(fresh !== undefined && { fresh: fresh.fresh }),
  context,
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

/** What is asked about whether an object is there. */
const metadataOnly = { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json' };

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

/** Its text is followed; a new object's has nothing to follow yet. */
const sessionOf = ({ session }: Open): ObjectSession => {
  if (session !== undefined) return session;
  throw new ClusterError('unsupported', 'There is no such object yet.', { hint: ':w makes it.' });
};

type Told = { readonly open: Open; readonly base: JsonMap; readonly text: string };

let plans = 0;

/** The plan on the wire; a plan that can be carried out is kept until the next one. */
const tell = async (plan: WritePlan, { open, base, text }: Told, options: ObjectOptions): Promise<ObjectPlan> => {
  const { natives, guards, keeper, clock } = options;
  const { target, context } = open;
  const session = sessionOf(open);
  switch (plan.kind) {
    case 'unchanged':
      return { do: 'nothing', message: plan.message };
    case 'refused':
      return { do: 'mend', message: plan.message, problems: plan.problems };
    case 'gone':
      return { do: 'gone', message: plan.message };
    case 'clash': {
      const rev = session.take(plan.live);
      const message = `Others changed the same places meanwhile: ${plan.paths.map(pathText).join(', ')}.`;
      const texts = { base: session.text(base), theirs: session.text(plan.live) };
      return { do: 'merge', message, rev, ...texts, text: mergedText(text, base, plan.live, session.showing) };
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

/** A status is folded away, and what controllers report: a change there is one of `:%s` more often than one that is meant. */
const statusProblem = (plan: WritePlan, text: string): ObjectPlan | undefined => {
  const meddles =
    plan.kind === 'refused'
      ? plan.status === true
      : plan.kind === 'ready' && plan.prepared.some(({ subresource }) => subresource === 'status');
  const parsed = parseObject(text);
  if (!meddles || !parsed.ok) return undefined;
  const message = 'This changes the status, which controllers report. To change it all the same, begin with `gm`.';
  const problems = [{ ...parsed.document.place(['status']), severity: 'error' as const, message }];
  return { do: 'mend', message, problems };
};

const planHandler =
  (opens: Opens, options: ObjectOptions): ObjectHandlers['object.plan'] =>
  async ({ view, rev, text, create = false }, client) => {
    const open = find(opens, client, view);
    open.planned = undefined;
    if (create || open.fresh !== undefined) return await planCreation(open, rev, text, options);
    const { target } = open;
    const session = sessionOf(open);
    const base = session.base(rev);
    const isShown = (status: Json) => session.hasShown(status);
    const draft = { target: { ...target, uid: uidIn(base) }, base, text, showing: session.showing, isShown };
    const plan = await planWrite(draft, await writerOf(open, options.clock));
    const meddling = session.showing.all ? undefined : statusProblem(plan, text);
    return meddling ?? (await tell(plan, { open, base, text }, options));
  };

/** What a plan comes to as one write. */
type Writing = {
  readonly target: Target;
  readonly verb: string;
  readonly done: string;
  readonly command: readonly string[];
  readonly whole: boolean;
  readonly send: (writer: Writer) => Promise<JsonMap>;
  readonly change: (after: KubeObject) => Change;
  readonly undo: (after: JsonMap) => { readonly undo?: readonly string[] };
};

const update = (plan: Ready, open: Open, inputs: Params<'object.write'>['inputs']): Writing => {
  const target = { ...open.target, uid: uidIn(plan.live) };
  const force = forced(plan, inputs);
  return {
    ...{ target, verb: 'apply', done: 'applied', command: applyCommand },
    whole: force.length === plan.conflicts.length,
    send: (writer) => carryOut(target, plan, force, writer),
    change: (after) => ({ kind: 'update', before: plan.live as KubeObject, after }),
    undo: () => ({}),
  };
};

const creation = (plan: ReadyToCreate, { name: context }: OpenContext): Writing => {
  const { resource, namespace } = plan.place;
  const inside = namespace === '' ? [] : ['--namespace', namespace];
  return {
    ...{ target: { context, ...plan.place }, verb: 'create', done: 'created', whole: true },
    command: ['create', '--field-manager=kubectl-live', '--filename=-', ...inside],
    send: (writer) => carryOutCreate(plan, writer),
    change: (after) => ({ kind: 'create', after }),
    undo: ({ metadata }) => ({
      undo: ['delete', `${resourceKey(resource)}/${(metadata as { readonly name: string }).name}`, ...inside],
    }),
  };
};

/** A text that is to become an object, or that is to be one again. */
const planCreation = async (open: Open, rev: number, text: string, options: ObjectOptions): Promise<ObjectPlan> => {
  const { natives, guards, keeper, clock } = options;
  const { context, target, fresh, session } = open;
  const again = fresh === undefined && rev > 0;
  const origin = again ? session?.base(rev) : fresh?.origin;
  const plan = await planNew(text, target, { origin, again }, { context, clock });
  if (plan.kind !== 'ready') return tellUnready(plan, context.name);
  plans += 1;
  open.planned = { id: plans, create: plan };
  const { mode: guard } = guards.of(context.name);
  const unjournaled = guard === 'read-only' ? undefined : await keeper.problem();
  const ability = await abilityIn(context, natives, clock);
  const confirm = confirmCreation(plan, ability, { guard, unjournaled });
  return { do: 'confirm', plan: plans, confirm, before: '', after: text };
};

type Layouts = Map<string, ObjectDocument>;

const writeHandler =
  (
    opens: Opens,
    layouts: Layouts,
    { natives, guards, keeper, runs, clock }: ObjectOptions,
  ): ObjectHandlers['object.write'] =>
  async ({ view, plan: id, inputs, how: { run, dryRun, typed, unjournaled = false } }, client) => {
    const open = find(opens, client, view);
    const { planned, context } = open;
    if (planned?.id !== id) {
      throw new ClusterError('conflict', 'This plan is not the newest any more. Nothing was done.', {
        hint: ':w makes a new one.',
      });
    }
    const writer = await writerOf(open, clock);
    let after: JsonMap | undefined;
    const write = 'create' in planned ? creation(planned.create, context) : update(planned.plan, open, inputs);
    const { target } = write;
    const { mode: guard } = guards.of(context.name);
    checkTyped([target], { guard, dryRun, typed }, context.name);
    const send = async (): Promise<Outcome> => {
      if (dryRun) return { message: `would be ${write.done}` };
      after = await write.send(writer);
      return { message: write.done, change: write.change(after as KubeObject), ...write.undo(after) };
    };
    const recorder = dryRun ? undefined : await keeper.recorder(unjournaled);
    const ability = await abilityIn(context, natives, clock);
    const results = await runs.run(client, run, (signal) =>
      runWrites(
        [{ target, command: write.command, send }],
        { action: write.verb, verb: write.verb, dryRun, guard, recorder, signal },
        ability,
      ),
    );
    // What was left to other managers is still in the text, and only there.
    const whole = after !== undefined && write.whole;
    if (after === undefined || !whole) return { results, whole };
    open.planned = undefined;
    if ('create' in planned) {
      const { name } = after.metadata as { readonly name: string };
      const place = { ...planned.create.place, name };
      layouts.set(keyOf(client, view), planned.create.document);
      return { results, whole, made: sourceOf(context.name, place) };
    }
    const parsed = parseObject(planned.text);
    return { results, whole, ...(parsed.ok && { rev: sessionOf(open).written(after, parsed.document) }) };
  };

const newState = { right: '+ new: :w makes it', style: 'KubectlPending' } as const;

/** A name nobody has is a new object's, as with files; `anew` asks for one whatever is there. */
const freshOf = async (
  { context, target }: Found,
  { source, anew, name, exists = false }: Params<'object.open'>,
): Promise<NewObject | undefined> => {
  if (anew !== undefined)
    return await newObject(anew === 'bare' ? { ...target, name: name ?? '' } : target, anew, name, context);
  if (!('name' in source)) return undefined;
  const path = resourcePath(target.resource, target.namespace, target.name);
  try {
    await (await context.transport()).json({ path, headers: metadataOnly });
    return undefined;
  } catch (thrown) {
    const { code, message } = asClusterError(thrown);
    if (code !== 'not-found') return undefined;
    if (exists) throw new ClusterError(code, message, { hint: 'To make it: :Kubectl new RESOURCE NAME' });
    return await newObject(target, 'bare', undefined, context);
  }
};

const versionHandlers = (opens: Opens): Pick<ObjectHandlers, 'object.versions' | 'object.version'> => ({
  'object.versions': ({ view }, client) => ({
    versions: sessionOf(find(opens, client, view)).versions.list(),
  }),
  'object.version': ({ view, at }, client) => {
    const { versions } = sessionOf(find(opens, client, view));
    const [text, newest] = [versions.text(at), versions.list().at(-1)];
    if (text !== undefined && newest !== undefined) return { text, now: versions.text(newest.at) ?? text };
    throw new ClusterError('not-found', 'this version is not kept any more', { hint: 'gV lists those that are.' });
  },
});

/** The objects whose texts are open as buffers, by client and view. */
export const objectHandlers = (options: ObjectOptions): ObjectHandlers => {
  const { sessions, clock, toEditor } = options;
  const opens: Opens = new Map();
  /** Of texts that objects were made from, until those are opened. */
  const layouts: Layouts = new Map();
  return {
    'object.open': async (params, client) => {
      const { view, source } = params;
      let secret = false;
      let target: Target | undefined;
      let fresh: NewObject | undefined;
      await sessions.open(source, view, client, async (found, textView) => {
        const { ObjectSession } = await import('../sessions/object.ts');
        const { context } = found;
        target = found.target;
        secret = isSecret(target);
        const key = keyOf(client, view);
        fresh = await freshOf(found, params);
        if (fresh !== undefined) {
          target = fresh.target;
          const open: Open = { context, target, session: undefined, fresh, planned: undefined };
          opens.set(key, open);
          textView.state({ phase: 'live', left: titleOf(target, ''), middle: '', shown: 0, total: 0, ...newState });
          return {
            opened: { title: '', filetype: 'yaml' },
            uid: () => undefined,
            dispose: () => {
              if (opens.get(key) === open) opens.delete(key);
            },
          };
        }
        const layout = layouts.get(key);
        layouts.delete(key);
        const session = new ObjectSession({
          target,
          view: textView,
          transport: await context.transport(),
          clock,
          layout,
          push: (text) => toEditor(client, { type: 'object', view, ...text }),
        });
        const open: Open = { context, target, session, planned: undefined };
        opens.set(key, open);
        return {
          opened: { title: '', filetype: 'yaml' },
          uid: () => session.uid,
          dispose: () => {
            session.dispose();
            if (opens.get(key) === open) opens.delete(key);
          },
        };
      });
      if (target === undefined) throw new ClusterError('internal', 'the object was opened without a target');
      return openedOf(target, secret, fresh);
    },
    'object.show': ({ view, all, reveal }, client) => {
      sessionOf(find(opens, client, view)).show({
        ...(all !== undefined && { all }),
        ...(reveal !== undefined && { reveal }),
      });
      return null;
    },
    'object.held': ({ view, rev }, client) => {
      opens.get(keyOf(client, view))?.session?.held(rev);
      return null;
    },
    ...versionHandlers(opens),
    'object.plan': planHandler(opens, options),
    'object.write': writeHandler(opens, layouts, options),
  };
};
