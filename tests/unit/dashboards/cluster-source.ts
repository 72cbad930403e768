import type { JsonRequest, JsonSource } from '../../../src/dashboards/dashboard.ts';
import { ClusterError } from '../../../src/util/error.ts';

type Answer = unknown | (() => unknown);

/** A JsonSource that answers by path; what it does not know is 404, as a server would say. */
export const sourceOf = (answers: Readonly<Record<string, Answer>>): JsonSource & { readonly asked: string[] } => {
  const asked: string[] = [];
  return {
    asked,
    json: async <T>({ path, query, signal }: JsonRequest): Promise<T> => {
      asked.push(query?.continue === undefined ? path : `${path}?${query.continue}`);
      await Promise.resolve();
      if (signal?.aborted) throw new ClusterError('cancelled', 'cancelled');
      const answer = answers[path];
      if (answer === undefined) throw new ClusterError('not-found', `GET ${path}: not found`, { status: 404 });
      const value = typeof answer === 'function' ? (answer as () => unknown)() : answer;
      if (value instanceof Error) throw value;
      return value as T;
    },
  };
};

const stamp = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

export const metricsAt = Date.parse('2026-01-02T03:04:00Z');

export const nodeNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `worker-${String(index + 1).padStart(2, '0')}`);

export const nodeList = (names: readonly string[]) => ({
  items: names.map((name, index) => ({
    metadata: { name, uid: `node-${name}` },
    spec: {},
    status: {
      allocatable: { cpu: '4', memory: '16Gi', pods: '110' },
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: 'MemoryPressure', status: index === 1 ? 'True' : 'False' },
      ],
    },
  })),
});

export const nodeMetrics = (names: readonly string[], at = metricsAt) => ({
  items: names.map((name, index) => ({
    metadata: { name },
    timestamp: stamp(at),
    usage: { cpu: `${(index % 4) * 1000 + 920}m`, memory: `${(index % 3) * 5 + 2}Gi` },
  })),
});

export const podList = (names: readonly string[], nodes: readonly string[]) => ({
  items: names.map((name, index) => ({
    metadata: { name, namespace: 'shop', uid: `pod-${name}` },
    spec: {
      nodeName: nodes[index % nodes.length],
      containers: [
        {
          resources: {
            requests: { cpu: '100m', memory: '128Mi' },
            limits: { cpu: '200m', memory: '256Mi' },
          },
        },
      ],
    },
    status: { phase: 'Running' },
  })),
});

export const podMetrics = (names: readonly string[], at = metricsAt, cpu = (index: number) => index * 3 + 1) => ({
  items: names.map((name, index) => ({
    metadata: { name, namespace: 'shop' },
    timestamp: stamp(at),
    containers: [{ usage: { cpu: `${cpu(index)}m`, memory: `${100 + index}Mi` } }],
  })),
});

export const podNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `cart-${String(index).padStart(3, '0')}`);

export const metricsPaths = {
  nodes: '/apis/metrics.k8s.io/v1beta1/nodes',
  pods: '/apis/metrics.k8s.io/v1beta1/pods',
} as const;

/** A cluster with metrics: `nodes` nodes and `pods` pods. */
export const cluster = (nodes: number, pods: number) => {
  const nodeNamesOf = nodeNames(nodes);
  const podNamesOf = podNames(pods);
  return sourceOf({
    [metricsPaths.nodes]: nodeMetrics(nodeNamesOf),
    [metricsPaths.pods]: podMetrics(podNamesOf),
    '/api/v1/nodes': nodeList(nodeNamesOf),
    '/api/v1/pods': podList(podNamesOf, nodeNamesOf),
  });
};
