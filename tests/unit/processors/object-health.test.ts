import { describe, expect, it } from 'vitest';
import { objectHealth } from '../../../src/processors/object-health.ts';

const condition = (type: string, status: string, reason = '') => ({ type, status, reason });

const of = (status: object, spec: object = {}, metadata: object = {}) => objectHealth({ metadata, spec, status });

describe('health of objects of any kind', () => {
  it('is that of their conditions', () => {
    expect(of({ conditions: [condition('Ready', 'True')] })).toBe('ok');
    expect(of({ conditions: [condition('Ready', 'False', 'DoesNotExist')] })).toBe('warning');
    expect(of({ conditions: [condition('Ready', 'False', 'ReconcileError')] })).toBe('error');
    expect(of({ conditions: [condition('Ready', 'False', 'Issuing')] })).toBe('pending');
    expect(of({ conditions: [condition('Ready', 'Unknown')] })).toBe('pending');
    expect(of({ conditions: [condition('Ready', 'True'), condition('Degraded', 'True')] })).toBe('warning');
    expect(of({ conditions: [condition('Stalled', 'True'), condition('Reconciling', 'True')] })).toBe('error');
    expect(of({ conditions: [condition('Ready', 'False'), condition('Reconciling', 'True')] })).toBe('pending');
    expect(of({ conditions: [condition('Complete', 'True')] })).toBe('done');
    expect(of({ conditions: [condition('SomethingElse', 'False')] })).toBe('unknown');
  });

  it('waits for a controller that has not seen the last change', () => {
    const conditions = [{ ...condition('Ready', 'True'), observedGeneration: 1 }];
    expect(of({ conditions }, {}, { generation: 2 })).toBe('pending');
    expect(of({ conditions, observedGeneration: 2 }, {}, { generation: 2 })).toBe('ok');
    expect(of({ observedGeneration: 1 }, {}, { generation: 2 })).toBe('pending');
    expect(of({ observedGeneration: 1, phase: 'Failed' }, {}, { generation: 2 })).toBe('error');
  });

  it('reads phases, replicas, suspension and the end', () => {
    expect(of({ phase: 'Running' })).toBe('ok');
    expect(of({ state: 'Pending' })).toBe('pending');
    expect(of({ readyReplicas: 1, replicas: 3 }, { replicas: 3 })).toBe('warning');
    expect(of({ readyReplicas: 3 }, { replicas: 3 })).toBe('ok');
    expect(of({ readyReplicas: 0 }, { replicas: 0 })).toBe('done');
    expect(of({ conditions: [condition('Ready', 'True')] }, { suspend: true })).toBe('done');
    expect(of({ phase: 'Running' }, {}, { deletionTimestamp: '2026-01-01T00:00:00Z' })).toBe('pending');
  });

  it('finds the conditions of routes and listeners', () => {
    const accepted = { conditions: [condition('Accepted', 'True')] };
    expect(of({ parents: [accepted] })).toBe('ok');
    const unresolved = { conditions: [condition('ResolvedRefs', 'False', 'BackendNotFound')] };
    expect(of({ parents: [accepted, unresolved] })).toBe('error');
    expect(of({ ...accepted, listeners: [{ conditions: [condition('Conflicted', 'True')] }] })).toBe('error');
    expect(of({ conditions: [condition('Accepted', 'Unknown'), condition('Programmed', 'Unknown', 'Pending')] })).toBe(
      'pending',
    );
  });

  it('makes nothing of what is no object', () => {
    for (const odd of [
      undefined,
      null,
      7,
      [],
      { status: 7, spec: [], metadata: 'x' },
      { status: { conditions: [7] } },
    ]) {
      expect(objectHealth(odd)).toBe('unknown');
    }
  });
});
