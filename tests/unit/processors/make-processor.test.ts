import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { age, count, name, namespace, ratio, text } from '../../../src/processors/columns.ts';
import { defineKind } from '../../../src/processors/define-kind.ts';
import { processorFor } from '../../../src/processors/for-resource.ts';
import { kinds } from '../../../src/processors/kinds/index.generated.ts';
import { makeProcessor } from '../../../src/processors/make-processor.ts';
import type { KubeObject } from '../../../src/processors/objects.ts';
import { resourceOf } from './resources.ts';

type Thing = KubeObject & { readonly size?: number; readonly word?: string };

const kind = defineKind<Thing>({
  groups: ['example.com'],
  kind: 'Thing',
  columns: [namespace, name, count('SIZE', (thing) => thing.size), text('WORD', (thing) => thing.word), age],
  fields: ['size', 'word'],
  health: (thing) => {
    if (thing.word === 'throw') throw new Error('a bug');
    return 'ok';
  },
});

const meta = { uid: 'u', namespace: 'shop', name: 'one', resourceVersion: '3' };

describe('rows', () => {
  it('carry identity, relations and typed cells', () => {
    const object = {
      metadata: {
        name: 'one',
        namespace: 'shop',
        creationTimestamp: '2026-05-01T00:00:00Z',
        labels: { app: 'x' },
        ownerReferences: [{ uid: 'o1' }, { uid: 'o2' }],
      },
      size: 3,
      word: 'hello',
    };
    expect(makeProcessor(kind).row({ meta, object })).toEqual({
      key: 'u',
      ...meta,
      created: Date.UTC(2026, 4, 1),
      labels: { app: 'x' },
      owners: ['o1', 'o2'],
      health: 'ok',
      cells: [
        { text: 'shop', value: 'shop' },
        { text: 'one', value: 'one' },
        { text: '3', value: 3 },
        { text: 'hello', value: 'hello' },
        { text: '', value: Date.UTC(2026, 4, 1), at: Date.UTC(2026, 4, 1) },
      ],
    });
  });

  it('show one failing cell as an error and keep the others', () => {
    const { cells, health } = makeProcessor(kind).row({ meta, object: { size: 'three', word: 'throw' } });
    expect(cells.map((cell) => cell.text)).toEqual(['', '', 'error', 'throw', '<unknown>']);
    expect(cells[2]?.style).toBe('KubectlError');
    expect(health).toBe('unknown');
  });

  it('share labels among siblings, and only when they are equal', () => {
    const processor = makeProcessor(kind);
    const child = (labels: object) =>
      processor.row({ meta, object: { metadata: { labels, ownerReferences: [{ uid: 'same-owner' }] } } });
    const first = child({ a: '1' });
    expect(child({ a: '1' }).labels).toBe(first.labels);
    expect(child({ a: '2' }).labels).toEqual({ a: '2' });
    expect(child({ a: '1', b: '2' }).labels).toEqual({ a: '1', b: '2' });
    expect(child({}).labels).toEqual({});
    expect(first.labels).toEqual({ a: '1' });
    expect(child({ a: '1' }).owners).toEqual(['same-owner']);
  });

  it('never throw and never break a line, whatever the server sends', () => {
    const keys = ['metadata', 'spec', 'status', 'conditions', 'containerStatuses', 'state', 'type', 'name', 'labels'];
    const anything = fc.anything({ key: fc.constantFrom(...keys), maxDepth: 4 });
    const object = fc.oneof(anything, fc.record({ metadata: anything, spec: anything, status: anything }));
    const processors = kinds.map(makeProcessor);
    // Making odd values costs more than reading them: each one goes through every kind.
    fc.assert(
      fc.property(object, (value) => {
        for (const processor of processors) {
          const row = processor.row({ meta, object: value });
          expect(row.cells).toHaveLength(processor.columns.length);
          const odd = row.cells.filter(({ text }) => typeof text !== 'string' || /\p{Cc}/u.test(text));
          expect(odd).toEqual([]);
          processor.children(row);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('columns', () => {
  it('sort shares by what is missing and warn about it', () => {
    const column = ratio('READY', (pair: readonly [number, number]) => pair);
    const cells = (
      [
        [3, 3],
        [0, 3],
        [70_000, 70_001],
        [0, 0],
        [1, 2],
      ] as const
    ).map((pair) => column.cell(pair));
    expect([...cells].sort((a, b) => Number(a.value) - Number(b.value)).map((cell) => cell.text)).toEqual([
      '0/3',
      '1/2',
      '70000/70001',
      '3/3',
      '0/0',
    ]);
    expect(cells.map((cell) => cell.style)).toEqual([
      undefined,
      'KubectlWarning',
      'KubectlWarning',
      undefined,
      'KubectlWarning',
    ]);
  });
});

describe('the processor of a resource', () => {
  it('is its own where group and kind have a file, else the Table', () => {
    expect(processorFor(resourceOf({ group: 'apps', kind: 'Deployment' })).kind).toBe('own');
    expect(processorFor(resourceOf({ group: 'events.k8s.io', kind: 'Event' })).kind).toBe('own');
    expect(processorFor(resourceOf({ group: 'example.com', kind: 'Pod' })).kind).toBe('table');
    const pods = processorFor(resourceOf({ kind: 'Pod' }));
    expect(pods.kind === 'own' && pods.fields).toContain('metadata.ownerReferences.uid');
  });
});
