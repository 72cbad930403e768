import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NativeClient, Target } from '../../src/native/types.ts';
import {
  adminSpec,
  allWays,
  apply,
  atMost,
  deployment,
  deploymentTarget,
  freshNamespace,
  goWays,
  kubectl,
  type Loaded,
  rolledOut,
  steady,
  target,
  until,
} from './lab.ts';

let namespace: string;

const size = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const widgets = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.native.test' },
  spec: {
    group: 'native.test',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: size } }],
  },
};

beforeAll(async () => {
  namespace = await freshNamespace();
  const named = (name: string) => ({ metadata: { namespace, name } });
  const web = deployment(namespace, 'web', 2, 'registry.example/web:1');
  await apply(
    { ...web, metadata: { ...web.metadata, annotations: { note: 'über\nall' } } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      ...named('settings'),
      data: { 'a.conf': 'x = "ü"\n' },
      binaryData: { b: 'AAEC' },
    },
    { apiVersion: 'v1', kind: 'Service', ...named('web'), spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } },
    { apiVersion: 'v1', kind: 'Secret', ...named('key'), stringData: { password: 'not shown' } },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      ...named('web'),
      spec: {
        minReplicas: 2,
        maxReplicas: 3,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      ...named('web'),
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
    },
    widgets,
  );
  await kubectl(['wait', 'crd/widgets.native.test', '--for=condition=Established', atMost(20)]);
  const parts = [{ apiURL: 'x' }, 'plain'];
  const big = { apiVersion: 'native.test/v1', kind: 'Widget', ...named('big'), spec: { size: 3, parts } };
  // A new definition is served a moment before everything can be made of it.
  await until(() =>
    apply(big).then(
      () => true,
      () => undefined,
    ),
  );
  await rolledOut(namespace, 'web');
});

const first = async (resource: string, kind: string, group = ''): Promise<Target> => {
  const name = await kubectl([
    'get',
    resource,
    `--namespace=${namespace}`,
    '--output=jsonpath={.items[0].metadata.name}',
  ]);
  return target(resource, kind, name, { group, namespace });
};

const node = target('nodes', 'Node', 'cp-1');
const hpa = { group: 'autoscaling', version: 'v2' };
const kinds: readonly (readonly [string, () => Target | Promise<Target>])[] = [
  ['pod', () => first('pods', 'Pod')],
  ['custom resource', () => target('widgets', 'Widget', 'big', { group: 'native.test', namespace })],
  ['deployment', () => deploymentTarget(namespace, 'web')],
  ['replica set', () => first('replicasets', 'ReplicaSet', 'apps')],
  ['service', () => target('services', 'Service', 'web', { namespace })],
  ['config map', () => target('configmaps', 'ConfigMap', 'settings', { namespace })],
  ['secret', () => target('secrets', 'Secret', 'key', { namespace })],
  ['autoscaler', () => target('horizontalpodautoscalers', 'HorizontalPodAutoscaler', 'web', { ...hpa, namespace })],
  ['budget', () => target('poddisruptionbudgets', 'PodDisruptionBudget', 'web', { group: 'policy', namespace })],
  [
    'definition',
    () =>
      target('customresourcedefinitions', 'CustomResourceDefinition', 'widgets.native.test', {
        group: 'apiextensions.k8s.io',
      }),
  ],
  ['node', () => node],
  ['namespace', () => target('namespaces', 'Namespace', namespace)],
];

/** Ages tick and the world moves: only a text that was the same before and after ours is one to compare with. */
const sameAsKubectl = async (client: NativeClient, object: Target): Promise<void> => {
  const group = object.group === '' ? '' : `.${object.version}.${object.group}`;
  const scope = object.namespace ? [`--namespace=${object.namespace}`] : [];
  const theirs = () => kubectl(['describe', `${object.resource}${group}/${object.name}`, ...scope]);
  for (let [tries, before] = [0, await theirs()]; ; tries++) {
    const ours = await client.describe(object);
    const after = await theirs();
    if (before === after) return expect(ours).toBe(after);
    // A busy machine does not ask three times within one second of an age.
    if (tries > 5 && steady(before) === steady(after)) return expect(steady(ours)).toBe(steady(after));
    before = after;
  }
};

describe.each(allWays)('describe by the %s', (name, load) => {
  let native: Loaded;
  let client: NativeClient;
  beforeAll(async () => {
    native = await load();
    client = native.client(adminSpec());
  });
  afterAll(() => native.dispose());

  // kubectl against kubectl proves only that the arguments are right.
  test.for(name === 'kubectl' ? kinds.slice(0, 2) : kinds)('a %s reads as with kubectl', async ([, object]) => {
    await sameAsKubectl(client, await object());
  });

  test('its version is kubectl’s', async () => {
    const version = JSON.parse(await kubectl(['version', '--client', '--output=json']));
    expect(`v${native.version}`).toBe(version.clientVersion.gitVersion);
  });
});

describe.each(goWays)('many describes by the %s', (_name, load) => {
  test('50 at once do not hold this thread up', async () => {
    const native = await load();
    const client = native.client(adminSpec());
    const one = await client.describe(node);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const before = performance.eventLoopUtilization();
    const texts = await Promise.all(Array.from({ length: 50 }, () => client.describe(node)));
    const { active } = performance.eventLoopUtilization(before);
    delay.disable();
    const [p50, p99] = [50, 99].map((percentile) => (delay.percentile(percentile) / 1e6).toFixed(1));
    console.info(`50 describes: loop delay p50 ${p50} ms, p99 ${p99} ms, thread active ${active.toFixed(0)} ms`);
    expect(texts).toHaveLength(50);
    expect(texts.every((text) => text.split('\n')[0] === one.split('\n')[0])).toBe(true);
    // Idle machine: p50 1 ms and 30 ms active. On a busy one the scheduler takes tens of ms now and then, so the
    // median stands for "does not wait for Go".
    expect(delay.percentile(50) / 1e6).toBeLessThan(25);
    expect(active).toBeLessThan(500);
    native.dispose();
  });
});
