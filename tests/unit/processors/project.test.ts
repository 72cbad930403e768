import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonFields } from '../../../src/processors/define-kind.ts';
import pods from '../../../src/processors/kinds/pods.ts';
import { makeProcessor } from '../../../src/processors/make-processor.ts';
import { project } from '../../../src/processors/project.ts';
import { arbitraryPod } from './arbitrary-pod.ts';

const base = Date.UTC(2026, 4, 1);

describe('projection', () => {
  it('keeps what is asked for, through lists, and every parent that is there', () => {
    const object = { a: { b: 1, c: 2 }, list: [{ x: { y: 1 }, z: 2 }, { x: {} }, null], n: null, other: 1 };
    expect(project(object, ['a.b', 'list.x.y', 'n.m', 'absent.deep'])).toEqual({
      a: { b: 1 },
      list: [{ x: { y: 1 } }, { x: {} }, null],
      n: null,
    });
    expect(project(object, ['a', 'a.b'])).toEqual({ a: { b: 1, c: 2 } });
    expect(project(object, ['a.b', 'a'])).toEqual({ a: { b: 1, c: 2 } });
    expect(project({ constructor: 1, a: 2 }, ['a'])).toEqual({ a: 2 });
  });

  it('of a pod makes the same row as the pod', () => {
    const processor = makeProcessor(pods);
    const fields = [...commonFields, ...pods.fields];
    fc.assert(
      fc.property(arbitraryPod(base), ({ spec, status, deleted }) => {
        const metadata = {
          name: 'web-1',
          namespace: 'shop',
          uid: 'u',
          creationTimestamp: '2026-04-30T12:00:00Z',
          labels: { app: 'web' },
          annotations: { noise: 'x'.repeat(20) },
          ownerReferences: [{ kind: 'ReplicaSet', name: 'web', uid: 'o' }],
          ...(deleted ? { deletionTimestamp: '2026-04-30T13:00:00Z' } : {}),
        };
        const podIP = (status.podIPs as readonly { ip: string }[])[0]?.ip;
        const object = { metadata, spec, status: { ...status, podIP, message: 'noise' } };
        const meta = { uid: 'u', namespace: 'shop', name: 'web-1', resourceVersion: '7' };
        const full = processor.row({ meta, object });
        expect(processor.row({ meta, object: project(object, fields) })).toEqual(full);
        expect(full.cells.map((cell) => cell.text)).not.toContain('error');
      }),
      { numRuns: 1_000 },
    );
  });
});
