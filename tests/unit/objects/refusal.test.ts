import { describe, expect, it } from 'vitest';
import { resolveField } from '../../../src/objects/field-path.ts';
import { pathText } from '../../../src/objects/json.ts';
import { causesOf, conflictsOf } from '../../../src/objects/refusal.ts';

const object = {
  metadata: { labels: { 'app.kubernetes.io/name': 'cart' }, finalizers: ['keep.example/one'] },
  spec: {
    replicas: 1,
    ports: [
      { port: 80, protocol: 'TCP' },
      { port: 53, protocol: 'UDP' },
    ],
    template: { spec: { containers: [{ name: 'main', image: 'x' }] } },
  },
};

describe('a field of an error', () => {
  it.each([
    ['spec.template.spec.containers[0].image', 'spec.template.spec.containers[0].image'],
    ['.spec.template.spec.containers[name="main"].image', 'spec.template.spec.containers[0].image'],
    ['.spec.ports[port=53,protocol="UDP"].port', 'spec.ports[1].port'],
    ['metadata.labels[app.kubernetes.io/name]', 'metadata.labels["app.kubernetes.io/name"]'],
    ['.metadata.labels.app.kubernetes.io/name', 'metadata.labels["app.kubernetes.io/name"]'],
    ['metadata.labels["app.kubernetes.io/name"]', 'metadata.labels["app.kubernetes.io/name"]'],
    ['.metadata.finalizers[="keep.example/one"]', 'metadata.finalizers[0]'],
    ['spec.replica', 'spec.replica'],
    ['spec.template.spec.containers[3].image', 'spec.template.spec.containers[3]'],
    ['', ''],
  ])('%s is the place %s', (field, place) => {
    expect(pathText(resolveField(object, field)).replace(/\.image$/, field.includes('[3]') ? '' : '.image')).toBe(
      place,
    );
  });
});

describe('a refusal', () => {
  it('names the managers that have the fields', () => {
    const causes = [
      {
        reason: 'FieldManagerConflict',
        message: 'conflict with "kubectl-edit" using apps/v1',
        field: '.spec.replicas',
      },
      {
        reason: 'FieldManagerConflict',
        message: 'conflict with "hpa" with subresource "scale" using apps/v1',
        field: '.x',
      },
    ];
    expect(conflictsOf({ reason: 'Conflict', details: { causes } })).toEqual([
      { field: '.spec.replicas', manager: 'kubectl-edit' },
      { field: '.x', manager: 'hpa' },
    ]);
  });

  it('has its causes, from the list or from the text', () => {
    const causes = [{ reason: 'FieldValueInvalid', message: 'Invalid value: -1', field: 'spec.replicas' }];
    expect(causesOf({ message: 'all', details: { causes } })).toEqual([
      { field: 'spec.replicas', message: 'Invalid value: -1' },
    ]);
    expect(
      causesOf({ message: 'strict decoding error: unknown field "spec.foo", duplicate field "spec.bar"' }),
    ).toEqual([
      { field: 'spec.foo', message: 'unknown field' },
      { field: 'spec.bar', message: 'duplicate field' },
    ]);
    expect(
      causesOf({
        message:
          'failed to create typed patch object (a/b; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema',
      }),
    ).toEqual([{ field: '.spec.foo', message: 'field not declared in schema' }]);
    expect(causesOf({ message: 'admission webhook "x" denied the request: no' })).toEqual([
      { field: '', message: 'admission webhook "x" denied the request: no' },
    ]);
  });
});
