import type { Outcome } from '../actions/define-action.ts';
import { checkTyped, framedPlan } from '../actions/run.ts';
import { runWrites, type Write } from '../actions/write.ts';
import { discover } from '../cluster/discovery.ts';
import type { KubeObject } from '../journal/kept-object.ts';
import {
  type ApplySetting,
  applyPlanned,
  type PlannedObject,
  planSet,
  pruneCandidates,
  setLines,
} from '../objects/apply-set.ts';
import type { JsonMap } from '../objects/json.ts';
import { parseManifests } from '../objects/manifest.ts';
import { resourcePath, type Target } from '../protocol/resource.ts';
import type { ActionInput, Params } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import { abilityIn } from './action-handlers.ts';
import type { Clients } from './clients.ts';
import type { Guards } from './guards.ts';
import type { Keeper } from './keeper.ts';
import { type ManifestText, readKustomization, readManifestFiles } from './manifest-files.ts';
import type { Natives } from './natives.ts';
import type { OpenContext } from './open-context.ts';
import type { Runs } from './runs.ts';

export type ApplyHandlers = Pick<Handlers, 'apply.plan' | 'apply.run'>;

export type ApplyOptions = {
  readonly clients: Clients;
  readonly natives: Natives;
  readonly guards: Guards;
  readonly keeper: Keeper;
  readonly runs: Runs;
  readonly clock: Clock;
  /** The kubectl program, for overlays. */
  readonly kubectl: () => Promise<string | undefined>;
};

type Pruned = { readonly target: Target; readonly live: JsonMap };

type Planned = {
  readonly context: OpenContext;
  readonly setting: ApplySetting;
  readonly objects: readonly PlannedObject[];
  readonly prune: readonly Pruned[];
};

const textsOf = async (
  { text, files = [], kustomize, recursive = false }: Params<'apply.plan'>,
  kubectl: () => Promise<string | undefined>,
): Promise<readonly ManifestText[]> => {
  const given = text === undefined ? [] : [{ file: 'buffer', text }];
  const read = await Promise.all(files.map((file) => readManifestFiles(file, recursive)));
  const overlay = kustomize === undefined ? [] : [await readKustomization(kustomize, await kubectl())];
  return [...given, ...read.flat(), ...overlay];
};

const manifestsOf = (texts: readonly ManifestText[]) => {
  const parsed = texts.map(({ file, text }) => parseManifests(text, file));
  const problems = parsed.flatMap((each) => each.problems);
  const manifests = parsed.flatMap((each) => each.manifests);
  if (problems.length > 0) {
    throw new ClusterError('invalid', `Nothing was applied: ${problems.join('; ')}`, {
      hint: 'Mend it and try again.',
    });
  }
  if (manifests.length > 0) return manifests;
  throw new ClusterError('invalid', `There is no object in ${texts.map(({ file }) => file).join(', ')}.`);
};

const settingOf = async (context: OpenContext, namespace: string, clock: Clock): Promise<ApplySetting> => {
  const transport = await context.transport();
  let discovery = await discover(transport);
  return {
    context: context.name,
    transport,
    now: () => clock.now(),
    namespace,
    findKind: (group, kind, version) => discovery.findKind(group, kind, version),
    refresh: async () => {
      discovery = await discover(transport, true);
    },
  };
};

const takeOver = (objects: readonly PlannedObject[]): ActionInput[] =>
  objects.some(({ conflicts }) => conflicts.length > 0)
    ? [{ name: 'force', label: 'take over fields of others', type: 'boolean', value: false }]
    : [];

const counted = (objects: readonly PlannedObject[], prune: number): string => {
  const of = (state: PlannedObject['state']): number => objects.filter((each) => each.state === state).length;
  const parts = [
    [of('create'), 'to create'],
    [of('update'), 'to change'],
    [of('unchanged'), 'unchanged'],
    [prune, 'to delete'],
    [of('refused'), 'refused by the server'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
};

type How = { readonly force: boolean; readonly dryRun: boolean };

const writeOf = (
  object: PlannedObject,
  { force, dryRun }: How,
  { setting }: Planned,
  { clock }: ApplyOptions,
): Write => ({
  target:
    object.live === undefined
      ? object.target
      : { ...object.target, uid: String((object.live.metadata as JsonMap).uid) },
  command: [
    'apply',
    '--server-side',
    '--field-manager=kubectl-live',
    ...(force ? ['--force-conflicts'] : []),
    '--filename=-',
  ],
  send: async (): Promise<Outcome> => {
    // The plan was a dry run of the server already.
    if (dryRun) return { message: object.live === undefined ? 'would be created' : 'would be changed' };
    const pause = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
    const after = (await applyPlanned(object, { force, pause }, setting)) as KubeObject;
    if (object.live === undefined) return { message: 'created', change: { kind: 'create', after } };
    return { message: 'changed', change: { kind: 'update', before: object.live as KubeObject, after } };
  },
});

const deletionOf = ({ target, live }: Pruned, dryRun: boolean, { setting }: Planned): Write => ({
  target,
  command: [
    'delete',
    `${target.resource.resource}/${target.name}`,
    ...(target.namespace === '' ? [] : ['--namespace', target.namespace]),
  ],
  send: async () => {
    if (dryRun) return { message: 'would be deleted' };
    await setting.transport.json({
      method: 'DELETE',
      path: resourcePath(target.resource, target.namespace, target.name),
      body: { propagationPolicy: 'Background', preconditions: { uid: target.uid } },
    });
    return {
      message: 'deleted: the set does not have it any more',
      change: { kind: 'delete', before: live as KubeObject },
    };
  },
});

/** Sets of manifests: files, folders, overlays, the text of a buffer. */
export const applyHandlers = (options: ApplyOptions): ApplyHandlers => {
  const { clients, natives, guards, keeper, runs, clock, kubectl } = options;
  /** The newest plan of each client. */
  const plans = new Map<number, { readonly id: number; readonly planned: Planned }>();
  let last = 0;
  return {
    'apply.plan': async (params, client) => {
      const { context, namespaces } = await clients.standing(client, params.context);
      const [first = context.namespace] = namespaces;
      const manifests = manifestsOf(await textsOf(params, kubectl));
      const setting = await settingOf(context, params.namespace ?? first, clock);
      const objects = await planSet(manifests, setting);
      const prune = params.prune === undefined ? [] : await pruneCandidates(objects, params.prune, setting);
      const planned: Planned = { context, setting, objects, prune };
      last += 1;
      plans.set(client, { id: last, planned });
      const todo = objects.filter(({ state }) => state === 'create' || state === 'update');
      const targets = [...todo.map(({ target }) => target), ...prune.map(({ target }) => target)];
      const lines = [
        counted(objects, prune.length),
        ...setLines(objects),
        ...prune.map(({ target }) => `- ${target.resource.resource}/${target.name} in ${target.namespace}: deleted`),
      ];
      if (targets.length === 0) return { nothing: lines.join('\n') };
      const { mode: guard } = guards.of(context.name);
      const unjournaled = guard === 'read-only' ? undefined : await keeper.problem();
      const ability = await abilityIn(context, natives, clock);
      const inputs = takeOver(objects);
      return {
        plan: last,
        confirm: framedPlan({ verb: 'apply', lines, inputs }, targets, ability, { guard, unjournaled }),
      };
    },
    'apply.run': async ({ plan: id, inputs, how: { run, dryRun, typed, unjournaled = false } }, client) => {
      const found = plans.get(client);
      if (found?.id !== id)
        throw new ClusterError('conflict', 'This plan is not the newest any more. Nothing was done.');
      const { planned } = found;
      const todo = planned.objects.filter(({ state }) => state === 'create' || state === 'update');
      const writes = [
        ...todo.map((object) => writeOf(object, { force: inputs.force === true, dryRun }, planned, options)),
        ...planned.prune.map((each) => deletionOf(each, dryRun, planned)),
      ];
      const targets = writes.map(({ target }) => target);
      const { name } = planned.context;
      const { mode: guard } = guards.of(name);
      checkTyped(targets, { guard, dryRun, typed }, name);
      const recorder = dryRun ? undefined : await keeper.recorder(unjournaled);
      const ability = await abilityIn(planned.context, natives, clock);
      // What others need is there before they are sent: namespaces, definitions, then everything else.
      const isFirst = ({ target: { resource } }: Write): boolean =>
        ['Namespace', 'CustomResourceDefinition'].includes(resource.kind);
      const results = await runs.run(client, run, async (signal, onDone) => {
        const how = { action: 'apply', verb: 'apply', dryRun, guard, recorder, signal, onDone };
        const before = await runWrites(writes.filter(isFirst), how, ability);
        return [
          ...before,
          ...(await runWrites(
            writes.filter((write) => !isFirst(write)),
            how,
            ability,
          )),
        ];
      });
      plans.delete(client);
      return { results };
    },
  };
};
