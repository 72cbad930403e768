/** What metrics.k8s.io and the core API say, reduced to numbers: cores and bytes. */
import { parseQuantity } from '../../util/quantity.ts';
import { parseTimestamp } from '../../util/timestamp.ts';
import { sanitize } from '../../util/width.ts';

export type Kind = 'nodes' | 'pods';

type Amounts = Readonly<Record<string, string>> | undefined;

export type List<T> = {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly T[] | null;
};

type Meta = { readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly uid?: string } };

export type NodeMetrics = Meta & { readonly timestamp?: string; readonly usage?: Amounts };
export type PodMetrics = Meta & {
  readonly timestamp?: string;
  readonly containers?: readonly { readonly usage?: Amounts }[] | null;
};

type Resources = { readonly requests?: Amounts; readonly limits?: Amounts } | undefined;
type Container = { readonly resources?: Resources; readonly restartPolicy?: string };

export type Pod = Meta & {
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers?: readonly Container[] | null;
    readonly initContainers?: readonly Container[] | null;
    readonly resources?: Resources;
    readonly overhead?: Amounts;
  };
  readonly status?: { readonly phase?: string };
};

export type Node = Meta & {
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly allocatable?: Amounts;
    readonly conditions?: readonly { readonly type?: string; readonly status?: string }[] | null;
  };
};

export type Usage = {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly at: number;
  readonly cpu: number;
  readonly memory: number;
};

export type NodeFacts = {
  readonly uid: string;
  readonly name: string;
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  readonly pods: number | undefined;
  readonly ready: boolean;
  /** `MemoryPressure`, … as the node reports them. */
  readonly pressures: readonly string[];
  readonly unschedulable: boolean;
};

export type PodFacts = {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly phase: string;
  readonly cpuRequest: number | undefined;
  readonly cpuLimit: number | undefined;
  readonly memoryRequest: number | undefined;
  readonly memoryLimit: number | undefined;
};

export const keyOf = (namespace: string, name: string): string => (namespace === '' ? name : `${namespace}/${name}`);

const amount = (amounts: Amounts, name: string): number | undefined => {
  const text = amounts?.[name];
  return text === undefined ? undefined : parseQuantity(text);
};

const names = ({ metadata }: Meta): { readonly namespace: string; readonly name: string; readonly key: string } => {
  const namespace = sanitize(metadata?.namespace ?? '');
  const name = sanitize(metadata?.name ?? '');
  return { namespace, name, key: keyOf(namespace, name) };
};

/** A sample without a usable time is taken as made now. */
export const nodeUsage = (node: NodeMetrics, now: number): Usage => ({
  ...names(node),
  at: parseTimestamp(node.timestamp) ?? now,
  cpu: amount(node.usage, 'cpu') ?? 0,
  memory: amount(node.usage, 'memory') ?? 0,
});

export const podUsage = (pod: PodMetrics, now: number): Usage => {
  let cpu = 0;
  let memory = 0;
  for (const { usage } of pod.containers ?? []) {
    cpu += amount(usage, 'cpu') ?? 0;
    memory += amount(usage, 'memory') ?? 0;
  }
  return { ...names(pod), at: parseTimestamp(pod.timestamp) ?? now, cpu, memory };
};

export const nodeFacts = (node: Node): NodeFacts => {
  const conditions = node.status?.conditions ?? [];
  const allocatable = node.status?.allocatable;
  return {
    uid: node.metadata?.uid ?? '',
    name: names(node).name,
    cpu: amount(allocatable, 'cpu'),
    memory: amount(allocatable, 'memory'),
    pods: amount(allocatable, 'pods'),
    ready: conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
    pressures: conditions.flatMap(({ type = '', status }) =>
      type.endsWith('Pressure') && status === 'True' ? [sanitize(type)] : [],
    ),
    unschedulable: node.spec?.unschedulable === true,
  };
};

const plus = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);

const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/** What a pod asks for, as the scheduler counts it (k8s.io/component-helpers/resource): sidecars add up, other init containers only raise the peak. */
const requested = (pod: Pod, resource: string): number | undefined => {
  const whole = amount(pod.spec?.resources?.requests, resource);
  if (whole !== undefined) return plus(whole, amount(pod.spec?.overhead, resource));
  const of = (container: Container): number | undefined => amount(container.resources?.requests, resource);
  let sidecars: number | undefined;
  let peak: number | undefined;
  for (const container of pod.spec?.initContainers ?? []) {
    if (isSidecar(container)) sidecars = plus(sidecars, of(container));
    const now = isSidecar(container) ? sidecars : plus(sidecars, of(container));
    if (now !== undefined) peak = Math.max(peak ?? 0, now);
  }
  const running = (pod.spec?.containers ?? []).reduce((sum, container) => plus(sum, of(container)), sidecars);
  const most = running === undefined && peak === undefined ? undefined : Math.max(running ?? 0, peak ?? 0);
  return plus(most, most === undefined ? undefined : amount(pod.spec?.overhead, resource));
};

/** The most a pod may use: known only when each container that keeps running has a limit. */
const limited = (pod: Pod, resource: string): number | undefined => {
  const whole = amount(pod.spec?.resources?.limits, resource);
  if (whole !== undefined) return whole;
  const running = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? []).filter(isSidecar)];
  const limits = running.map((container) => amount(container.resources?.limits, resource));
  if (limits.length === 0 || limits.includes(undefined)) return undefined;
  return limits.reduce<number>((sum, limit) => sum + (limit ?? 0), 0);
};

export const podFacts = (pod: Pod): PodFacts => {
  const { namespace, name } = names(pod);
  return {
    uid: pod.metadata?.uid ?? '',
    namespace,
    name,
    node: sanitize(pod.spec?.nodeName ?? ''),
    phase: pod.status?.phase ?? '',
    cpuRequest: requested(pod, 'cpu'),
    cpuLimit: limited(pod, 'cpu'),
    memoryRequest: requested(pod, 'memory'),
    memoryLimit: limited(pod, 'memory'),
  };
};
