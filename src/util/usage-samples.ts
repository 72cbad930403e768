/** What metrics.k8s.io says, reduced to numbers: cores and bytes. */
import { type Amounts, amount } from './pod-resources.ts';
import { parseTimestamp } from './timestamp.ts';
import { sanitize } from './width.ts';

export const metricsRoot = '/apis/metrics.k8s.io/v1beta1';

export type Kind = 'nodes' | 'pods';

export type List<T> = {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly T[] | null;
};

export type Meta = {
  readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly uid?: string };
};

export type NodeMetrics = Meta & { readonly timestamp?: string; readonly usage?: Amounts };
export type PodMetrics = Meta & {
  readonly timestamp?: string;
  readonly containers?: readonly { readonly name?: string; readonly usage?: Amounts }[] | null;
};

export type Usage = {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly at: number;
  readonly cpu: number;
  readonly memory: number;
};

export const keyOf = (namespace: string, name: string): string => (namespace === '' ? name : `${namespace}/${name}`);

export const names = ({
  metadata,
}: Meta): { readonly namespace: string; readonly name: string; readonly key: string } => {
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

/** Of each container of a pod, under the container's name. */
export const containerUsage = (pod: PodMetrics, now: number): readonly Usage[] => {
  const { namespace } = names(pod);
  const at = parseTimestamp(pod.timestamp) ?? now;
  return (pod.containers ?? []).map(({ name: raw = '', usage }) => {
    const name = sanitize(raw);
    return { key: name, namespace, name, at, cpu: amount(usage, 'cpu') ?? 0, memory: amount(usage, 'memory') ?? 0 };
  });
};

/** A sample this much older than the newest says nothing about now: its object is no longer measured. */
const staleSampleMs = 5 * 60_000;

/**
 * Samples that are of now, and when the newest was taken. Ages are compared among samples, never with our own clock:
 * one that is off by an hour must not make everything look stale.
 */
export const current = (
  list: readonly Usage[],
): { readonly usage: ReadonlyMap<string, Usage>; readonly at: number | undefined } => {
  let at: number | undefined;
  for (const one of list) at = at === undefined ? one.at : Math.max(at, one.at);
  const oldest = (at ?? 0) - staleSampleMs;
  return { usage: new Map(list.filter((one) => one.at > oldest).map((one) => [one.key, one])), at };
};
