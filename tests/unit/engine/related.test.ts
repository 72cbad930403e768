import { expect, test } from 'vitest';
import { relatedTo } from '../../../src/engine/related.ts';
import type { Resource } from '../../../src/protocol/resource.ts';
import { transportOf } from '../cluster/fake-transport.ts';
import { rowOf } from '../view/row-of.ts';

const resource = (kind: string, group = '', more: Partial<Resource> = {}): Resource => ({
  group,
  version: 'v1',
  resource: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  kind,
  namespaced: true,
  verbs: ['list', 'get', 'watch'],
  shortNames: [],
  categories: [],
  subresources: [],
  ...more,
});

const served = { ReplicaSet: ['list', 'get'], Report: ['get'] };

/** A server of apps/v1 with what is `served`, whose pods are owned as told. */
const serverOf = (ownerReferences: readonly object[]) => ({
  context: 'prod',
  view: 1,
  scopes: { parent: () => undefined },
  transport: transportOf(({ path }) => {
    if (path === '/api/v1/namespaces/shop/pods/cart') return { metadata: { ownerReferences } };
    if (path === '/api') return { kind: 'APIVersions', versions: [] };
    if (path === '/apis') {
      const version = { groupVersion: 'apps/v1', version: 'v1' };
      return { kind: 'APIGroupList', groups: [{ name: 'apps', versions: [version], preferredVersion: version }] };
    }
    const resources = Object.entries(served).map(([kind, verbs]) => ({
      name: `${kind.toLowerCase()}s`,
      singularName: '',
      namespaced: true,
      kind,
      verbs,
    }));
    return { kind: 'APIResourceList', groupVersion: 'apps/v1', resources };
  }).transport,
});

const place = { row: { ...rowOf({ name: 'cart' }), owners: ['u'] }, resource: resource('Pod'), namespaces: ['shop'] };
const reference = (kind: string, controller = true) => ({
  apiVersion: 'apps/v1',
  kind,
  name: 'cart-1',
  uid: `uid-${kind}`,
  controller,
});

test('the owner is the controller, in the table of its kind', async () => {
  const server = serverOf([reference('Other', false), reference('ReplicaSet')]);
  const query = { resource: 'replicasets.apps', context: 'prod', namespaces: ['shop'] };
  expect(await relatedTo(place, 'owner', server)).toEqual({ open: 'table', query, key: 'uid-ReplicaSet' });
  const everywhere = await relatedTo({ ...place, namespaces: [] }, 'owner', server);
  expect(everywhere).toMatchObject({ query: { namespaces: [] } });
});

test('an owner that cannot be listed is described', async () => {
  expect(await relatedTo(place, 'owner', serverOf([reference('Report')]))).toEqual({
    open: 'describe',
    source: { resource: 'reports.apps', name: 'cart-1', namespace: 'shop', context: 'prod' },
  });
});

test('no owner and an owner the server does not know are said', async () => {
  const orphan = { ...place, row: { ...place.row, owners: [] } };
  await expect(relatedTo(orphan, 'owner', serverOf([]))).rejects.toThrow('pods/cart in shop has no owner');
  await expect(relatedTo(place, 'owner', serverOf([reference('Gone')]))).rejects.toThrow('Gone/cart-1 of apps/v1');
});

test('events are those of the uid, and of a node those of its name', async () => {
  const server = serverOf([]);
  expect(await relatedTo(place, 'row-events', server)).toEqual({
    open: 'table',
    query: {
      resource: 'events',
      context: 'prod',
      namespaces: ['shop'],
      fieldSelector: `involvedObject.uid=${place.row.uid}`,
      from: 'pod/cart',
    },
  });
  const row = rowOf({ name: 'worker-1', namespace: '' });
  const node = { row, resource: resource('Node', '', { namespaced: false }), namespaces: [] };
  expect(await relatedTo(node, 'row-events', server)).toMatchObject({
    query: { namespaces: [], fieldSelector: 'involvedObject.kind=Node,involvedObject.name=worker-1' },
  });
});
