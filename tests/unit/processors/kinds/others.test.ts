import { describe, expect, it } from 'vitest';
import { processorFor } from '../../../../src/processors/for-resource.ts';
import type { Row } from '../../../../src/protocol/row.ts';
import { resourceOf } from '../resources.ts';
import { healths, recorded } from './recorded.ts';

const rowOf = (group: string, kind: string, object: object, version = 'v1'): Row => {
  const found = processorFor(resourceOf({ group, kind, version }));
  if (found.kind !== 'own') throw new Error(`${kind} has no file of its own`);
  return found.processor.row({ meta: { uid: 'u1', namespace: 'shop', name: 'one', resourceVersion: '1' }, object });
};

const childrenOf = (resource: string, name: string) => recorded(resource)[name]?.children;
const namespaceOf = (resource: string): string => Object.values(recorded(resource))[0]?.row.namespace ?? '';

describe('health of recorded objects', () => {
  it.each([
    ['endpoints', { none: 'unknown', 'not-ready': 'warning', 'two-subsets': 'ok' }],
    ['endpointslices.discovery.k8s.io', { empty: 'unknown', 'not-ready': 'warning', ports: 'ok' }],
    ['ingresses.networking.k8s.io', { default: 'pending', 'many-hosts': 'ok' }],
    [
      'persistentvolumeclaims',
      { bound: 'ok', pending: 'pending', lost: 'error', terminating: 'pending', 'resize-failed': 'warning' },
    ],
    [
      'persistentvolumes',
      { retained: 'ok', plain: 'pending', released: 'warning', failed: 'error', terminating: 'pending' },
    ],
    ['volumeattachments.storage.k8s.io', { attached: 'ok', waiting: 'pending', failed: 'error', detaching: 'pending' }],
    ['resourcequotas', { compute: 'ok', empty: 'ok', full: 'warning', written: 'warning' }],
    ['poddisruptionbudgets.policy', { allowing: 'ok', 'too-few': 'warning', neither: 'pending' }],
    ['horizontalpodautoscalers.autoscaling', { limited: 'warning', utilization: 'pending' }],
    ['apiservices.apiregistration.k8s.io', { 'v1.apps': 'ok', 'v1.none.example.com': 'error' }],
    [
      'certificatesigningrequests.certificates.k8s.io',
      { pending: 'pending', approved: 'pending', issued: 'done', denied: 'warning', failed: 'error' },
    ],
    ['leases.coordination.k8s.io', { free: 'ok', 'run-out': 'ok' }],
  ])('%s', (resource, expected) => {
    expect(healths(resource)).toMatchObject(expected);
  });

  it('is pending where an object without a state is going', () => {
    const metadata = { deletionTimestamp: '2026-01-01T00:00:00Z' };
    expect(rowOf('storage.k8s.io', 'StorageClass', { metadata }).health).toBe('pending');
  });
});

describe('autoscalers', () => {
  const health = (...conditions: readonly (readonly [string, string, string])[]) =>
    rowOf(
      'autoscaling',
      'HorizontalPodAutoscaler',
      { status: { conditions: conditions.map(([type, status, reason]) => ({ type, status, reason })) } },
      'v2',
    ).health;
  const able = ['AbleToScale', 'True', 'ReadyForNewScale'] as const;
  const active = ['ScalingActive', 'True', 'ValidMetricFound'] as const;

  it('are as healthy as their conditions', () => {
    expect(health(able, active)).toBe('ok');
    expect(health(able, active, ['ScalingLimited', 'True', 'TooFewReplicas'])).toBe('ok');
    expect(health(able, active, ['ScalingLimited', 'True', 'ScaleUpLimit'])).toBe('warning');
    expect(health(able, ['ScalingActive', 'False', 'FailedGetResourceMetric'])).toBe('error');
    expect(health(able, ['ScalingActive', 'False', 'ScalingDisabled'])).toBe('done');
    expect(health(['AbleToScale', 'False', 'FailedGetScale'])).toBe('error');
    expect(health()).toBe('pending');
  });

  it('of version v1 are left to the Table of the server', () => {
    const v1 = resourceOf({ group: 'autoscaling', kind: 'HorizontalPodAutoscaler', version: 'v1' });
    expect(processorFor(v1).kind).toBe('table');
  });
});

describe('quotas', () => {
  const used = (name: string) => recorded('resourcequotas')[name]?.cell('USED');

  it('show the resource that is fullest', () => {
    expect(used('full')).toBe('██████████ 100% configmaps');
    expect(used('written')).toBe('█████████░ 90% services');
    expect(used('compute')).toBe('░░░░░░░░░░ 0% limits.cpu');
    expect(used('empty')).toBe('<none>');
  });

  it('measure amounts, not texts, and no more than the bar holds', () => {
    const status = { hard: { 'requests.memory': '2Gi', pods: '4' }, used: { 'requests.memory': '4096Mi', pods: '1' } };
    const row = rowOf('', 'ResourceQuota', { status });
    expect(row.cells.at(-1)).toEqual({
      text: '██████████ 200% requests.memory',
      value: 200,
      style: 'KubectlWarning',
    });
  });
});

describe('children', () => {
  it('of network objects', () => {
    const policies = 'networkpolicies.networking.k8s.io';
    const space = [namespaceOf(policies)];
    expect(childrenOf(policies, 'every-pod')).toEqual({ table: { resource: 'pods', namespaces: space } });
    expect(childrenOf(policies, 'some')).toEqual({
      table: { resource: 'pods', namespaces: space, selector: 'app in (x,y),tier=web' },
    });
    const slices = 'endpointslices.discovery.k8s.io';
    expect(childrenOf('endpoints', 'one')).toEqual({
      table: {
        resource: slices,
        namespaces: [namespaceOf('endpoints')],
        selector: 'kubernetes.io/service-name=one',
      },
    });
    expect(childrenOf(slices, 'not-ready')).toEqual({
      table: { resource: 'pods', namespaces: [namespaceOf(slices)], names: ['web-1'] },
    });
    expect(childrenOf(slices, 'ports')).toEqual({ describe: true });
    const ingresses = 'ingresses.networking.k8s.io';
    expect(childrenOf(ingresses, 'hosts-after-none')).toEqual({
      table: { resource: 'services', namespaces: [namespaceOf(ingresses)], names: ['web', 'x'] },
    });
  });

  it('of storage: from the volume to its claim to the pods that mount it, and back', () => {
    expect(childrenOf('persistentvolumeclaims', 'bound')).toEqual({ mounts: 'bound' });
    const claims = recorded('persistentvolumeclaims');
    expect(claims.bound?.processor.parent?.(claims.bound.row)).toEqual({
      table: { resource: 'persistentvolumes', namespaces: [], names: ['some-volume'] },
    });
    expect(claims.pending?.processor.parent?.(claims.pending.row)).toEqual({ describe: true });
    expect(childrenOf('persistentvolumes', 'released')).toEqual({
      table: {
        resource: 'persistentvolumeclaims',
        namespaces: [recorded('persistentvolumes').released?.row.facts?.namespace],
        names: ['gone'],
      },
    });
    expect(childrenOf('persistentvolumes', 'plain')).toEqual({ describe: true });
  });

  it('of autoscalers, budgets and accounts', () => {
    const scalers = 'horizontalpodautoscalers.autoscaling';
    expect(childrenOf(scalers, 'pods')).toEqual({
      table: { resource: 'deployment.apps', namespaces: [namespaceOf(scalers)], names: ['web'] },
    });
    const controller = { spec: { scaleTargetRef: { apiVersion: 'v1', kind: 'ReplicationController', name: 'r' } } };
    expect(rowOf('autoscaling', 'HorizontalPodAutoscaler', controller, 'v2').facts).toEqual({
      resource: 'replicationcontroller',
      target: 'r',
    });
    const budgets = 'poddisruptionbudgets.policy';
    expect(childrenOf(budgets, 'max-share')).toEqual({
      table: { resource: 'pods', namespaces: [namespaceOf(budgets)] },
    });
    expect(rowOf('policy', 'PodDisruptionBudget', { spec: {} }).facts).toBeUndefined();
    expect(childrenOf('serviceaccounts', 'one')).toEqual({
      table: {
        resource: 'pods',
        namespaces: [namespaceOf('serviceaccounts')],
        fieldSelector: 'spec.serviceAccountName=one',
      },
    });
  });

  it('of bindings: the role', () => {
    const bindings = 'rolebindings.rbac.authorization.k8s.io';
    expect(childrenOf(bindings, 'all')).toEqual({
      table: {
        resource: 'roles.rbac.authorization.k8s.io',
        namespaces: [namespaceOf(bindings)],
        names: ['nobody-made-this'],
      },
    });
    expect(childrenOf(bindings, 'one')).toEqual({
      table: { resource: 'clusterroles.rbac.authorization.k8s.io', namespaces: [], names: ['nobody-made-this'] },
    });
  });

  it('of webhooks and API services: the service that answers, where it is one', () => {
    const webhooks = 'validatingwebhookconfigurations.admissionregistration.k8s.io';
    const service = { table: { resource: 'services', namespaces: ['default'], names: ['one'] } };
    expect(childrenOf(webhooks, 'service')).toEqual(service);
    expect(childrenOf(webhooks, 'mixed')).toEqual({ describe: true });
    expect(recorded(webhooks).mixed?.cell('TARGETS')).toBe('default/one,https://x.example.com');
    expect(recorded(webhooks).service?.cell('FAILURE POLICY')).toBe('Ignore,Fail');
    expect(childrenOf('apiservices.apiregistration.k8s.io', 'v1.apps')).toEqual({ describe: true });
  });
});
