import { type Amounts as AmountMap, amount, limited, type MeasuredPod, requested } from '../util/pod-resources.ts';

export type Amounts = AmountMap;

type Facts = Readonly<Record<string, string>>;

/** Pods of one template on one node have equal facts, and then share them. Emptied when full. */
const shared = new Map<string, Facts>();
const sharedLimit = 8192;

const filled = (all: Readonly<Record<string, string | number | undefined>>): Facts => {
  const facts: Record<string, string> = {};
  for (const [key, value] of Object.entries(all)) if (value !== undefined) facts[key] = String(value);
  return facts;
};

type Pod = MeasuredPod & {
  readonly spec?: (NonNullable<MeasuredPod['spec']> & { readonly nodeName?: string | null }) | null | undefined;
  readonly status?: { readonly phase?: string | null } | null;
};

const amountsKey = (amounts: Amounts): string =>
  amounts === undefined || amounts === null ? '-' : `${amounts.cpu ?? ''},${amounts.memory ?? ''}`;

const resourcesKey = (of: {
  readonly resources?: { requests?: Amounts; limits?: Amounts } | null | undefined;
}): string =>
  of.resources === undefined || of.resources === null
    ? '-'
    : `${amountsKey(of.resources.requests)}/${amountsKey(of.resources.limits)}`;

const keyOf = (pod: Pod, ended: boolean): string => {
  const { spec } = pod;
  let key = `${spec?.nodeName ?? ''} ${ended} ${amountsKey(spec?.overhead)} ${spec == null ? '-' : resourcesKey(spec)}`;
  for (const container of spec?.containers ?? []) key += `;${resourcesKey(container)}`;
  for (const init of spec?.initContainers ?? []) key += `;${init.restartPolicy ?? ''}:${resourcesKey(init)}`;
  return key;
};

/** The node of a pod, whether it has ended, and what it asks for and may use. */
export const podFacts = (pod: Pod): Facts => {
  const phase = pod.status?.phase;
  const ended = phase === 'Succeeded' || phase === 'Failed';
  const key = keyOf(pod, ended);
  const known = shared.get(key);
  if (known !== undefined) return known;
  const facts = filled({
    node: pod.spec?.nodeName || undefined,
    ended: ended ? 'yes' : undefined,
    cpuRequest: requested(pod, 'cpu'),
    cpuLimit: limited(pod, 'cpu'),
    memoryRequest: requested(pod, 'memory'),
    memoryLimit: limited(pod, 'memory'),
  });
  if (shared.size >= sharedLimit) shared.clear();
  shared.set(key, facts);
  return facts;
};

/** Paths that podFacts reads. */
export const podUsageFields: readonly string[] = [
  'spec.resources.requests',
  'spec.resources.limits',
  'spec.overhead',
  ...['spec.containers', 'spec.initContainers'].flatMap((path) => [
    `${path}.resources.requests`,
    `${path}.resources.limits`,
  ]),
];

export const containerFacts = (
  container: string,
  resources: { readonly requests?: Amounts; readonly limits?: Amounts } | null | undefined,
): Facts =>
  filled({
    container,
    cpuRequest: amount(resources?.requests, 'cpu'),
    cpuLimit: amount(resources?.limits, 'cpu'),
    memoryRequest: amount(resources?.requests, 'memory'),
    memoryLimit: amount(resources?.limits, 'memory'),
  });

/** What a node has to give. */
export const nodeFacts = (allocatable: Amounts): Facts =>
  filled({
    cpu: amount(allocatable, 'cpu'),
    memory: amount(allocatable, 'memory'),
    pods: amount(allocatable, 'pods'),
  });
