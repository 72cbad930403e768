import fc from 'fast-check';
import { condition, counts, maybe, past, pick, type RandomKind, selector, someOf, template } from './random.ts';

const record = fc.record;

const deployments: RandomKind = {
  resource: 'deployments.apps',
  // Paused: its controller makes nothing of it.
  body: record({ spec: record({ paused: fc.constant(true), replicas: counts(), selector, template }) }),
  status: record({
    observedGeneration: counts(),
    replicas: fc.constant(12),
    updatedReplicas: counts(),
    readyReplicas: counts(),
    availableReplicas: fc.constant(0),
    conditions: someOf(condition('Progressing', 'NewReplicaSetAvailable'), condition('Available')),
  }),
};

const replicaSets: RandomKind = {
  resource: 'replicasets.apps',
  body: record({ spec: record({ replicas: pick(0, 1), selector, template }) }),
  status: record({ replicas: fc.constant(12), readyReplicas: counts(), fullyLabeledReplicas: counts() }),
};

const statefulSets: RandomKind = {
  resource: 'statefulsets.apps',
  body: record({
    spec: record({ serviceName: fc.constant('s'), replicas: pick(0, 1, undefined), selector, template }),
  }),
  status: record({ replicas: fc.constant(12), readyReplicas: counts(), currentReplicas: counts() }),
};

const daemonSets: RandomKind = {
  resource: 'daemonsets.apps',
  body: record({ spec: record({ selector, template }) }),
  status: record({
    desiredNumberScheduled: counts(),
    currentNumberScheduled: counts(),
    numberMisscheduled: counts(),
    numberReady: counts(),
    updatedNumberScheduled: counts(),
    numberAvailable: counts(),
  }),
};

const jobTemplate = template.map((made) => ({ ...made, spec: { ...made.spec, restartPolicy: 'Never' } }));

const jobs: RandomKind = {
  resource: 'jobs.batch',
  deleted: true,
  // Their controller is another one, and there is none.
  body: record({
    spec: record({
      managedBy: fc.constant('test.example.com/nobody'),
      completions: maybe(counts()),
      parallelism: maybe(counts()),
      suspend: fc.boolean(),
      template: jobTemplate,
    }),
  }),
  status: record({
    startTime: maybe(past),
    active: counts(),
    ready: fc.constant(0),
    succeeded: counts(),
    failed: counts(),
    conditions: someOf(
      ...['Suspended', 'FailureTarget', 'SuccessCriteriaMet', 'Failed'].map((type) => condition(type)),
    ),
  }),
};

const cronJobs: RandomKind = {
  resource: 'cronjobs.batch',
  body: record({
    spec: record({
      schedule: pick('0 0 30 2 *', '@yearly', '*/5 1 30 2 *'),
      suspend: pick(true, false, undefined),
      timeZone: pick(undefined, 'Europe/Berlin', 'Etc/UTC'),
      jobTemplate: record({ spec: record({ template: jobTemplate }) }),
    }),
  }),
  status: record({
    active: fc.array(fc.constant({ kind: 'Job', name: 'one' }), { maxLength: 3 }),
    lastScheduleTime: maybe(past),
    lastSuccessfulTime: maybe(past),
  }),
};

const ports = fc
  .uniqueArray(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 4 })
  .chain((numbers) =>
    fc.tuple(
      ...numbers.map((port) => pick('TCP', 'UDP', 'SCTP').map((protocol) => ({ name: `p${port}`, port, protocol }))),
    ),
  );

const services: RandomKind = {
  resource: 'services',
  body: fc
    .oneof(
      record({
        type: pick('ClusterIP', 'NodePort', 'LoadBalancer', 'LoadBalancer'),
        ports,
        selector: pick(undefined, { app: 'a' }, { z: '1', app: 'a' }),
        externalIPs: pick(undefined, undefined, ['192.0.2.1'], ['192.0.2.1', '192.0.2.2']),
      }),
      record({ clusterIP: fc.constant('None'), selector: fc.constant({ app: 'a' }), ports: maybe(ports) }),
      record({ type: fc.constant('ExternalName'), externalName: pick('db.example.com', 'a.example') }),
    )
    .map((spec) => ({ spec })),
  status: record({
    loadBalancer: record({
      ingress: fc.array(pick<object>({ ip: '192.0.2.7' }, { hostname: 'lb.example.com' }, { ip: '2001:db8::1' }), {
        maxLength: 3,
      }),
    }),
  }),
};

const nodes: RandomKind = {
  resource: 'nodes',
  body: record({
    metadata: record({
      labels: pick<object>(
        {},
        { 'node-role.kubernetes.io/worker': '' },
        { 'node-role.kubernetes.io/z': '', 'node-role.kubernetes.io/a': 'x', 'kubernetes.io/role': 'old' },
        { 'kubernetes.io/role': 'master' },
      ),
    }),
    // Nothing is ever scheduled here.
    spec: record({
      unschedulable: fc.boolean(),
      taints: fc.constant([{ key: 'test.example.com/none', effect: 'NoSchedule' }]),
    }),
  }),
  status: record({
    conditions: someOf(condition('Ready', 'KubeletReady'), condition('MemoryPressure'), condition('DiskPressure')),
    addresses: someOf<object>(
      fc.constant({ type: 'InternalIP', address: '10.0.0.7' }),
      fc.constant({ type: 'ExternalIP', address: '192.0.2.9' }),
      fc.constant({ type: 'Hostname', address: 'n' }),
    ),
    nodeInfo: record({
      machineID: fc.constant(''),
      systemUUID: fc.constant(''),
      bootID: fc.constant(''),
      kernelVersion: pick('', '6.1.0'),
      osImage: pick('', 'Debian GNU/Linux 12'),
      containerRuntimeVersion: pick('', 'containerd://2.1.4'),
      kubeletVersion: pick('', 'v1.30.1', 'v1.36.3'),
      kubeProxyVersion: fc.constant(''),
      operatingSystem: pick('', 'linux'),
      architecture: pick('', 'amd64', 'arm64'),
    }),
  }),
};

const claims: RandomKind = {
  resource: 'persistentvolumeclaims',
  deleted: true,
  body: record({
    spec: record({
      accessModes: fc.uniqueArray(pick('ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany'), {
        minLength: 1,
        maxLength: 3,
      }),
      resources: fc.constant({ requests: { storage: '1Gi' } }),
      storageClassName: pick('none', ''),
      volumeMode: pick('Filesystem', 'Block', undefined),
      volumeName: pick(undefined, 'some-volume'),
    }),
  }),
  status: record({
    phase: pick('Pending', 'Bound', 'Lost'),
    accessModes: pick(undefined, ['ReadWriteOnce'], ['ReadOnlyMany', 'ReadWriteOnce', 'ReadWriteMany']),
    capacity: pick<object | undefined>(undefined, { storage: '10Gi' }, { storage: '1500M' }),
  }),
};

const volumes: RandomKind = {
  resource: 'persistentvolumes',
  deleted: true,
  body: record({
    spec: record({
      accessModes: fc.uniqueArray(pick('ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany'), {
        minLength: 1,
        maxLength: 3,
      }),
      capacity: pick({ storage: '10Gi' }, { storage: '1500M' }, { storage: '1e9' }),
      persistentVolumeReclaimPolicy: pick('Retain', 'Delete'),
      storageClassName: pick('', 'none'),
      volumeMode: pick('Filesystem', 'Block'),
      csi: record({ driver: fc.constant('none.example.com'), volumeHandle: fc.constant('x') }),
      claimRef: pick<object | undefined>(undefined, { namespace: 'nowhere', name: 'gone', uid: 'u' }),
    }),
  }),
  status: record({ phase: pick('Pending', 'Available', 'Bound', 'Released', 'Failed'), reason: pick('', 'Trouble') }),
};

const value = record({ type: fc.constant('AverageValue'), averageValue: pick('100m', '7', '2500k') });
const utilization = record({ type: fc.constant('Utilization'), averageUtilization: pick(1, 80) });

const metricSpec = fc.oneof(
  record({
    type: fc.constant('Resource'),
    resource: record({ name: pick('cpu', 'memory'), target: fc.oneof(value, utilization) }),
  }),
  record({
    type: fc.constant('ContainerResource'),
    containerResource: record({
      container: fc.constant('main'),
      name: pick('cpu', 'memory'),
      target: fc.oneof(value, utilization),
    }),
  }),
  record({ type: fc.constant('Pods'), pods: record({ metric: record({ name: fc.constant('qps') }), target: value }) }),
  record({
    type: fc.constant('External'),
    external: record({
      metric: record({ name: fc.constant('queue') }),
      target: fc.oneof(value, record({ type: fc.constant('Value'), value: pick('3', '4k') })),
    }),
  }),
  record({
    type: fc.constant('Object'),
    object: record({
      metric: record({ name: fc.constant('hits') }),
      describedObject: fc.constant({ apiVersion: 'v1', kind: 'Service', name: 's' }),
      target: fc.oneof(value, record({ type: fc.constant('Value'), value: pick('3', '4k') })),
    }),
  }),
);

const current = record({
  averageValue: pick('90m', '6', undefined),
  averageUtilization: pick(undefined, 0, 77),
  value: pick('0', '9m'),
});

const metricStatus = fc.oneof(
  record({ type: fc.constant('Resource'), resource: record({ name: fc.constant('cpu'), current }) }),
  record({
    type: fc.constant('ContainerResource'),
    containerResource: record({ container: fc.constant('main'), name: fc.constant('cpu'), current }),
  }),
  record({ type: fc.constant('Pods'), pods: record({ metric: record({ name: fc.constant('qps') }), current }) }),
  record({
    type: fc.constant('External'),
    external: record({ metric: record({ name: fc.constant('queue') }), current }),
  }),
);

const scalers: RandomKind = {
  resource: 'horizontalpodautoscalers.autoscaling',
  body: record({
    spec: record({
      scaleTargetRef: record({
        apiVersion: fc.constant('apps/v1'),
        kind: pick('Deployment', 'StatefulSet'),
        name: fc.constant('none'),
      }),
      minReplicas: pick(undefined, 1, 2),
      maxReplicas: pick(3, 40),
      metrics: fc.array(metricSpec, { minLength: 1, maxLength: 4 }),
    }),
  }),
  status: record({
    currentReplicas: counts(),
    desiredReplicas: counts(),
    currentMetrics: fc.array(metricStatus, { maxLength: 4 }),
    conditions: someOf(condition('AbleToScale'), condition('ScalingActive'), condition('ScalingLimited')),
  }),
};

const times = record({ firstTimestamp: pick(null), lastTimestamp: pick(null) });

const source = record({
  component: pick('', 'kubelet', 'my-controller'),
  host: pick('', 'node-1'),
});

/** Of the old API and of the new one: with counts and two times, with a time in microseconds, as a series, or with none. */
const eventTimes = fc.oneof(
  record({ firstTimestamp: past, lastTimestamp: past, count: counts(), source }),
  record({ lastTimestamp: past, source }),
  record({
    eventTime: past.map((time) => time.replace('Z', '.000000Z')),
    reportingComponent: fc.constant('example.com/controller'),
    reportingInstance: fc.constant('c-1'),
    action: fc.constant('Testing'),
    series: maybe(
      record({
        count: fc.integer({ min: 2, max: 90 }),
        lastObservedTime: past.map((time) => time.replace('Z', '.000000Z')),
      }),
    ),
  }),
  times,
);

const message = pick('It was so', 'two\nlines', '  spaced  ', '', `${'long '.repeat(80)}`);

const events = (namespace: string): RandomKind => ({
  resource: 'events',
  body: fc
    .tuple(
      eventTimes,
      record({
        type: pick('Normal', 'Warning'),
        reason: pick('Tested', 'FailedScheduling'),
        message,
        involvedObject: record({
          kind: pick('Pod', 'Node', 'Deployment'),
          name: pick('web-1', 'x'),
          namespace: fc.constant(namespace),
          fieldPath: pick(undefined, 'spec.containers{app}'),
        }),
      }),
    )
    .map(([when, rest]) => ({ ...rest, ...when })),
});

const pathOf = record({
  path: fc.constant('/'),
  pathType: pick('Prefix', 'Exact'),
  backend: fc.constant({ service: { name: 'web', port: { number: 80 } } }),
});

const ingresses: RandomKind = {
  resource: 'ingresses.networking.k8s.io',
  body: record({
    spec: record({
      ingressClassName: pick(undefined, 'none'),
      rules: fc.array(
        record({
          host: pick(undefined, 'a.example.com', 'b.example.com', '*.example.com'),
          http: fc.array(pathOf, { minLength: 1, maxLength: 2 }).map((paths) => ({ paths })),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      tls: pick(undefined, [{ hosts: ['a.example.com'], secretName: 's' }]),
    }),
  }),
  status: services.status ?? fc.constant({}),
};

/** The most used ones; pods have a test of their own. `namespace` is the run's. */
export const randomKinds = (namespace: string): readonly RandomKind[] => [
  deployments,
  replicaSets,
  statefulSets,
  daemonSets,
  jobs,
  cronJobs,
  services,
  nodes,
  claims,
  volumes,
  scalers,
  events(namespace),
  ingresses,
];
