import {
  type Amounts as AmountMap,
  amount,
  limited,
  type MeasuredContainer,
  type MeasuredPod,
  requested,
} from '../util/pod-resources.ts';

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

/** Separators tell absent from empty amounts; joined once, because keys made of keys cost more than the rest of a row. */
const addAmounts = (parts: string[], amounts: Amounts): void => {
  if (amounts === undefined || amounts === null) parts.push('-');
  else parts.push(amounts.cpu ?? '', amounts.memory ?? '');
};

const addContainers = (parts: string[], containers: readonly MeasuredContainer[]): void => {
  for (const { resources, restartPolicy } of containers) {
    if (restartPolicy) parts.push(restartPolicy);
    addAmounts(parts, resources?.requests);
    addAmounts(parts, resources?.limits);
  }
};

const keyOf = ({ spec }: Pod, ended: boolean): string => {
  const parts = [spec?.nodeName ?? '', ended ? 'ended' : ''];
  if (spec?.overhead || spec?.resources) {
    addAmounts(parts, spec.overhead);
    addAmounts(parts, spec.resources?.requests);
    addAmounts(parts, spec.resources?.limits);
    parts.push('pod');
  }
  addContainers(parts, spec?.containers ?? []);
  if (spec?.initContainers?.length) {
    parts.push('init');
    addContainers(parts, spec.initContainers);
  }
  return parts.join(' ');
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
