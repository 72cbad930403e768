import { describe, expect, it } from 'vitest';
import { processorFor } from '../../../../src/processors/for-resource.ts';
import type { Processor } from '../../../../src/processors/processor.ts';
import type { Row } from '../../../../src/protocol/row.ts';
import { resourceOf } from '../resources.ts';

const processorOf = (group: string, kind: string): Processor => {
  const found = processorFor(resourceOf({ group, kind }));
  if (found.kind !== 'own') throw new Error(`${kind} has no file of its own`);
  return found.processor;
};

const row = (processor: Processor, object: object): Row =>
  processor.row({ meta: { uid: 'u1', namespace: 'shop', name: 'one', resourceVersion: '1' }, object });

const cell = (processor: Processor, object: object, title: string): string | undefined =>
  row(processor, object).cells[processor.columns.findIndex((column) => column.title === title)]?.text;

const condition = (type: string, status: string, reason = '') => ({ type, status, reason });

describe('pods', () => {
  const pods = processorOf('', 'Pod');
  const running = (ready: boolean) => ({
    spec: { containers: [{ name: 'app' }] },
    status: { phase: 'Running', containerStatuses: [{ name: 'app', ready, state: { running: {} } }] },
  });
  const waiting = (reason: string) => ({
    spec: { containers: [{ name: 'app' }] },
    status: { phase: 'Pending', containerStatuses: [{ name: 'app', state: { waiting: { reason } } }] },
  });

  it('are as healthy as their status says', () => {
    const health = (object: object) => row(pods, object).health;
    expect(health(running(true))).toBe('ok');
    expect(health(running(false))).toBe('warning');
    expect(health({ status: { phase: 'Succeeded' } })).toBe('done');
    expect(health({ status: { phase: 'Pending' } })).toBe('pending');
    expect(health({ status: { phase: 'Failed', reason: 'Evicted' } })).toBe('error');
    expect(health(waiting('ContainerCreating'))).toBe('pending');
    expect(health(waiting('CrashLoopBackOff'))).toBe('error');
    expect(health(waiting('InvalidImageName'))).toBe('error');
    expect(health({ ...running(true), metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })).toBe('pending');
    expect(health({ status: { phase: 'Pending', initContainerStatuses: [{ state: { running: {} } }] } })).toBe(
      'pending',
    );
    expect(
      health({ status: { phase: 'Pending', initContainerStatuses: [{ state: { terminated: { exitCode: 1 } } }] } }),
    ).toBe('error');
    expect(health({})).toBe('unknown');
  });

  it('take the first condition of a gate and the last container of a name, as the printer does', () => {
    const gated = {
      spec: { readinessGates: [{ conditionType: 'g' }] },
      status: { conditions: [condition('g', 'False'), condition('g', 'True')] },
    };
    expect(cell(pods, gated, 'READINESS GATES')).toBe('0/1');
    const twice = {
      spec: { initContainers: [{ name: 'a', restartPolicy: 'Always' }, { name: 'a' }] },
      status: { initContainerStatuses: [{ name: 'a', started: true, ready: true, state: { running: {} } }] },
    };
    expect(cell(pods, twice, 'STATUS')).toBe('Init:0/2');
  });

  it('lead to their containers', () => {
    expect(pods.children(row(pods, {}))).toEqual({
      table: { resource: 'containers', namespaces: ['shop'], names: ['one'] },
    });
  });
});

describe('deployments', () => {
  const deployments = processorOf('apps', 'Deployment');
  const deployment = (wanted: number, updated: number, available: number, conditions: readonly object[] = []) => ({
    metadata: { generation: 2 },
    spec: { replicas: wanted, selector: { matchLabels: { app: 'web' } } },
    status: { observedGeneration: 2, updatedReplicas: updated, availableReplicas: available, conditions },
  });
  const complete = condition('Progressing', 'True', 'NewReplicaSetAvailable');

  it('tell progress from loss and failure', () => {
    const health = (object: object) => row(deployments, object).health;
    expect(health(deployment(2, 2, 2, [complete]))).toBe('ok');
    expect(health(deployment(0, 0, 0, [complete]))).toBe('done');
    expect(health(deployment(2, 1, 2))).toBe('pending');
    expect(health(deployment(2, 2, 1))).toBe('pending');
    expect(health(deployment(2, 2, 1, [complete]))).toBe('warning');
    expect(health(deployment(2, 1, 1, [condition('Progressing', 'False', 'ProgressDeadlineExceeded')]))).toBe('error');
    expect(health(deployment(2, 0, 0, [condition('ReplicaFailure', 'True')]))).toBe('error');
    expect(health({ ...deployment(2, 2, 2, [complete]), metadata: { generation: 3 } })).toBe('pending');
  });

  it('lead to their pods, or nowhere when they select none', () => {
    expect(deployments.children(row(deployments, deployment(1, 1, 1)))).toEqual({
      table: { resource: 'pods', namespaces: ['shop'], selector: 'app=web' },
    });
    expect(deployments.children(row(deployments, {}))).toEqual({ describe: true });
  });
});

describe('replica sets', () => {
  const sets = processorOf('apps', 'ReplicaSet');
  const set = (wanted: number, made: number, ready: number, conditions: readonly object[] = []) => ({
    spec: { replicas: wanted },
    status: { replicas: made, readyReplicas: ready, conditions },
  });

  it('are dimmed when retired', () => {
    const health = (object: object) => row(sets, object).health;
    expect(health(set(0, 0, 0))).toBe('done');
    expect(health(set(2, 1, 1))).toBe('pending');
    expect(health(set(2, 2, 1))).toBe('warning');
    expect(health(set(2, 2, 2))).toBe('ok');
    expect(health(set(2, 0, 0, [condition('ReplicaFailure', 'True')]))).toBe('error');
  });

  it('lead to the pods they own', () => {
    expect(sets.children(row(sets, {}))).toEqual({
      table: { resource: 'pods', namespaces: ['shop'], owner: 'u1' },
    });
  });
});

describe('nodes', () => {
  const nodes = processorOf('', 'Node');
  const node = (ready: string | undefined, more: object = {}, pressure = 'False') => ({
    spec: more,
    status: {
      conditions: [condition('MemoryPressure', pressure), ...(ready === undefined ? [] : [condition('Ready', ready)])],
    },
  });

  it('are unwell when not ready, closed or under pressure', () => {
    const health = (object: object) => row(nodes, object).health;
    expect(health(node('True'))).toBe('ok');
    expect(health(node('True', { unschedulable: true }))).toBe('warning');
    expect(health(node('True', {}, 'True'))).toBe('warning');
    expect(health(node('False'))).toBe('error');
    expect(health(node(undefined))).toBe('error');
  });

  it('show pressure and taints after the columns of kubectl', () => {
    const taints = [
      { key: 'gpu', value: 'yes', effect: 'NoSchedule' },
      { key: 'x', effect: 'NoExecute' },
    ];
    expect(cell(nodes, node('True', { taints }, 'True'), 'TAINTS')).toBe('gpu=yes:NoSchedule,x:NoExecute');
    expect(cell(nodes, node('True', {}, 'True'), 'PRESSURE')).toBe('Memory');
    expect(nodes.columns.filter(({ extra }) => extra).map(({ title }) => title)).toEqual(['PRESSURE', 'TAINTS']);
  });

  it('lead to the pods on them, in all namespaces', () => {
    expect(nodes.children(row(nodes, {}))).toEqual({
      table: { resource: 'pods', namespaces: [], fieldSelector: 'spec.nodeName=one' },
    });
  });
});

describe('services, namespaces and events', () => {
  const services = processorOf('', 'Service');
  const namespaces = processorOf('', 'Namespace');
  const events = processorOf('', 'Event');

  it('have a health where there is something to say', () => {
    expect(row(services, { spec: { type: 'LoadBalancer' } }).health).toBe('pending');
    expect(row(services, { spec: { type: 'ClusterIP' } }).health).toBe('ok');
    expect(row(namespaces, { status: { phase: 'Terminating' } }).health).toBe('pending');
    expect(row(namespaces, { status: { phase: 'Active' } }).health).toBe('ok');
    expect(row(events, { type: 'Warning' }).health).toBe('warning');
    expect(row(events, { type: 'Normal' }).health).toBe('ok');
  });

  it('lead to pods, and an event to what it is about', () => {
    expect(services.children(row(services, { spec: { selector: { b: '2', a: '1' } } }))).toEqual({
      table: { resource: 'pods', namespaces: ['shop'], selector: 'a=1,b=2' },
    });
    expect(services.children(row(services, {}))).toEqual({
      table: {
        resource: 'endpointslices.discovery.k8s.io',
        namespaces: ['shop'],
        selector: 'kubernetes.io/service-name=one',
      },
    });
    expect(namespaces.children(row(namespaces, {}))).toEqual({ table: { resource: 'workloads', namespaces: ['one'] } });
    const involvedObject = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
    expect(events.children(row(events, { involvedObject }))).toEqual({ describe: true, object: involvedObject });
    expect(events.children(row(events, { regarding: involvedObject }))).toEqual({
      describe: true,
      object: involvedObject,
    });
    expect(events.children(row(events, {}))).toEqual({ describe: true });
  });
});
