import { afterAll, beforeAll, expect, it } from 'vitest';
import { discover } from '../../../src/cluster/discovery.ts';
import type { Transport } from '../../../src/cluster/transport.ts';
import { decoderFor } from '../../../src/decode/decoder-for.ts';
import { tableProcessor } from '../../../src/processors/table.ts';
import { isCustom } from '../../../src/protocol/built-in-groups.ts';
import { type Resource, resourcePath } from '../../../src/protocol/resource.ts';
import type { Row } from '../../../src/protocol/row.ts';
import { runId } from '../../run-id.ts';
import { until } from '../until.ts';
import { kubectl, labTransport, makeNamespace, mergePatch } from './lab-api.ts';
import { listThrough } from './server-table.ts';

/**
 * Small definitions with the printer columns of the Gateway API's own (sigs.k8s.io/gateway-api, v1), in a group of this
 * run: a lab is shared, and the real group may be installed in it.
 */
const group = `gateway${runId}.example.com`;

const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

type Printed = { readonly name: string; readonly type: string; readonly jsonPath: string; readonly priority?: number };

const age: Printed = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

const definition = (plural: string, kind: string, scope: string, columns: readonly Printed[]) => ({
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope,
    names: { plural, singular: kind.toLowerCase(), kind },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: columns,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec: open, status: open } } },
      },
    ],
  },
});

const definitions = [
  definition('gatewayclasses', 'GatewayClass', 'Cluster', [
    { name: 'Controller', type: 'string', jsonPath: '.spec.controllerName' },
    { name: 'Accepted', type: 'string', jsonPath: '.status.conditions[?(@.type=="Accepted")].status' },
    age,
    { name: 'Description', type: 'string', jsonPath: '.spec.description', priority: 1 },
  ]),
  definition('gateways', 'Gateway', 'Namespaced', [
    { name: 'Class', type: 'string', jsonPath: '.spec.gatewayClassName' },
    { name: 'Address', type: 'string', jsonPath: '.status.addresses[*].value' },
    { name: 'Programmed', type: 'string', jsonPath: '.status.conditions[?(@.type=="Programmed")].status' },
    age,
  ]),
  definition('httproutes', 'HTTPRoute', 'Namespaced', [
    { name: 'Hostnames', type: 'string', jsonPath: '.spec.hostnames' },
    age,
  ]),
];

let api: Transport;
let namespace: Awaited<ReturnType<typeof makeNamespace>>;
const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

beforeAll(async () => {
  api = await labTransport();
  namespace = await makeNamespace(api, 'parity-gateway');
  for (const body of definitions) await api.json({ method: 'POST', path: crds, body });
  // Served some moments after they are established, each by itself.
  for (const { metadata, spec } of definitions) {
    await until(`${metadata.name} to be served`, async () => {
      const known = (await discover(api, true)).findKind(group, spec.names.kind);
      return known !== undefined && (await api.json<object>({ path: resourcePath(known) }));
    });
  }
});
afterAll(async () => {
  for (const { metadata } of definitions) await api.json({ method: 'DELETE', path: `${crds}/${metadata.name}` });
  await namespace.remove();
  api.dispose();
});

const found = async (kind: string): Promise<Resource> => {
  const resource = (await discover(api)).findKind(group, kind);
  if (resource === undefined) throw new Error(kind);
  return resource;
};

const condition = (type: string, status: string, reason = 'Tested', observedGeneration = 1) => ({
  type,
  status,
  reason,
  message: '',
  observedGeneration,
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

const make = async (kind: string, name: string, spec: object, status: object): Promise<void> => {
  const resource = await found(kind);
  const path = resourcePath(resource, namespace.name);
  await api.json({ method: 'POST', path, body: { apiVersion: `${group}/v1`, kind, metadata: { name }, spec } });
  await api.json(mergePatch(`${path}/${name}/status`, { status }));
};

/** As the engine reads them: whole, because the group is not Kubernetes' own. */
const rowsOf = async (kind: string): Promise<{ titles: readonly string[]; rows: Readonly<Record<string, Row>> }> => {
  const resource = await found(kind);
  const decoder = decoderFor(resource, false, isCustom(resource));
  const { columns, items } = await listThrough(api, decoder, resourcePath(resource, namespace.name));
  const processor = tableProcessor(columns, resource);
  return {
    titles: processor.columns.map(({ title }) => title),
    rows: Object.fromEntries(items.map(processor.row).map((row) => [row.name, row])),
  };
};

it('gateways and routes: the columns of their definitions, health by their conditions', async () => {
  await make(
    'GatewayClass',
    'envoy',
    { controllerName: 'example.com/c' },
    { conditions: [condition('Accepted', 'True')] },
  );
  const gateway = { gatewayClassName: 'envoy' };
  const up = [condition('Accepted', 'True'), condition('Programmed', 'True')];
  await make('Gateway', 'up', gateway, { conditions: up, addresses: [{ value: '192.0.2.1' }, { value: '192.0.2.2' }] });
  await make('Gateway', 'waiting', gateway, { conditions: [condition('Accepted', 'Unknown', 'Pending')] });
  const listeners = [{ name: 'web', conditions: [condition('Conflicted', 'True', 'ProtocolConflict')] }];
  await make('Gateway', 'conflict', gateway, { conditions: up, listeners });
  const parents = (...all: readonly object[]) => ({ parents: [{ conditions: all }] });
  const hosts = { hostnames: ['a.example.com', 'b.example.com'] };
  await make('HTTPRoute', 'attached', hosts, parents(condition('Accepted', 'True'), condition('ResolvedRefs', 'True')));
  await make('HTTPRoute', 'lost', {}, parents(condition('ResolvedRefs', 'False', 'BackendNotFound')));
  await make('HTTPRoute', 'nobody', {}, {});

  const gateways = await rowsOf('Gateway');
  expect(gateways.titles).toEqual(['NAMESPACE', 'NAME', 'CLASS', 'ADDRESS', 'PROGRAMMED', 'AGE']);
  expect(Object.fromEntries(Object.entries(gateways.rows).map(([name, { health }]) => [name, health]))).toEqual({
    up: 'ok',
    waiting: 'pending',
    conflict: 'error',
  });
  const printed = await kubectl('get', `gateways.${group}`, 'up', `--namespace=${namespace.name}`, '--no-headers');
  const up3 = gateways.rows.up?.cells.slice(1, 5).map(({ text }) => text);
  expect(
    printed
      .trim()
      .split(/\s{2,}/)
      .slice(0, 4),
  ).toEqual(up3);
  const routes = await rowsOf('HTTPRoute');
  expect(Object.fromEntries(Object.entries(routes.rows).map(([name, { health }]) => [name, health]))).toEqual({
    attached: 'ok',
    lost: 'error',
    nobody: 'unknown',
  });
  expect((await rowsOf('GatewayClass')).rows.envoy?.health).toBe('ok');
});

it('what is being deleted, and what its controller has not seen, is on its way', async () => {
  const conditions = [condition('Accepted', 'True'), condition('Programmed', 'True')];
  await make('Gateway', 'behind', { gatewayClassName: 'x' }, { observedGeneration: 0, conditions });
  expect((await rowsOf('Gateway')).rows.behind?.health).toBe('pending');
  const path = resourcePath(await found('Gateway'), namespace.name, 'behind');
  await api.json(mergePatch(path, { metadata: { finalizers: ['test.example.com/hold'] } }));
  await api.json(mergePatch(`${path}/status`, { status: { observedGeneration: 9 } }));
  expect((await rowsOf('Gateway')).rows.behind?.health).toBe('ok');
  await api.json({ method: 'DELETE', path });
  expect((await rowsOf('Gateway')).rows.behind?.health).toBe('pending');
  await api.json(mergePatch(path, { metadata: { finalizers: null } }));
});
