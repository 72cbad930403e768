/** Objects for each rule of kubectl's printers of deployments, replica sets, services, nodes and events. */

const ago = (seconds: number, micro = false): string => {
  const text = new Date(Date.now() - seconds * 1000).toISOString();
  return micro ? text.replace('Z', '000Z') : text.replace(/\.\d+Z$/, 'Z');
};

const template = (labels: object, ...images: readonly string[]) => ({
  metadata: { labels },
  spec: { schedulerName: 'nobody', containers: images.map((image, index) => ({ name: `c${index}`, image })) },
});

const selectors: readonly (readonly [object, object])[] = [
  [{ app: 'a' }, { matchLabels: { app: 'a' } }],
  [{ b: '2', a: '1', C: '3' }, { matchLabels: { b: '2', a: '1', C: '3' } }],
  [
    { app: 'x', tier: 'web' },
    {
      matchLabels: { tier: 'web' },
      matchExpressions: [
        { key: 'app', operator: 'In', values: ['y', 'x'] },
        { key: 'old', operator: 'DoesNotExist' },
        { key: 'zone', operator: 'NotIn', values: ['z2', 'z1'] },
        { key: 'app', operator: 'Exists' },
      ],
    },
  ],
];

const workload = (apiVersion: string, kind: string, name: string, replicas: number, index: number) => {
  const [labels, selector] = selectors[index] ?? [{}, {}];
  const images = ['registry.example/app:1', 'registry.example/side@sha256:0123', 'busybox'].slice(0, index + 1);
  return { apiVersion, kind, metadata: { name }, spec: { replicas, selector, template: template(labels, ...images) } };
};

export const awkwardDeployments = selectors.map((_, index) =>
  workload('apps/v1', 'Deployment', `d${index}`, index, index),
);

export const awkwardReplicaSets = selectors.map((_, index) =>
  workload('apps/v1', 'ReplicaSet', `r${index}`, index, index),
);

type Status = Readonly<Record<string, unknown>>;

type Wanted = { readonly spec: object; readonly status?: Status };

const service = (name: string, { spec, status }: Wanted) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec,
  ...(status === undefined ? {} : { status }),
});

const port = (number: number, more: object = {}) => ({ name: `p${number}`, port: number, ...more });

const balanced = (...ingress: readonly object[]): Status => ({ loadBalancer: { ingress } });

const balancer = { type: 'LoadBalancer', ports: [port(443)] };

export const awkwardServices = Object.entries<Wanted>({
  plain: { spec: { ports: [port(80)], selector: { app: 'a' } } },
  'many-ports': { spec: { ports: [port(80), port(53, { protocol: 'UDP' }), port(9, { protocol: 'SCTP' })] } },
  headless: { spec: { clusterIP: 'None', ports: [port(80)], selector: { b: '2', a: '1' } } },
  'headless-without-ports': { spec: { clusterIP: 'None', selector: { app: 'a' } } },
  'external-name': { spec: { type: 'ExternalName', externalName: 'db.example.com' } },
  'node-port': { spec: { type: 'NodePort', ports: [port(80), port(81)] } },
  'external-ips': { spec: { ports: [port(80)], externalIPs: ['203.0.113.9', '203.0.113.10'] } },
  'node-port-external-ips': { spec: { type: 'NodePort', ports: [port(80)], externalIPs: ['203.0.113.11'] } },
  'balancer-pending': { spec: balancer },
  'balancer-one': { spec: balancer, status: balanced({ ip: '198.51.100.7' }) },
  'balancer-many': {
    spec: balancer,
    status: balanced(
      { ip: '198.51.100.9' },
      { hostname: 'a-very-long-name.elb.example.com' },
      { ip: '198.51.100.10' },
      { ip: '198.51.100.9' },
    ),
  },
  'balancer-external-ips': {
    spec: { ...balancer, externalIPs: ['203.0.113.12'] },
    status: balanced({ hostname: 'b.elb.example.com' }),
  },
  'balancer-pending-external-ips': { spec: { ...balancer, externalIPs: ['203.0.113.13'] } },
}).map(([name, wanted]) => service(name, wanted));

const node = (name: string, more: { labels?: object; spec?: object; status?: Status }) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'test.example.com/parity': 'yes', ...more.labels } },
  // Nothing of the run may land on them.
  spec: { taints: [{ key: 'test.example.com/parity', value: 'x', effect: 'NoExecute' }], ...more.spec },
  ...(more.status === undefined ? {} : { status: more.status }),
});

const ready = (status: string, ...more: readonly object[]): Status => ({
  conditions: [{ type: 'Ready', status }, ...more],
});

export const awkwardNodes = (prefix: string) =>
  Object.entries<Parameters<typeof node>[1]>({
    bare: {},
    ready: { status: ready('True'), labels: { 'node-role.kubernetes.io/worker': '' } },
    'not-ready': { status: ready('False') },
    unknown: { status: ready('Unknown'), labels: { 'kubernetes.io/role': '' } },
    cordoned: { status: ready('True'), spec: { unschedulable: true } },
    'cordoned-unknown': { spec: { unschedulable: true } },
    pressed: { status: ready('True', { type: 'MemoryPressure', status: 'True' }) },
    roles: {
      status: ready('True'),
      labels: {
        'node-role.kubernetes.io/worker': '',
        'node-role.kubernetes.io/control-plane': 'true',
        'kubernetes.io/role': 'agent',
        'node-role.kubernetes.io/agent': '',
      },
    },
    described: {
      status: {
        addresses: [
          { type: 'Hostname', address: 'n' },
          { type: 'ExternalIP', address: '198.51.100.1' },
          { type: 'InternalIP', address: '10.0.0.9' },
          { type: 'InternalIP', address: 'fd00::9' },
          { type: 'ExternalIP', address: '198.51.100.2' },
        ],
        nodeInfo: {
          kubeletVersion: 'v1.36.3',
          osImage: 'Debian GNU/Linux 12 (bookworm)',
          kernelVersion: '6.1.0-21-amd64',
          containerRuntimeVersion: 'containerd://2.4.2',
          architecture: 'amd64',
          machineID: '',
          systemUUID: '',
          bootID: '',
          operatingSystem: 'linux',
          kubeProxyVersion: '',
        },
      },
    },
  }).map(([name, more]) => node(`${prefix}-${name}`, more));

const event = (name: string, namespace: string, more: object) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name },
  type: 'Normal',
  reason: 'Tested',
  message: 'a message',
  involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name: 'web-1' },
  ...more,
});

const newStyle = {
  reportingComponent: 'example.com/tester',
  reportingInstance: 'tester-1',
  action: 'Testing',
};

export const awkwardEvents = (namespace: string) =>
  Object.entries<object>({
    counted: {
      count: 7,
      firstTimestamp: ago(4000),
      lastTimestamp: ago(95),
      source: { component: 'kubelet', host: 'n1' },
    },
    'without-times': {},
    'first-only': { firstTimestamp: ago(500), type: 'Warning' },
    'last-only': { lastTimestamp: ago(500), count: 2 },
    'new-style': { ...newStyle, eventTime: ago(30, true) },
    series: { ...newStyle, eventTime: ago(9000, true), series: { count: 12, lastObservedTime: ago(61, true) } },
    'both-sources': { ...newStyle, eventTime: ago(30, true), source: { component: 'old', host: 'n2' } },
    'component-only': { source: { component: 'scheduler' }, firstTimestamp: ago(1) },
    'host-only': { source: { host: 'n3' }, firstTimestamp: ago(1) },
    'without-a-name': { involvedObject: { kind: 'ReplicaSet', namespace, apiVersion: 'apps/v1' } },
    'field-path': {
      involvedObject: { kind: 'Pod', namespace, name: 'p', fieldPath: 'spec.containers{app}', apiVersion: 'v1' },
    },
    'space-around': { message: ' \t two words \u0085\u00a0\n' },
    'several-lines': { message: '\nfirst line\nsecond line' },
    'carriage-return': { message: 'progress 1%\rprogress 2%' },
    'terminal-escape': { message: 'red \u001b[31malert\u001b[0m' },
    'other-scripts': { message: '日本語 → é 👍' },
    'long-ago': { firstTimestamp: ago(900_000_000), lastTimestamp: ago(70_000_000), count: 3 },
    'in-the-future': { firstTimestamp: ago(-3600), lastTimestamp: ago(-3600) },
  }).map(([name, more]) => event(name, namespace, more));
