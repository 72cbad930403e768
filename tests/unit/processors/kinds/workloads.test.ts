import { describe, expect, it } from 'vitest';
import { processorFor } from '../../../../src/processors/for-resource.ts';
import { cellText, compareCells } from '../../../../src/protocol/cell-text.ts';
import type { Cell, Column, Row } from '../../../../src/protocol/row.ts';
import { resourceOf } from '../resources.ts';
import { healths, recorded } from './recorded.ts';

const rowOf = (group: string, kind: string, object: object): { row: Row; columns: readonly Column[] } => {
  const found = processorFor(resourceOf({ group, kind }));
  if (found.kind !== 'own') throw new Error(`${kind} has no file of its own`);
  const meta = { uid: 'u1', namespace: 'shop', name: 'one', resourceVersion: '1' };
  return { row: found.processor.row({ meta, object }), columns: found.processor.columns };
};

const healthOf = (group: string, kind: string, object: object) => rowOf(group, kind, object).row.health;

const condition = (type: string, status = 'True') => ({ type, status });

describe('stateful sets', () => {
  const set = (ready: number, updated: number, spec: object = {}, replicas = 3) => ({
    metadata: { generation: 2 },
    spec: { replicas: 3, ...spec },
    status: { observedGeneration: 2, replicas, readyReplicas: ready, updatedReplicas: updated },
  });
  const health = (object: object) => healthOf('apps', 'StatefulSet', object);
  const partition = { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } };

  it('tell progress from loss', () => {
    expect(health(set(3, 3))).toBe('ok');
    expect(health(set(2, 3))).toBe('warning');
    expect(health(set(3, 1))).toBe('pending');
    expect(health(set(2, 2, {}, 2))).toBe('pending');
    expect(health({ ...set(3, 3), metadata: { generation: 3 } })).toBe('pending');
    expect(healths('statefulsets.apps')['no-replicas']).toBe('done');
  });

  it('keep what the partition or the user keeps', () => {
    expect(health(set(3, 1, partition))).toBe('ok');
    expect(health(set(3, 0, partition))).toBe('pending');
    expect(health(set(3, 0, { updateStrategy: { type: 'OnDelete' } }))).toBe('ok');
  });

  it('lead to the pods they own', () => {
    const { row, children } = recorded('statefulsets.apps')['one-replica'] ?? {};
    expect(children).toEqual({ table: { resource: 'pods', namespaces: [row?.namespace], owner: row?.uid } });
  });
});

describe('daemon sets', () => {
  const set = (current: number, updated: number, available: number, type = 'RollingUpdate') => ({
    spec: { updateStrategy: { type } },
    status: {
      desiredNumberScheduled: 4,
      currentNumberScheduled: current,
      updatedNumberScheduled: updated,
      numberAvailable: available,
    },
  });
  const health = (object: object) => healthOf('apps', 'DaemonSet', object);

  it('tell progress from loss', () => {
    expect(health(set(4, 4, 4))).toBe('ok');
    expect(health(set(4, 4, 3))).toBe('warning');
    expect(health(set(4, 2, 4))).toBe('pending');
    expect(health(set(4, 2, 4, 'OnDelete'))).toBe('ok');
    expect(health(set(3, 3, 3))).toBe('pending');
    expect(health({})).toBe('done');
  });
});

describe('replication controllers', () => {
  it('say when pods cannot be made', () => {
    const controller = { spec: { replicas: 2 }, status: { replicas: 2, readyReplicas: 2 } };
    const failing = { ...controller, status: { replicas: 0, conditions: [condition('ReplicaFailure')] } };
    expect(healthOf('', 'ReplicationController', controller)).toBe('ok');
    expect(healthOf('', 'ReplicationController', failing)).toBe('error');
    expect(healths('replicationcontrollers')).toEqual({ 'no-replicas': 'done', plain: 'pending' });
  });
});

describe('jobs', () => {
  it('are as healthy as they have gone', () => {
    expect(healths('jobs.batch')).toEqual({
      'about-to-fail': 'error',
      'about-to-succeed': 'ok',
      complete: 'done',
      failed: 'error',
      none: 'ok',
      'not-started': 'ok',
      'one-at-a-time': 'ok',
      running: 'ok',
      suspended: 'pending',
      terminating: 'pending',
      'work-queue': 'ok',
    });
    expect(healthOf('batch', 'Job', { status: { failed: 1 } })).toBe('warning');
  });

  const duration = (status: object): { cell: Cell; column: Column } => {
    const { row, columns } = rowOf('batch', 'Job', { status });
    const index = columns.findIndex(({ title }) => title === 'DURATION');
    return { cell: row.cells[index] as Cell, column: columns[index] as Column };
  };

  it('count their time until they are complete, and sort by it', () => {
    const start = Date.parse('2026-01-01T00:00:00Z');
    const running = duration({ startTime: '2026-01-01T00:00:00Z' });
    const short = duration({ startTime: '2026-01-01T00:00:00Z', completionTime: '2026-01-01T00:01:05Z' });
    const long = duration({ startTime: '2025-01-01T00:00:00Z', completionTime: '2025-01-03T00:00:00Z' });
    const text = ({ cell, column }: ReturnType<typeof duration>, now: number) => cellText(cell, column, now);
    expect([text(running, start + 7000), text(running, start + 600_000)]).toEqual(['7s', '10m']);
    expect([text(short, start + 7000), text(long, start + 7000), text(duration({}), start)]).toEqual(['65s', '2d', '']);
    const order = [running, long, short].sort((a, b) => compareCells(a.cell, b.cell, a.column));
    expect(order).toEqual([short, long, running]);
  });
});

describe('cron jobs', () => {
  const job = (status: object, spec: object = {}) => ({ spec, status });
  const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`;
  const health = (object: object) => healthOf('batch', 'CronJob', object);

  it('know of their last run', () => {
    expect(health(job({ lastScheduleTime: at(5), lastSuccessfulTime: at(6) }))).toBe('ok');
    expect(health(job({ lastScheduleTime: at(5), lastSuccessfulTime: at(1) }))).toBe('warning');
    expect(health(job({ lastScheduleTime: at(5) }))).toBe('warning');
    expect(health(job({ lastScheduleTime: at(5), active: [{ name: 'one-1' }] }))).toBe('ok');
    expect(health(job({ lastScheduleTime: at(5) }, { suspend: true }))).toBe('done');
    expect(health({})).toBe('ok');
  });

  it('count what runs now', () => {
    const { row, columns } = rowOf('batch', 'CronJob', job({ active: [{ name: 'a' }, { name: 'b' }] }));
    expect(row.cells[columns.findIndex(({ title }) => title === 'ACTIVE')]?.text).toBe('2');
    expect(row.cells[columns.findIndex(({ title }) => title === 'SUSPEND')]?.text).toBe('<unset>');
  });

  it('lead to their jobs', () => {
    const { row, children } = recorded('cronjobs.batch').plain ?? {};
    expect(children).toEqual({ table: { resource: 'jobs.batch', namespaces: [row?.namespace], owner: row?.uid } });
  });
});
