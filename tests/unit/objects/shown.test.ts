import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exportedOf, meantBy, type Showing, shownOf } from '../../../src/objects/shown.ts';
import { objectText } from '../../../src/objects/text.ts';

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'db',
    uid: 'u',
    managedFields: [{ manager: 'kubectl' }],
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"password":"aHVudGVyMg=="}}',
      team: 'shop',
    },
  },
  data: { password: 'aHVudGVyMg==', empty: '' },
  type: 'Opaque',
};

const masked: Showing = { all: true, secret: { revealed: new Set() } };

describe('values of a secret', () => {
  it('are neither shown nor exported, nor how long they are', () => {
    for (const text of [objectText(shownOf(secret, masked)), objectText(exportedOf(secret, true))]) {
      expect(text).not.toMatch(/aHVudGVyMg|hunter2/);
      expect(parse(text)).toMatchObject({
        data: { password: '***', empty: '***' },
        metadata: { annotations: { team: 'shop' } },
        type: 'Opaque',
      });
    }
    expect(secret.data.password).toBe('aHVudGVyMg==');
  });

  it('that are shown stand decoded, and mean the same again', () => {
    const showing: Showing = { all: false, secret: { revealed: new Set(['password']) } };
    const shown = shownOf(secret, showing);
    expect(shown).toMatchObject({ data: { empty: '***' }, stringData: { password: 'hunter2' } });
    expect(meantBy(shown, secret, showing)).toMatchObject({ data: secret.data });
  });
});

describe('exportedOf', () => {
  it('keeps all but managedFields of other objects', () => {
    const object = { ...secret, kind: 'Other' };
    const { managedFields: _, ...metadata } = secret.metadata;
    expect(exportedOf(object, false)).toEqual({ ...object, metadata });
  });
});

it('a text is read as the same by readers of YAML 1.1', () => {
  const object = { data: { answer: 'yes', octal: '0o17', version: '1.10' }, metadata: {} };
  expect(parse(objectText(object), { version: '1.1' })).toEqual(object);
});
