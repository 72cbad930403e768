import { expect, test } from 'vitest';
import { containersOf, containersProcessor } from '../../../src/processors/containers.ts';
import { resourceOf } from './resources.ts';

const meta = { uid: 'u', namespace: 'shop', name: 'cart-0', resourceVersion: '7' };

const pod = {
  metadata: { name: 'cart-0', namespace: 'shop', uid: 'u' },
  spec: {
    containers: [
      {
        name: 'app',
        image: 'registry.example/cart:1',
        ports: [
          { name: 'web', containerPort: 80, protocol: 'TCP' },
          { containerPort: 53, protocol: 'UDP' },
        ],
        livenessProbe: {},
        readinessProbe: {},
        resources: { requests: { cpu: '100m' }, limits: { memory: '1Gi' } },
      },
      { name: 'broken', image: 'x' },
    ],
    initContainers: [{ name: 'setup' }, { name: 'proxy', restartPolicy: 'Always' }],
    ephemeralContainers: [{ name: 'debug' }],
  },
  status: {
    containerStatuses: [
      {
        name: 'broken',
        restartCount: 3,
        ready: false,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: '2026-01-01T00:00:00Z' } },
      },
      { name: 'app', ready: true, state: { running: { startedAt: '2026-01-01T00:00:00Z' } } },
    ],
    initContainerStatuses: [
      {
        name: 'setup',
        state: { terminated: { exitCode: 0, reason: 'Completed', finishedAt: '2026-01-01T00:00:00Z' } },
      },
      { name: 'proxy', ready: true, state: { running: {} } },
    ],
  },
};

const processor = containersProcessor(resourceOf({ kind: 'Pod', resource: 'pods' }));
const rows = containersOf({ meta, object: pod }).map(processor.row);
const texts = (title: string) =>
  rows.map(({ cells }) => cells[processor.columns.findIndex((column) => column.title === title)]?.text);

test('every container of a pod has a row, by the kind of its job', () => {
  expect(rows.map(({ name }) => name)).toEqual(['app', 'broken', 'setup', 'proxy', 'debug']);
  expect(texts('TYPE')).toEqual(['app', 'app', 'init', 'sidecar', 'ephemeral']);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(5);
});

test('states, health and what is known of each', () => {
  expect(texts('STATE')).toEqual(['Running', 'CrashLoopBackOff', 'Completed', 'Running', 'Waiting']);
  expect(rows.map(({ health }) => health)).toEqual(['ok', 'error', 'done', 'ok', 'pending']);
  expect(texts('RESTARTS')).toEqual(['0', '3', '0', '0', '0']);
  expect(texts('PORTS')[0]).toBe('web:80,53/UDP');
  expect(texts('PROBES')[0]).toBe('live,ready');
  expect(texts('LAST STATE')[1]).toBe('Error (1)');
  expect(rows[0]?.facts).toMatchObject({ cpuRequest: '0.1', memoryLimit: String(2 ** 30) });
});

test('a row stands for its pod, and leads to the logs', () => {
  expect(rows[1]?.of).toMatchObject({
    resource: { kind: 'Pod' },
    namespace: 'shop',
    name: 'cart-0',
    uid: 'u',
    container: 'broken',
  });
  const [first] = rows;
  if (first === undefined) throw new Error('no row');
  expect(processor.children(first)).toEqual({ logs: true });
});

test('a pod that is no pod has no rows, and an unreadable one says why', () => {
  expect(containersOf({ meta, object: { spec: null } })).toEqual([]);
  const [broken] = containersOf({ meta, object: undefined, problem: 'cut off' }).map(processor.row);
  expect(broken).toMatchObject({ health: 'error', facts: { problem: 'cut off' } });
  expect(broken?.of).toBeUndefined();
});
