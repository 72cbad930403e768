import { expect, test } from 'vitest';
import { readsObjects, withCustom, worthOf } from '../../../src/processors/custom-columns.ts';
import { processorFor } from '../../../src/processors/for-resource.ts';
import { tableProcessor } from '../../../src/processors/table.ts';
import type { CustomColumn } from '../../../src/protocol/wire.ts';
import { compareValues } from '../../../src/util/natural-compare.ts';
import { resourceOf } from './resources.ts';

const podResource = resourceOf({ kind: 'Pod' });
const found = processorFor(podResource);
if (found.kind !== 'own') throw new Error('pods have a file of their own');
const pods = found.processor;

const item = (object: object) => ({
  meta: { uid: 'u', namespace: 'shop', name: 'web', resourceVersion: '1' },
  object,
});
const pod = {
  metadata: { name: 'web', namespace: 'shop', labels: { 'example.com/team': 'red', tier: '3' } },
  spec: {
    containers: [
      { name: 'a', image: 'one:1' },
      { name: 'b', image: 'two:2' },
    ],
  },
};

const shown = (columns: readonly CustomColumn[], only = false): Record<string, string> => {
  const maker = withCustom(pods, { columns, only }, podResource);
  const row = maker.row(item(pod));
  return Object.fromEntries(maker.columns.map(({ title }, index) => [title, row.cells[index]?.text ?? '?']));
};

test('labels, all labels and paths stand behind the columns of the resource', () => {
  const cells = shown([
    { title: 'TEAM', label: 'example.com/team' },
    { title: 'ZONE', label: 'zone' },
    { title: 'LABELS', labels: true },
    { title: 'PULLED', jsonpath: '.spec.containers[*].image' },
    { title: 'NODE NAME', jsonpath: '.spec.nodeName' },
  ]);
  expect(Object.entries(cells).slice(-5)).toEqual([
    ['TEAM', 'red'],
    ['ZONE', ''],
    ['LABELS', 'example.com/team=red,tier=3'],
    ['PULLED', 'one:1,two:2'],
    ['NODE NAME', '<none>'],
  ]);
  expect(Object.keys(cells).slice(0, 3)).toEqual(['NAMESPACE', 'NAME', 'READY']);
});

test('a title that is there already becomes the user’s, in its place', () => {
  const cells = shown([{ title: 'STATUS', label: 'tier' }]);
  expect(cells.STATUS).toBe('3');
  expect(Object.keys(cells).indexOf('STATUS')).toBe(3);
});

test('with `only` the user’s columns come first, each title once', () => {
  const cells = shown(
    [
      { title: 'NAME', jsonpath: 'metadata.name' },
      { title: 'T', label: 'tier' },
    ],
    true,
  );
  expect(Object.keys(cells).slice(0, 3)).toEqual(['NAME', 'T', 'NAMESPACE']);
  expect(Object.keys(cells).filter((title) => title === 'NAME')).toHaveLength(1);
});

test('what cannot be read is said in the cell, and the rest of the row stands', () => {
  const cells = shown([
    { title: 'BAD', jsonpath: '.spec[' },
    { title: 'WRONG', jsonpath: '.spec.containers[?(@.name==1)]' },
  ]);
  expect(cells.BAD).toBe('error: unterminated array');
  expect(cells.WRONG).toBe('error: incompatible types for comparison');
  expect(cells.NAME).toBe('web');
});

test('values of secrets never reach a cell, whatever the path', () => {
  const secretResource = { ...resourceOf({ kind: 'Secret' }), resource: 'secrets' };
  const table = tableProcessor([{ title: 'NAME', type: 'string', format: 'name' }], secretResource);
  const paths = ['.data.password', '..password', '.data', '.metadata.annotations', '..', '.stringData.x', '.type'];
  const columns = paths.map((jsonpath, index) => ({ title: `C${index}`, jsonpath }));
  const maker = withCustom(table, { columns, only: true }, secretResource);
  const object = {
    type: 'Opaque',
    metadata: { name: 's', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'aHVudGVyMg==' } },
    data: { password: 'aHVudGVyMg==' },
    stringData: { x: 'aHVudGVyMg==' },
  };
  const row = maker.row(item({ cells: ['s'], object }));
  expect(JSON.stringify(row)).not.toContain('aHVudGVyMg');
  expect(row.cells[0]?.text).toBe('<hidden>');
  expect(row.cells[6]?.text).toBe('Opaque');
});

test('rows of a Table read labels from the metadata and paths from the object beside the cells', () => {
  const widgets = resourceOf({ group: 'example.com', kind: 'Widget' });
  const table = tableProcessor([{ title: 'NAME', type: 'string', format: 'name' }], widgets);
  const columns = [
    { title: 'SIZE', jsonpath: '.spec.size' },
    { title: 'TIER', label: 'tier' },
  ];
  const maker = withCustom(table, { columns, only: false }, widgets);
  const object = { metadata: { name: 'w', labels: { tier: 'gold' } }, spec: { size: 7 } };
  const row = maker.row(item({ cells: ['w'], object }));
  expect(row.cells.map(({ text }) => text)).toEqual(['shop', 'w', '7', 'gold']);
  expect(row.cells[2]?.value).toBe(7);
});

test('whole objects are read only where a path asks for them', () => {
  expect(readsObjects({ columns: [{ title: 'A', label: 'a' }], only: false })).toBe(false);
  expect(readsObjects({ columns: [{ title: 'A', jsonpath: '.a' }], only: false })).toBe(true);
});

test.each([
  ['numbers', ['2', '10', '9.5', '<none>'], ['2', '9.5', '10', '<none>']],
  ['amounts', ['1Gi', '500Mi', '10Ki'], ['10Ki', '500Mi', '1Gi']],
  ['addresses', ['10.0.0.10', '10.0.0.9'], ['10.0.0.9', '10.0.0.10']],
  ['versions', ['v1.10.0', 'v1.9.3', 'v1.10.0-rc.1'], ['v1.9.3', 'v1.10.0-rc.1', 'v1.10.0']],
  [
    'instants',
    ['2026-01-02T00:00:00Z', '2025-12-31T23:00:00Z', '<none>'],
    ['2025-12-31T23:00:00Z', '2026-01-02T00:00:00Z', '<none>'],
  ],
  ['texts', ['web-10', 'web-2', ''], ['web-2', 'web-10', '']],
])('%s are sorted by what they are worth', (_, texts, sorted) => {
  expect([...texts].sort((a, b) => compareValues(worthOf(a), worthOf(b)))).toEqual(sorted);
});
