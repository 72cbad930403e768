import type { KubeObject } from '../journal/kept-object.ts';
import { type Resource, resourceKey, resourcePath, type Target } from '../protocol/resource.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import { type Ability, denied, objectText } from './ability.ts';
import { defineAction, type Inputs } from './define-action.ts';
import { budgetLines, type Loss } from './disruption.ts';
import { type LiveObject, replacedError } from './objects.ts';
import { namedLines, SHOWN } from './plan-text.ts';

/** autoscaling/v1 Scale: the same for every resource that has it. */
type Scale = KubeObject & {
  readonly metadata: { readonly uid?: string; readonly resourceVersion?: string };
  readonly spec?: { readonly replicas?: number };
  /** `selector` in its text form. */
  readonly status?: { readonly replicas?: number; readonly selector?: string };
};

type Autoscaler = {
  readonly metadata: { readonly name: string };
  readonly spec?: {
    readonly minReplicas?: number;
    readonly maxReplicas?: number;
    readonly scaleTargetRef?: { readonly apiVersion?: string; readonly kind: string; readonly name: string };
  };
};

/** A rollout under way changes the object all the time; each change is a conflict that a fresh look settles. */
const ATTEMPTS = 8;

const pathOf = ({ resource, namespace, name }: Target): string => resourcePath(resource, namespace, name, 'scale');

const readScale = (target: Target, ability: Ability, signal?: AbortSignal): Promise<Scale> =>
  ability.transport.json<Scale>({ path: pathOf(target), ...(signal !== undefined && { signal }) });

const replicasOf = (scale: Scale): number => scale.spec?.replicas ?? 0;

/** The replicas of the first target that can be read; one that is gone must not stop the others. */
const currentOf = async (targets: readonly Target[], ability: Ability): Promise<number> => {
  let problem: unknown;
  for (const target of targets.slice(0, SHOWN)) {
    try {
      return replicasOf(await readScale(target, ability));
    } catch (thrown) {
      problem ??= thrown;
    }
  }
  throw problem;
};

const wantedOf = (inputs: Inputs): number => {
  const { replicas } = inputs;
  if (typeof replicas === 'number' && Number.isSafeInteger(replicas) && replicas >= 0) return replicas;
  throw new ClusterError('invalid', `Replicas must be 0 or more, not ${replicas}.`, { hint: 'Nothing was done.' });
};

const listIn = async <T>(
  resource: Resource,
  namespace: string,
  ability: Ability,
  query = {},
): Promise<readonly T[]> => {
  const { items } = await ability.transport.json<{ readonly items?: readonly T[] }>({
    path: resourcePath(resource, namespace),
    query,
  });
  return items ?? [];
};

/** Who would change it back. */
const autoscalerLines = async (targets: readonly Target[], ability: Ability): Promise<readonly string[]> => {
  const resource = ability.discovery.findKind('autoscaling', 'HorizontalPodAutoscaler');
  if (resource === undefined) return [];
  const lines = await mapLimited([...new Set(targets.map(({ namespace }) => namespace))], 4, async (namespace) => {
    try {
      const autoscalers = await listIn<Autoscaler>(resource, namespace, ability);
      return autoscalers.flatMap(({ metadata, spec }) => {
        const { kind, name, apiVersion = '' } = spec?.scaleTargetRef ?? { kind: '', name: '' };
        const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
        const hit = targets.some(
          (target) =>
            target.namespace === namespace &&
            target.name === name &&
            target.resource.kind === kind &&
            target.resource.group === group,
        );
        const range = `${spec?.minReplicas ?? 1}…${spec?.maxReplicas ?? '?'}`;
        return hit ? [`! hpa/${metadata.name} keeps ${name} at ${range} replicas and may change this back`] : [];
      });
    } catch (thrown) {
      return [`autoscalers in ${namespace} were not looked at: ${asClusterError(thrown).message}`];
    }
  });
  return lines.flat();
};

/** The pods that go when it gets smaller; one of them stands for the labels of all. */
const lossOf = async (target: Target, scale: Scale, wanted: number, ability: Ability): Promise<Loss> => {
  const pods = Math.max(0, (scale.status?.replicas ?? replicasOf(scale)) - wanted);
  const { namespace } = target;
  const selector = scale.status?.selector ?? '';
  const resource = ability.discovery.findKind('', 'Pod');
  if (pods === 0 || selector === '' || resource === undefined) return { namespace, labels: {}, pods: 0 };
  const query = { labelSelector: selector, limit: '1' };
  const [pod] = await listIn<LiveObject>(resource, namespace, ability, query).catch(() => []);
  return { namespace, labels: pod?.metadata?.labels ?? {}, pods };
};

const readScales = (targets: readonly Target[], ability: Ability): Promise<(Scale | ClusterError)[]> =>
  mapLimited(targets.slice(0, SHOWN), 8, (target) => readScale(target, ability).catch(asClusterError));

/** What stands in the way of so many replicas of each: disruption budgets, and autoscalers that change them back. */
export const scaleWarnings = async (
  targets: readonly Target[],
  wanted: (index: number) => number,
  ability: Ability,
  read?: readonly (Scale | ClusterError)[],
): Promise<readonly string[]> => {
  const scales = read ?? (await readScales(targets, ability));
  const losses = await mapLimited(targets.slice(0, SHOWN), 8, async (target, index) => {
    const scale = scales[index];
    const known = scale !== undefined && !(scale instanceof ClusterError);
    const none = { namespace: target.namespace, labels: {}, pods: 0 };
    return known ? await lossOf(target, scale, wanted(index), ability) : none;
  });
  const [budgets, autoscalers] = await Promise.all([budgetLines(losses, ability), autoscalerLines(targets, ability)]);
  return [...budgets, ...autoscalers];
};

const plan = async (targets: readonly Target[], inputs: Inputs, ability: Ability): Promise<readonly string[]> => {
  const wanted = wantedOf(inputs);
  const scales = await readScales(targets, ability);
  const named = namedLines(targets, (target, index) => {
    const scale = scales[index];
    if (scale === undefined) return '';
    if (scale instanceof ClusterError)
      return scale.code === 'not-found' ? 'is gone' : `cannot be read: ${scale.message}`;
    if (target.uid !== undefined && scale.metadata.uid !== target.uid)
      return 'was made again since: it will be refused';
    const current = replicasOf(scale);
    return current === wanted ? `stays at ${wanted}` : `${current} → ${wanted} replicas`;
  });
  return [...named, ...(await scaleWarnings(targets, () => wanted, ability, scales))];
};

/** PUT, or PATCH where only that is allowed. Both carry the version and the uid that were read. */
const writeScale = async (
  target: Target,
  scale: Scale,
  wanted: number,
  dryRun: boolean,
  ability: Ability,
): Promise<Scale> => {
  const request = { path: pathOf(target), query: { dryRun: dryRun ? 'All' : undefined, fieldManager: 'kubectl-live' } };
  const { resource, namespace } = target;
  const update = await ability.canI('update', resource, namespace, 'scale');
  if (update.allowed) {
    const body = { ...scale, spec: { ...scale.spec, replicas: wanted } };
    return await ability.transport.json<Scale>({ ...request, method: 'PUT', body });
  }
  const { uid, resourceVersion } = scale.metadata;
  return await ability.transport.json<Scale>({
    ...request,
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ metadata: { uid, resourceVersion }, spec: { replicas: wanted } }),
  });
};

const command = (target: Target, replicas: number, dryRun: boolean): readonly string[] => [
  'scale',
  `${resourceKey(target.resource)}/${target.name}`,
  ...(target.namespace === '' ? [] : ['--namespace', target.namespace]),
  `--replicas=${replicas}`,
  ...(dryRun ? ['--dry-run=server'] : []),
];

export default defineAction({
  id: 'scale',
  title: 'scale…',
  key: 'gS',
  danger: false,
  verb: 'scale',
  applies: async (targets, ability) => {
    const fixed = targets.find(({ resource }) => !resource.subresources.includes('scale'));
    if (fixed !== undefined) return `${resourceKey(fixed.resource)} cannot be scaled`;
    return (await denied(targets, ['update', 'patch'], ability, 'scale')) ?? true;
  },
  note: async (targets, ability) => {
    const [target] = targets;
    if (target === undefined || targets.length > 1) return undefined;
    const replicas = replicasOf(await readScale(target, ability));
    return `${replicas} replica${replicas === 1 ? '' : 's'}`;
  },
  inputs: async (targets, ability) => [
    { name: 'replicas', label: 'replicas', type: 'number', value: await currentOf(targets, ability) },
  ],
  plan,
  run: async (target, inputs, { dryRun, signal }, ability) => {
    const wanted = wantedOf(inputs);
    for (let attempt = 1; ; attempt += 1) {
      const scale = await readScale(target, ability, signal);
      if (target.uid !== undefined && scale.metadata.uid !== target.uid) throw replacedError(target);
      const current = replicasOf(scale);
      if (current === wanted) return { message: `has ${wanted} replica${wanted === 1 ? '' : 's'} already` };
      try {
        const after = await writeScale(target, scale, wanted, dryRun, ability);
        const message = `${current} → ${wanted} replicas${dryRun ? ' (tried, not done)' : ''}`;
        if (dryRun) return { message };
        const change = { kind: 'update', before: scale, after, subresource: 'scale' } as const;
        return { message, change, undo: command(target, current, false) };
      } catch (thrown) {
        const error = asClusterError(thrown);
        if (error.code !== 'conflict') throw error;
        if (attempt === ATTEMPTS) {
          throw new ClusterError('conflict', `${objectText(target)} changes faster than it can be scaled.`, {
            hint: 'Somebody else (an autoscaler, an operator) writes it: try again, or look who.',
            cause: error,
          });
        }
      }
    }
  },
  command: (target, inputs, dryRun) => command(target, wantedOf(inputs), dryRun),
});
