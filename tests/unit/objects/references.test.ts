import { expect, test } from 'vitest';
import { podLabelsOf, referencesOf, selects } from '../../../src/objects/references.ts';

const spec = {
  serviceAccountName: 'runner',
  nodeName: 'n1',
  priorityClassName: 'high',
  imagePullSecrets: [{ name: 'pull' }],
  volumes: [
    { name: 'conf', configMap: { name: 'settings' } },
    { name: 'keys', secret: { secretName: 'tls' } },
    { name: 'data', persistentVolumeClaim: { claimName: 'disk' } },
    { name: 'mix', projected: { sources: [{ secret: { name: 'part' } }, { configMap: { name: 'more' } }] } },
    { name: 'none', emptyDir: {} },
  ],
  initContainers: [{ name: 'init', envFrom: [{ secretRef: { name: 'all' } }] }],
  containers: [
    {
      name: 'app',
      env: [
        { name: 'A', value: 'x' },
        { name: 'B', valueFrom: { secretKeyRef: { name: 'tls', key: 'k' } } },
        { name: 'C', valueFrom: { secretKeyRef: { name: 'tls', key: 'other' } } },
        { name: 'D', valueFrom: { configMapKeyRef: { name: 'settings', key: 'k' } } },
      ],
    },
  ],
};

const short = (object: Parameters<typeof referencesOf>[0]): string[] =>
  referencesOf(object).map(
    ({ as, kind, name, namespace }) => `${as}: ${kind}/${name}${namespace ? ` in ${namespace}` : ''}`,
  );

test('a pod, and what makes pods, name what the pods need, each once', () => {
  const expected = [
    'volume conf: ConfigMap/settings',
    'volume keys: Secret/tls',
    'volume data: PersistentVolumeClaim/disk',
    'volume mix: Secret/part',
    'volume mix: ConfigMap/more',
    'environment of init: Secret/all',
    'environment of app: Secret/tls',
    'environment of app: ConfigMap/settings',
    'service account: ServiceAccount/runner',
    'pulls images with: Secret/pull',
    'runs on: Node/n1',
    'priority: PriorityClass/high',
  ];
  expect(short({ kind: 'Pod', spec })).toEqual(expected);
  expect(short({ kind: 'Deployment', spec: { template: { spec } } })).toEqual(expected);
  expect(short({ kind: 'CronJob', spec: { jobTemplate: { spec: { template: { spec } } } } })).toEqual(expected);
});

test('owners of any kind are told with their uid; a controller makes, others own', () => {
  const ownerReferences = [
    { apiVersion: 'example.com/v1', kind: 'Widget', name: 'w', uid: 'u1' },
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'u2', controller: true },
  ];
  expect(referencesOf({ kind: 'Thing', metadata: { ownerReferences } })).toEqual([
    { as: 'belongs to', group: 'example.com', kind: 'Widget', name: 'w', uid: 'u1' },
    { as: 'is made by', group: 'apps', kind: 'ReplicaSet', name: 'web-1', uid: 'u2' },
  ]);
});

test.each([
  [
    {
      kind: 'HorizontalPodAutoscaler',
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
    },
    ['scales: Deployment/web'],
  ],
  [
    {
      kind: 'Ingress',
      spec: {
        ingressClassName: 'nginx',
        tls: [{ secretName: 'cert' }],
        rules: [{ host: 'a.example', http: { paths: [{ path: '/x', backend: { service: { name: 'web' } } }] } }],
      },
    },
    ['sends a.example/x to: Service/web', 'certificate: Secret/cert', 'class: IngressClass/nginx'],
  ],
  [
    { kind: 'PersistentVolumeClaim', spec: { volumeName: 'pv1', storageClassName: 'fast' } },
    ['bound to: PersistentVolume/pv1', 'class: StorageClass/fast'],
  ],
  [
    { kind: 'PersistentVolume', spec: { claimRef: { namespace: 'shop', name: 'disk' } } },
    ['claimed by: PersistentVolumeClaim/disk in shop'],
  ],
  [
    {
      kind: 'RoleBinding',
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
      subjects: [
        { kind: 'User', name: 'jane' },
        { kind: 'ServiceAccount', name: 'runner', namespace: 'shop' },
      ],
    },
    ['grants: Role/reader', 'to: ServiceAccount/runner in shop'],
  ],
  [{ kind: 'ConfigMap', data: { name: 'x' } }, []],
  [{ kind: 'Pod', spec: { containers: 'odd', volumes: [null, 3] } }, []],
])('%j', (object, expected) => {
  expect(short(object as Parameters<typeof referencesOf>[0])).toEqual(expected);
});

test('selectors of all forms; one that says nothing selects nothing', () => {
  const labels = podLabelsOf({
    kind: 'Deployment',
    spec: { template: { metadata: { labels: { app: 'web' } }, spec } },
  });
  expect(labels).toEqual({ app: 'web' });
  expect(podLabelsOf({ kind: 'Pod', metadata: { labels: { a: 'b' } }, spec })).toEqual({ a: 'b' });
  expect(podLabelsOf({ kind: 'ConfigMap', metadata: { labels: { a: 'b' } } })).toEqual({});
  expect(selects({ app: 'web' }, labels)).toBe(true);
  expect(selects({ app: 'web', tier: 'x' }, labels)).toBe(false);
  expect(selects({ matchLabels: { app: 'web' } }, labels)).toBe(true);
  const rule = (operator: string, ...values: string[]) => ({ matchExpressions: [{ key: 'app', operator, values }] });
  expect(selects(rule('In', 'web', 'x'), labels)).toBe(true);
  expect(selects(rule('NotIn', 'web'), labels)).toBe(false);
  expect(selects(rule('Exists'), labels)).toBe(true);
  expect(selects(rule('DoesNotExist'), labels)).toBe(false);
  for (const empty of [undefined, {}, { matchLabels: {} }]) expect(selects(empty, labels)).toBe(false);
});
