import { expect, test } from 'vitest';
import type { Discovery } from '../../../src/cluster/discovery.ts';
import type { Resource } from '../../../src/protocol/resource.ts';
import { describeLinks } from '../../../src/sessions/describe-links.ts';

const resource = (group: string, plural: string, kind: string, namespaced = true): Resource => ({
  ...{ group, version: 'v1', resource: plural, singular: kind.toLowerCase(), kind, namespaced },
  ...{ verbs: [], shortNames: [], categories: [], subresources: [] },
});

const discovery = {
  resources: [
    resource('', 'pods', 'Pod'),
    resource('', 'nodes', 'Node', false),
    resource('', 'secrets', 'Secret'),
    resource('', 'services', 'Service'),
    resource('', 'configmaps', 'ConfigMap'),
    resource('', 'namespaces', 'Namespace', false),
    resource('', 'serviceaccounts', 'ServiceAccount'),
    resource('', 'persistentvolumeclaims', 'PersistentVolumeClaim'),
    resource('apps', 'replicasets', 'ReplicaSet'),
    resource('apps', 'deployments', 'Deployment'),
    resource('rbac.authorization.k8s.io', 'clusterroles', 'ClusterRole', false),
  ],
} as unknown as Discovery;

const linkOf = (line: string, before = ''): string =>
  describeLinks(line, before, 'shop', discovery)
    .map(({ resource: of, namespace = '', name }) => `${of}/${namespace}/${name}`)
    .join(' ');

test.each([
  ['Node:             worker-1/10.0.0.1', 'nodes//worker-1'],
  ['Namespace:        shop', 'namespaces//shop'],
  ['Service Account:  default', 'serviceaccounts/shop/default'],
  ['Controlled By:  ReplicaSet/web-7d4', 'replicasets.apps/shop/web-7d4'],
  ['Reference:   Deployment/web', 'deployments.apps/shop/web'],
  [
    'OldReplicaSets:  web-1 (0/0 replicas created), web-2 (0/0 replicas created)',
    'replicasets.apps/shop/web-1 replicasets.apps/shop/web-2',
  ],
  ['NewReplicaSet:   web-3 (2/2 replicas created)', 'replicasets.apps/shop/web-3'],
  ['    SecretName:  token', 'secrets/shop/token'],
  ["      PASSWORD:  <set to the key 'password' in secret 'db'>  Optional: false", 'secrets/shop/db'],
  ["      MODE:  <set to the key 'mode' of config map 'settings'>  Optional: false", 'configmaps/shop/settings'],
  ['Claim:           other/data', 'persistentvolumeclaims/other/data'],
  [
    '  Normal  Scheduled  1m  default-scheduler  Successfully assigned shop/web-1 to worker-1',
    'pods/shop/web-1 nodes//worker-1',
  ],
  [
    '  Normal  ScalingReplicaSet  1m  deployment-controller  Scaled up replica set web-3 from 0 to 2',
    'replicasets.apps/shop/web-3',
  ],
  ['              /   web:80 (10.0.0.1:80)', 'services/shop/web'],
  ['Node:             <none>', ''],
  ['  Ready            True', ''],
  ['  Unknown/thing', ''],
])('%s', (line, links) => {
  expect(linkOf(line)).toBe(links);
});

test('a name belongs to the kind of the line before', () => {
  const volume = '    Type:      ConfigMap (a volume populated by a ConfigMap)';
  expect(linkOf('    Name:      settings', volume)).toBe('configmaps/shop/settings');
  expect(linkOf('  Name:  view', '  Kind:  ClusterRole')).toBe('clusterroles.rbac.authorization.k8s.io//view');
  expect(linkOf('Name:         web')).toBe('');
});
