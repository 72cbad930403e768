import { type Awkward, ago, type Family, specs } from './awkward.ts';

const scaler = (metrics: readonly object[], more: object = {}) => ({
  scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
  maxReplicas: 10,
  metrics,
  ...more,
});

const average = (averageValue: string) => ({ type: 'AverageValue', averageValue });
const utilization = (averageUtilization: number) => ({ type: 'Utilization', averageUtilization });
const value = (amount: string) => ({ type: 'Value', value: amount });

/** One metric of each type, as a target and as it is now. */
const cpu = (target: object) => ({ type: 'Resource', resource: { name: 'cpu', target } });
const cpuNow = (current: object) => ({ type: 'Resource', resource: { name: 'cpu', current } });
const container = (target: object) => ({
  type: 'ContainerResource',
  containerResource: { name: 'memory', container: 'app', target },
});
const containerNow = (current: object) => ({
  type: 'ContainerResource',
  containerResource: { name: 'memory', container: 'app', current },
});
const metric = { name: 'queries', selector: { matchLabels: { a: 'b' } } };
const pods = (target: object) => ({ type: 'Pods', pods: { metric, target } });
const podsNow = (current: object) => ({ type: 'Pods', pods: { metric, current } });
const describedObject = { apiVersion: 'v1', kind: 'Service', name: 's' };
const ofObject = (target: object) => ({ type: 'Object', object: { metric, describedObject, target } });
const ofObjectNow = (current: object) => ({ type: 'Object', object: { metric, describedObject, current } });
const external = (target: object) => ({ type: 'External', external: { metric, target } });
const externalNow = (current: object) => ({ type: 'External', external: { metric, current } });

const now = (...currentMetrics: readonly object[]) => ({ currentReplicas: 3, desiredReplicas: 4, currentMetrics });

const condition = (type: string, status: string, reason: string) => ({
  type,
  status,
  reason,
  lastTransitionTime: ago(30),
});

const autoscalers: Family = {
  resource: 'horizontalpodautoscalers.autoscaling',
  objects: () =>
    specs({
      'default-metric': { spec: scaler([]) },
      utilization: {
        spec: scaler([cpu(utilization(80))]),
        status: now(cpuNow({ averageUtilization: 41, averageValue: '410m' })),
      },
      'average-value': { spec: scaler([cpu(average('500m'))]), status: now(cpuNow({ averageValue: '0.25' })) },
      'average-value-unknown': { spec: scaler([cpu(average('1500m'))], { minReplicas: 3 }) },
      containers: {
        spec: scaler([container(utilization(50)), container(average('1Gi'))]),
        status: now(
          containerNow({ averageUtilization: 7, averageValue: '70Mi' }),
          containerNow({ averageValue: '70Mi' }),
        ),
      },
      pods: { spec: scaler([pods(average('100'))]), status: now(podsNow({ averageValue: '2500m' })) },
      'pods-unknown': { spec: scaler([pods(average('1k'))]) },
      objects: {
        spec: scaler([ofObject(value('2k')), ofObject(average('10'))]),
        status: now(ofObjectNow({ value: '300' }), ofObjectNow({ averageValue: '3', value: '0' })),
      },
      'objects-unknown': { spec: scaler([ofObject(value('2k')), ofObject(average('10'))]) },
      external: {
        spec: scaler([external(value('30')), external(average('5'))]),
        status: now(externalNow({ value: '31' }), externalNow({ averageValue: '4500m', value: '0' })),
      },
      'external-unknown': { spec: scaler([external(value('30')), external(average('5'))]) },
      'many-metrics': {
        spec: scaler([cpu(utilization(80)), pods(average('100')), external(value('30')), ofObject(average('1'))]),
        status: now(cpuNow({ averageUtilization: 90, averageValue: '1' })),
      },
      limited: {
        spec: scaler([cpu(utilization(80))], { minReplicas: 10 }),
        status: {
          ...now(),
          conditions: [
            condition('AbleToScale', 'True', 'ReadyForNewScale'),
            condition('ScalingActive', 'True', 'ValidMetricFound'),
            condition('ScalingLimited', 'True', 'TooManyReplicas'),
          ],
        },
      },
    }),
};

const selector = { matchLabels: { app: 'a' } };

const budgets: Family = {
  resource: 'poddisruptionbudgets.policy',
  objects: () =>
    specs({
      'min-count': { spec: { minAvailable: 2, selector } },
      'min-share': { spec: { minAvailable: '50%', selector } },
      'max-count': { spec: { maxUnavailable: 0, selector } },
      'max-share': { spec: { maxUnavailable: '25%', selector: {} } },
      neither: { spec: { selector } },
      'too-few': {
        spec: { minAvailable: 3, selector },
        status: { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 3, expectedPods: 3, observedGeneration: 1 },
      },
      allowing: {
        spec: { minAvailable: 1, selector },
        status: { disruptionsAllowed: 4, currentHealthy: 5, desiredHealthy: 1, expectedPods: 5, observedGeneration: 1 },
      },
    }),
};

const quotas: Family = {
  resource: 'resourcequotas',
  objects: () =>
    specs({
      compute: { spec: { hard: { 'limits.cpu': '2', 'limits.memory': '4Gi', 'requests.cpu': '1500m', pods: '10' } } },
      full: { spec: { hard: { configmaps: '1', secrets: '0', 'count/deployments.apps': '5' } } },
      empty: { spec: { hard: {} } },
      'limits-only': { spec: { hard: { 'limits.ephemeral-storage': '10Gi' } } },
      written: {
        spec: { hard: { services: '10' } },
        status: { hard: { services: '10' }, used: { services: '9' } },
      },
    }),
};

const priorityClasses: Family = {
  resource: 'priorityclasses.scheduling.k8s.io',
  objects: () => [
    { name: 'negative', body: { value: -5, preemptionPolicy: 'Never' } },
    { name: 'high', body: { value: 1_000_000_000, description: 'above all' } },
    { name: 'default', body: { value: 0, globalDefault: true } },
  ],
};

const micro = (seconds: number): string => ago(seconds).replace('Z', '.123456Z');

const leases: Family = {
  resource: 'leases.coordination.k8s.io',
  objects: () =>
    specs({
      free: { spec: {} },
      held: {
        spec: { holderIdentity: 'one_2f', leaseDurationSeconds: 15, renewTime: micro(5), acquireTime: micro(90) },
      },
      'run-out': { spec: { holderIdentity: 'gone', leaseDurationSeconds: 15, renewTime: micro(50_000) } },
    }),
};

const plain = (name: string, body: Awkward['body'] = {}): Awkward => ({ name, body });

const serviceAccounts: Family = { resource: 'serviceaccounts', objects: () => [plain('one'), plain('two')] };

const runtimeClasses: Family = {
  resource: 'runtimeclasses.node.k8s.io',
  objects: () => [plain('kata', { handler: 'kata-qemu' }), plain('plain', { handler: 'runc' })],
};

export const policyFamilies: readonly Family[] = [
  autoscalers,
  budgets,
  quotas,
  priorityClasses,
  leases,
  serviceAccounts,
  runtimeClasses,
];
