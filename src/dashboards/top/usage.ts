/** What metrics.k8s.io and the core API say, reduced to numbers: cores and bytes. */
import { type Amounts, amount, limited, type MeasuredPod, requested } from '../../util/pod-resources.ts';
import { type Meta, names } from '../../util/usage-samples.ts';
import { sanitize } from '../../util/width.ts';

export type { Kind, List, NodeMetrics, PodMetrics, Usage } from '../../util/usage-samples.ts';
export { keyOf, nodeUsage, podUsage } from '../../util/usage-samples.ts';

export type Pod = Meta & {
  readonly spec?: NonNullable<MeasuredPod['spec']> & { readonly nodeName?: string };
  readonly status?: { readonly phase?: string };
};

export type Node = Meta & {
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly allocatable?: Amounts;
    readonly conditions?: readonly { readonly type?: string; readonly status?: string }[] | null;
  };
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
