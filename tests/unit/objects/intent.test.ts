import { describe, expect, it } from 'vitest';
import { intentOf } from '../../../src/objects/intent.ts';
import { type JsonMap, pathText } from '../../../src/objects/json.ts';
import { type FieldSet, managersOf } from '../../../src/objects/managed-fields.ts';

const leaf: FieldSet = {};

/** A deployment applied by kubectl: two containers with ports, a selector, finalizers. */
const theirs: FieldSet = {
  'f:metadata': { 'f:labels': { 'f:app': leaf }, 'f:finalizers': { '.': leaf, 'v:"keep.example/one"': leaf } },
  'f:spec': {
    'f:replicas': leaf,
    'f:selector': leaf,
    'f:args': leaf,
    'f:containers': {
      'k:{"name":"main"}': {
        '.': leaf,
        'f:name': leaf,
        'f:image': leaf,
        'f:ports': { '.': leaf, 'k:{"containerPort":80,"protocol":"TCP"}': { '.': leaf, 'f:containerPort': leaf } },
      },
      'k:{"name":"proxy"}': { '.': leaf, 'f:name': leaf, 'f:image': leaf },
    },
  },
};

const base = {
  metadata: { name: 'cart', labels: { app: 'cart' }, finalizers: ['keep.example/one'] },
  spec: {
    replicas: 3,
    selector: { app: 'cart' },
    args: ['a', 'b'],
    containers: [
      { name: 'main', image: 'main:1', ports: [{ containerPort: 80, protocol: 'TCP' }] },
      { name: 'proxy', image: 'proxy:1' },
    ],
  },
};

type Base = typeof base;

const edit = (change: (object: Base) => void, own?: FieldSet) => {
  const edited = structuredClone(base);
  change(edited);
  const all = own === undefined ? [theirs] : [theirs, own];
  const { value, changed, removed } = intentOf(base as unknown as JsonMap, edited as unknown as JsonMap, { all, own });
  return { value, changed: changed.map(pathText), removed: removed.map(pathText) };
};

describe('the intent of an edit', () => {
  it('is empty when nothing changed', () => {
    expect(edit(() => undefined)).toEqual({ value: undefined, changed: [], removed: [] });
  });

  it('has the changed field and nothing of its neighbours', () => {
    expect(edit((object) => Object.assign(object.spec, { replicas: 5 }))).toEqual({
      value: { spec: { replicas: 5 } },
      changed: ['spec.replicas'],
      removed: [],
    });
  });

  it('names items of a list by their keys', () => {
    const { value, changed } = edit((object) => Object.assign(object.spec.containers[1] ?? {}, { image: 'proxy:2' }));
    expect(value).toEqual({ spec: { containers: [{ name: 'proxy', image: 'proxy:2' }] } });
    expect(changed).toEqual(['spec.containers[1].image']);
  });

  it('takes a name that every object has for a name like others', () => {
    const labelled = { metadata: { labels: { constructor: 'me', valueOf: 'x' } } } as unknown as JsonMap;
    const { value, changed } = intentOf({ metadata: { labels: {} } }, labelled, { all: [theirs], own: undefined });
    expect([value, changed.map(pathText)]).toEqual([
      labelled,
      ['metadata.labels.constructor', 'metadata.labels.valueOf'],
    ]);
  });

  it('adds an item without touching the others', () => {
    const { value } = edit((object) => object.spec.containers.unshift({ name: 'new', image: 'new:1', ports: [] }));
    expect(value).toEqual({ spec: { containers: [{ name: 'new', image: 'new:1', ports: [] }] } });
  });

  it('does not take another order of keyed items for a change', () => {
    expect(edit((object) => object.spec.containers.reverse())).toMatchObject({ changed: [], removed: [] });
  });

  it('takes atomic maps and lists whole', () => {
    const { value } = edit((object) => {
      Object.assign(object.spec.selector, { tier: 'web' });
      object.spec.args.push('c');
    });
    expect(value).toEqual({ spec: { selector: { app: 'cart', tier: 'web' }, args: ['a', 'b', 'c'] } });
  });

  it('adds to a set only what is new', () => {
    const { value } = edit((object) => object.metadata.finalizers.push('keep.example/two'));
    expect(value).toEqual({ metadata: { finalizers: ['keep.example/two'] } });
  });

  it('tells what was taken out, by the place it had', () => {
    const { value, removed } = edit((object) => {
      object.spec.containers.splice(0, 1);
      object.metadata.finalizers.pop();
      Reflect.deleteProperty(object.metadata.labels, 'app');
    });
    expect(value).toBeUndefined();
    expect(removed).toEqual(['metadata.labels.app', 'metadata.finalizers[0]', 'spec.containers[0]']);
  });

  it('counts removals inside a moved item at the place it had before', () => {
    const { removed } = edit((object) => {
      object.spec.containers.reverse();
      Reflect.deleteProperty(object.spec.containers[1] ?? {}, 'image');
    });
    expect(removed).toEqual(['spec.containers[0].image']);
  });

  it('keeps what we applied before, for leaving it out would take it back', () => {
    const own: FieldSet = {
      'f:spec': { 'f:replicas': leaf, 'f:containers': { 'k:{"name":"main"}': { '.': leaf, 'f:image': leaf } } },
    };
    const { value } = edit((object) => Object.assign(object.metadata.labels, { tier: 'web' }), own);
    expect(value).toEqual({
      metadata: { labels: { tier: 'web' } },
      spec: { replicas: 3, containers: [{ name: 'main', image: 'main:1' }] },
    });
  });

  it('leaves out what we applied and the user took out', () => {
    const own: FieldSet = { 'f:metadata': { 'f:labels': { 'f:app': leaf } }, 'f:spec': { 'f:replicas': leaf } };
    const { value, removed } = edit((object) => Reflect.deleteProperty(object.metadata.labels, 'app'), own);
    expect(value).toEqual({ spec: { replicas: 3 } });
    expect(removed).toEqual(['metadata.labels.app']);
  });
});

describe('the managers of an object', () => {
  it('are read from its metadata', () => {
    const managedFields = [
      { manager: 'kubectl', operation: 'Apply', fieldsType: 'FieldsV1', fieldsV1: theirs },
      { manager: 'kubelet', operation: 'Update', subresource: 'status', fieldsV1: { 'f:status': {} } },
    ];
    expect(managersOf({ metadata: { managedFields } } as unknown as JsonMap)).toEqual([
      { name: 'kubectl', operation: 'Apply', subresource: '', fields: theirs },
      { name: 'kubelet', operation: 'Update', subresource: 'status', fields: { 'f:status': {} } },
    ]);
    expect(managersOf({})).toEqual([]);
  });
});
