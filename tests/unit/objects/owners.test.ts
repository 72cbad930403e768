import { expect, test } from 'vitest';
import type { FieldSet, Manager } from '../../../src/objects/managed-fields.ts';
import { ownersOf } from '../../../src/objects/owners.ts';

const manager = (name: string, fields: FieldSet): Manager => ({ name, operation: 'Update', subresource: '', fields });

const object = { data: { a: '1', b: '2' }, spec: { selector: { app: 'x' }, ports: [{ port: 80, name: 'web' }] } };

const owners = (path: readonly (string | number)[], ...all: readonly Manager[]): string[] =>
  ownersOf(all, all, object, path);

test('a member of a map is its manager’s; another one’s is nobody’s', () => {
  const one = manager('one', { 'f:data': { '.': {}, 'f:a': {} } });
  expect(owners(['data', 'a'], one)).toEqual(['one']);
  expect(owners(['data', 'b'], one)).toEqual([]);
});

test('what is inside an atomic value belongs to who has set the value', () => {
  expect(owners(['spec', 'selector', 'app'], manager('one', { 'f:spec': { 'f:selector': {} } }))).toEqual(['one']);
});

test('who is left with the map alone, after another took over its members, owns none of them', () => {
  const left = manager('left', { 'f:data': {} });
  const taken = manager('taken', { 'f:data': { 'f:a': {} } });
  expect(owners(['data', 'a'], left, taken)).toEqual(['taken']);
  expect(owners(['data', 'b'], left, taken)).toEqual([]);
  expect(ownersOf([left], [left, taken], object, ['data', 'a'])).toEqual([]);
});

test('items of lists are found by their keys', () => {
  const one = manager('one', { 'f:spec': { 'f:ports': { 'k:{"port":80}': { '.': {}, 'f:name': {} } } } });
  expect(owners(['spec', 'ports', 0, 'name'], one, manager('left', { 'f:spec': { 'f:ports': {} } }))).toEqual(['one']);
});
