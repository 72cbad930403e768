import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../src/journal/kept-object.ts';
import { failingTests, type Operation, reversed, reverseOf, valueAt } from '../../../src/journal/reverse.ts';

const deployment = (image: string, more: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', uid: 'u', resourceVersion: '1', annotations: { a: 'x' } },
  spec: {
    replicas: 3,
    template: {
      spec: {
        containers: [
          { name: 'app', image },
          { name: 'side', image: 'side' },
        ],
      },
    },
    ...more,
  },
  status: { replicas: 3 },
});

/** JSON Patch as an API server applies it, for the operations that are made here. */
const apply = (object: KubeObject, operations: readonly Operation[]): KubeObject => {
  const copy = structuredClone(object) as KubeObject;
  for (const operation of operations) {
    const { path } = operation;
    const last = path
      .slice(path.lastIndexOf('/') + 1)
      .replaceAll('~1', '/')
      .replaceAll('~0', '~');
    const parent = valueAt(copy, path.slice(0, path.lastIndexOf('/'))) as Record<string, unknown>;
    if (operation.op === 'test') expect(valueAt(copy, path)).toEqual(operation.value);
    else if (operation.op === 'remove') delete parent[last];
    else parent[last] = operation.value;
  }
  return copy;
};

test('only what changed is taken back, container by name, after a test that it still is what was left', () => {
  const { operations, lost } = reverseOf(deployment('v1'), deployment('v2'));
  expect(lost).toEqual([]);
  expect(operations).toEqual([
    { op: 'test', path: '/spec/template/spec/containers/0/name', value: 'app' },
    { op: 'test', path: '/spec/template/spec/containers/0/image', value: 'v2' },
    { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'v1' },
  ]);
});

test('fields that came and went are removed and added; what the server writes itself is left alone', () => {
  const before = deployment('v1', { paused: true });
  const after = {
    ...deployment('v1'),
    metadata: { name: 'web', uid: 'u', resourceVersion: '9', generation: 4, annotations: { a: 'x', 'b/c~d': 'y' } },
    status: { replicas: 9 },
  };
  expect(reverseOf(before, after).operations).toEqual([
    { op: 'add', path: '/spec/paused', value: true },
    { op: 'test', path: '/metadata/annotations/b~1c~0d', value: 'y' },
    { op: 'remove', path: '/metadata/annotations/b~1c~0d' },
  ]);
});

test('a list whose items came or went is put back whole', () => {
  const node = (taints: readonly object[]): KubeObject => ({ kind: 'Node', spec: { taints } });
  const taint = { key: 'a', effect: 'NoSchedule' };
  expect(reverseOf(node([]), node([taint])).operations).toEqual([
    { op: 'test', path: '/spec/taints', value: [taint] },
    { op: 'replace', path: '/spec/taints', value: [] },
  ]);
});

test('values of a secret are in no operation; that they changed is said', () => {
  const secret = (data: object, label: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', labels: { l: label } },
    data,
  });
  const { operations, lost } = reverseOf(secret({ key: 'b2xk', gone: 'eA==' }, '1'), secret({ key: 'bmV3' }, '2'));
  expect(JSON.stringify(operations)).not.toMatch(/b2xk|bmV3|eA==/);
  expect(operations.map(({ path }) => path)).toEqual(['/metadata/labels/l', '/metadata/labels/l']);
  expect(lost).toEqual(['/data/key', '/data/gone']);
});

test('what somebody changed since is named', () => {
  const { operations } = reverseOf(deployment('v1'), deployment('v2'));
  expect(failingTests(operations, deployment('v2', { replicas: 9 }))).toEqual([]);
  expect(failingTests(operations, deployment('v3'))).toEqual([
    { path: '/spec/template/spec/containers/0/image', expected: 'v2', now: 'v3' },
  ]);
  const zero: KubeObject = { kind: 'Scale', spec: {} };
  const [three, five] = [3, 5].map((replicas): KubeObject => ({ kind: 'Scale', spec: { replicas } }));
  const { operations: back } = reverseOf(three ?? zero, zero);
  expect(failingTests(back, zero)).toEqual([]);
  expect(failingTests(back, five ?? zero)).toEqual([{ path: '/spec/replicas', expected: undefined, now: 5 }]);
});

test('the reverse of any change leads back to what was', () => {
  const field = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.integer()));
  const named = fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'c'), image: fc.string() }), {
    selector: ({ name }) => name,
  });
  const spec = fc.dictionary(
    fc.constantFrom('x', 'y/z', '~', 'list', 'q'),
    fc.oneof(
      field,
      named,
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
        field,
      ),
    ),
  );
  fc.assert(
    fc.property(spec, spec, (left, right) => {
      const [before, after] = [
        { kind: 'Thing', metadata: {}, spec: left },
        { kind: 'Thing', metadata: {}, spec: right },
      ];
      const { operations } = reverseOf(before, after);
      expect(apply(after, operations)).toEqual(before);
      expect(reversed(operations, after)).toEqual(before);
    }),
    { examples: [[{ 'y/z': {} }, { 'y/z': { valueOf: '' } }]] },
  );
});
