import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../../src/cluster/discovery.ts';
import type { Transport } from '../../../src/cluster/transport.ts';
import { decoderFor } from '../../../src/decode/decoder-for.ts';
import { processorFor } from '../../../src/processors/for-resource.ts';
import { project } from '../../../src/processors/project.ts';
import { resourcePath } from '../../../src/protocol/resource.ts';
import {
  awkwardDeployments,
  awkwardEvents,
  awkwardNodes,
  awkwardReplicaSets,
  awkwardServices,
} from './awkward-objects.ts';
import { eachOf, labTransport, makeNamespace, mergePatch } from './lab-api.ts';
import { decodedAgain, differences, fetchTable, ownColumns, type ServerTable, serverColumns } from './server-table.ts';

type Body = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly status?: object;
};

describe('kinds with a file of their own read as kubectl prints them', () => {
  let api: Transport;
  let namespace: Awaited<ReturnType<typeof makeNamespace>>;

  beforeAll(async () => {
    api = await labTransport();
    namespace = await makeNamespace(api, 'parity-kinds');
  });
  afterAll(async () => {
    await namespace.remove();
    api.dispose();
  });

  const own = async (typed: string, scope = namespace.name) => {
    const resource = (await discover(api)).find(typed);
    const found = processorFor(resource);
    if (found.kind !== 'own') throw new Error(`${typed} has no file of its own`);
    return { ...found, resource, path: resourcePath(resource, scope) };
  };

  const create = (path: string, bodies: readonly Body[]): Promise<void> =>
    eachOf(bodies, async (body) => {
      await api.json({ method: 'POST', path, body });
      if (body.status === undefined) return;
      await api.json(mergePatch(`${path}/${body.metadata.name}/status`, { status: body.status }));
    });

  /** Whole objects and projected ones, against every cell of the server. */
  const compare = async (
    typed: string,
    atLeast: number,
    only = (_: string) => true,
    scope = namespace.name,
  ): Promise<ServerTable> => {
    const { processor, fields, path } = await own(typed, scope);
    const all = await fetchTable(api, path);
    const rows = all.rows.filter(({ item }) => only(item.meta.name));
    expect(rows.length).toBeGreaterThanOrEqual(atLeast);
    expect(ownColumns(processor)).toEqual(serverColumns(all));
    expect(differences({ ...all, rows }, processor)).toEqual([]);
    const projected = rows.map(({ cells, item }) => ({
      cells,
      item: { ...item, object: project(item.object, fields) },
    }));
    expect(differences({ ...all, rows: projected }, processor)).toEqual([]);
    await decodedAlike(typed, all, scope);
    return all;
  };

  /** Objects in both lists and unchanged between them make the same row, whether decoded from protobuf or from JSON. */
  const decodedAlike = async (typed: string, table: ServerTable, scope: string): Promise<void> => {
    const { processor, resource, path } = await own(typed, scope);
    const both = await decodedAgain(api, decoderFor(resource, true), path, table);
    // What the test has just made is still being changed by controllers; the demo world has come to rest.
    if (scope === '') expect(both.length).toBeGreaterThan(0);
    for (const [json, hot] of both) expect(processor.row(hot)).toEqual(processor.row(json));
  };

  it('deployments', async () => {
    await create((await own('deployments')).path, awkwardDeployments);
    await compare('deployments', awkwardDeployments.length);
  });

  it('replica sets', async () => {
    await create((await own('replicasets')).path, awkwardReplicaSets);
    await compare('replicasets', awkwardReplicaSets.length);
  });

  it('services', async () => {
    await create((await own('services')).path, awkwardServices);
    await compare('services', awkwardServices.length);
  });

  it('namespaces, one of them ending', async () => {
    const ending = await makeNamespace(api, 'parity-ending');
    await api.json({
      method: 'POST',
      path: `/api/v1/namespaces/${ending.name}/configmaps`,
      body: { metadata: { name: 'held', finalizers: ['test.example.com/hold'] } },
    });
    await ending.remove();
    try {
      const table = await compare('namespaces', 3);
      expect(table.rows.find(({ item }) => item.meta.name === ending.name)?.cells[1]).toBe('Terminating');
    } finally {
      const path = `/api/v1/namespaces/${ending.name}/configmaps/held`;
      await api.json(mergePatch(path, { metadata: { finalizers: null } }));
    }
  });

  it('nodes', async () => {
    const nodes = awkwardNodes(namespace.name);
    try {
      await create('/api/v1/nodes', nodes);
      await compare('nodes', nodes.length);
    } finally {
      await api.json({
        method: 'DELETE',
        path: '/api/v1/nodes',
        query: { labelSelector: 'test.example.com/parity=yes' },
      });
    }
  });

  it('events, in both of their groups', async () => {
    const events = awkwardEvents(namespace.name);
    const { path } = await own('events');
    await create(path, events);
    const names = new Set(events.map((event) => event.metadata.name));
    await compare('events', events.length, (name) => names.has(name));
    await compare('events.events.k8s.io', events.length, (name) => names.has(name));
    await compare('events', events.length);
  });

  it.each(['pods', 'nodes', 'deployments', 'replicasets', 'services', 'events', 'namespaces'])(
    'all %s of the demo world',
    async (typed) => {
      await compare(typed, 1, undefined, '');
    },
  );
});
