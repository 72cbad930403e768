import type { KubeObject } from '../journal/kept-object.ts';
import type { Operation } from '../journal/reverse.ts';
import { resourceKey, type Target } from '../protocol/resource.ts';
import type { ActionInput } from '../protocol/wire.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { type Ability, denied, examples, objectPath, objectText } from './ability.ts';
import { type Action, defineAction, type Inputs, type Outcome, type RunOptions } from './define-action.ts';
import { inspect, readObject, replacedError } from './objects.ts';
import { namedLines, SHOWN } from './plan-text.ts';

export type Patch =
  | { readonly type: 'merge'; readonly body: Readonly<Record<string, unknown>> }
  /** Types of the server's own know how to merge lists; others answer 415 and take the operations. */
  | {
      readonly type: 'strategic';
      readonly body: Readonly<Record<string, unknown>>;
      readonly otherwise?: readonly Operation[];
    }
  | { readonly type: 'json'; readonly body: readonly Operation[] }
  /** The whole object, for subresources that take nothing else. */
  | { readonly type: 'put'; readonly body: KubeObject };

/** What is to be done to one object as it is now. Without a patch: nothing, and the text says why. */
export type Step = { readonly text: string; readonly patch?: Patch };

/** Where an object stands while it is changed. */
export type Place = { readonly target: Target; readonly ability: Ability };

const contentTypes = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
} as const;

/** Somebody else writes the object too; each conflict is settled by a fresh look. */
const ATTEMPTS = 8;

const fieldManager = 'kubectl-live';

type Sent = { readonly dryRun: boolean; readonly subresource?: string; readonly signal?: AbortSignal | undefined };

/**
 * Sends a patch that holds for the object that was read only: its uid always, and its version unless the patch tests
 * by itself what it changes. Gives the object as the server has it afterwards.
 */
export const sendPatch = async (
  target: Target,
  before: KubeObject,
  patch: Patch,
  { dryRun, subresource = '', signal }: Sent,
  ability: Ability,
): Promise<KubeObject> => {
  const { uid, resourceVersion } = before.metadata ?? {};
  const request = {
    path: objectPath(target, subresource),
    query: { dryRun: dryRun ? 'All' : undefined, fieldManager },
    ...(signal !== undefined && { signal }),
  };
  const send = (type: keyof typeof contentTypes, body: unknown): Promise<KubeObject> =>
    ability.transport.json<KubeObject>({
      ...request,
      method: 'PATCH',
      headers: { 'content-type': contentTypes[type] },
      body: JSON.stringify(body),
    });
  const operations = (body: readonly Operation[]) => [{ op: 'test', path: '/metadata/uid', value: uid }, ...body];
  if (patch.type === 'put')
    return await ability.transport.json<KubeObject>({ ...request, method: 'PUT', body: patch.body });
  const sendOperations = async (body: readonly Operation[]): Promise<KubeObject> => {
    try {
      return await send('json', operations(body));
    } catch (thrown) {
      // The server does not say which of the tests failed.
      if (asClusterError(thrown).status !== 422) throw thrown;
      const now: KubeObject = await readObject(target, ability, signal);
      throw now.metadata?.uid === uid ? thrown : replacedError(target, thrown);
    }
  };
  if (patch.type === 'json') return await sendOperations(patch.body);
  const metadata = { ...(patch.body.metadata as object | undefined), uid, resourceVersion };
  try {
    return await send(patch.type, { ...patch.body, metadata });
  } catch (thrown) {
    const { status } = asClusterError(thrown);
    if (status !== 415 || patch.type !== 'strategic' || patch.otherwise === undefined) throw thrown;
    return await sendOperations(patch.otherwise);
  }
};

/**
 * Reads an object, lets `decide` say what to do to it as it is, and does that; reads again when somebody else was
 * faster. Never touches another object than the target's.
 */
export const changeObject = async (
  { target, ability }: Place,
  decide: (before: KubeObject) => Step | Promise<Step>,
  { dryRun, signal }: RunOptions,
  subresource = '',
): Promise<Outcome> => {
  for (let attempt = 1; ; attempt += 1) {
    const before: KubeObject = await readObject(target, ability, signal);
    if (target.uid !== undefined && before.metadata?.uid !== target.uid) throw replacedError(target);
    const { text, patch } = await decide(before);
    if (patch === undefined) return { message: text };
    try {
      const after = await sendPatch(target, before, patch, { dryRun, subresource, signal }, ability);
      if (dryRun) return { message: `${text} (tried, not done)` };
      return { message: text, change: { kind: 'update', before, after, subresource } };
    } catch (thrown) {
      const error = asClusterError(thrown);
      if (error.code !== 'conflict') throw error;
      if (attempt < ATTEMPTS) continue;
      throw new ClusterError('conflict', `${objectText(target)} changes faster than it can be changed from here.`, {
        hint: 'Somebody else (a controller, an operator) writes it: try again, or look who.',
        cause: error,
      });
    }
  }
};

/** An action that changes fields of objects; what they are is said once, for the plan, the request and the journal. */
export type ChangeSpec = Pick<Action, 'id' | 'title' | 'key' | 'verb' | 'command'> & {
  readonly danger?: boolean;
  readonly note?: Action['note'];
  /** Whether the resource can take it at all; asked before any object is read. */
  readonly serves?: (target: Target) => true | string;
  /** Whether an object of its resource can take it: by what it has, not by its kind. */
  readonly fits?: (object: KubeObject, target: Target) => true | string;
  readonly inputs?: (objects: readonly KubeObject[], targets: readonly Target[]) => readonly ActionInput[];
  /** What is done to an object as it is. Throws ClusterError('invalid') for inputs that make no sense. */
  readonly change: (object: KubeObject, inputs: Inputs, place: Place) => Step | Promise<Step>;
  /** Lines below those of the objects. */
  readonly around?: (targets: readonly Target[], inputs: Inputs, ability: Ability) => Promise<readonly string[]>;
  readonly subresource?: string;
  /** Any of these rights is enough; `patch` unless told. */
  readonly verbs?: readonly string[];
};

const serve = ({ serves, verbs = ['patch'], subresource = '' }: ChangeSpec, target: Target): true | string => {
  const { resource } = target;
  if (subresource !== '' && !resource.subresources.includes(subresource)) {
    return `${resourceKey(resource)} have no ${subresource}`;
  }
  if (subresource === '' && !verbs.some((verb) => resource.verbs.includes(verb))) {
    return `${resourceKey(resource)} cannot be changed`;
  }
  return serves?.(target) ?? true;
};

const appliesOf =
  (spec: ChangeSpec): Action['applies'] =>
  async (targets, ability) => {
    const kinds = examples(targets);
    for (const target of kinds) {
      const answer = serve(spec, target);
      if (answer !== true) return answer;
    }
    for (const target of kinds) {
      const answer = spec.fits?.(await ability.live(target), target) ?? true;
      if (answer !== true) return answer;
    }
    const refused = await denied(targets, spec.verbs ?? ['patch'], ability, spec.subresource);
    if (refused !== undefined) return refused;
    const [only] = targets;
    // Of one object it can be said that there is nothing to do, where nothing is asked first.
    if (targets.length > 1 || only === undefined || spec.inputs !== undefined) return true;
    const { text, patch } = await spec.change(await ability.live(only), {}, { target: only, ability });
    return patch === undefined ? text : true;
  };

/** Why a controller may take it back: the object is what somebody else makes. */
const ownedBy = (object: KubeObject): string => {
  const owner = object.metadata?.ownerReferences?.find(({ controller }) => controller === true);
  return owner === undefined ? '' : ` (${owner.kind} ${owner.name} owns it and may change this back)`;
};

const planOf =
  (spec: ChangeSpec): Action['plan'] =>
  async (targets, inputs, ability) => {
    const found = await inspect(targets, ability, SHOWN);
    const facts = await Promise.all(
      found.map(async (each, index) => {
        const target = targets[index];
        if (each.state === 'gone') return 'is gone';
        if (each.state === 'replaced') return 'was made again since: it will be refused';
        if (each.state === 'unknown') return `cannot be looked at: ${each.reason}`;
        if (target === undefined) return '';
        const fit = spec.fits?.(each.object, target) ?? true;
        if (fit !== true) return `is left alone: ${fit}`;
        try {
          const { text, patch } = await spec.change(each.object, inputs, { target, ability });
          return patch === undefined ? text : `${text}${ownedBy(each.object)}`;
        } catch (thrown) {
          const error = asClusterError(thrown);
          // Wrong inputs are wrong for all; anything else is about this one.
          if (error.code === 'invalid' || targets.length === 1) throw error;
          return `is left alone: ${error.message}`;
        }
      }),
    );
    const around = (await spec.around?.(targets, inputs, ability)) ?? [];
    return [...namedLines(targets, (_target, index) => facts[index] ?? ''), ...around];
  };

export const defineChange = (spec: ChangeSpec): Action => {
  const { id, title, key, verb, danger = false, note, command } = spec;
  return defineAction({
    ...{ id, title, key, verb, danger, command },
    ...(note !== undefined && { note }),
    applies: appliesOf(spec),
    inputs: async (targets, ability) => {
      if (spec.inputs === undefined) return [];
      const objects = await Promise.all(examples(targets).map((target) => ability.live(target)));
      return spec.inputs(objects, targets);
    },
    plan: planOf(spec),
    run: (target, inputs, options, ability) =>
      changeObject(
        { target, ability },
        (before) => {
          const fit = spec.fits?.(before, target) ?? true;
          if (fit !== true) throw new ClusterError('unsupported', `${objectText(target)}: ${fit}. Nothing was done.`);
          return spec.change(before, inputs, { target, ability });
        },
        options,
        spec.subresource,
      ),
  });
};

/** `deployments.apps/web --namespace shop`: the object in kubectl's words, as most of its commands take it. */
export const named = ({ resource, namespace, name }: Target): readonly string[] => [
  `${resourceKey(resource)}/${name}`,
  ...(namespace === '' ? [] : ['--namespace', namespace]),
];

export const dryRunFlag = (dryRun: boolean): readonly string[] => (dryRun ? ['--dry-run=server'] : []);
