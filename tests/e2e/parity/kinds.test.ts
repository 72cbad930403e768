import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Transport } from '../../../src/cluster/transport.ts';
import { resourcePath } from '../../../src/protocol/resource.ts';
import {
  awkwardDeployments,
  awkwardEvents,
  awkwardNodes,
  awkwardReplicaSets,
  awkwardServices,
} from './awkward-objects.ts';
import { compareKind, ownKind } from './compare.ts';
import { eachOf, labTransport, makeNamespace, mergePatch } from './lab-api.ts';
import type { ServerTable } from './server-table.ts';

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

  const create = async (typed: string, bodies: readonly Body[]): Promise<void> => {
    const path = resourcePath((await ownKind(api, typed)).resource, namespace.name);
    await eachOf(bodies, async (body) => {
      await api.json({ method: 'POST', path, body });
      if (body.status === undefined) return;
      await api.json(mergePatch(`${path}/${body.metadata.name}/status`, { status: body.status }));
    });
  };

  const compare = (typed: string, atLeast: number, only?: (name: string) => boolean): Promise<ServerTable> =>
    compareKind(api, typed, { namespace: namespace.name, atLeast, ...(only === undefined ? {} : { only }) });

  it('deployments', async () => {
    await create('deployments', awkwardDeployments);
    await compare('deployments', awkwardDeployments.length);
  });

  it('replica sets', async () => {
    await create('replicasets', awkwardReplicaSets);
    await compare('replicasets', awkwardReplicaSets.length);
  });

  it('services', async () => {
    await create('services', awkwardServices);
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
      await create('nodes', nodes);
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
    await create('events', events);
    const names = new Set(events.map((event) => event.metadata.name));
    await compare('events', events.length, (name) => names.has(name));
    await compare('events.events.k8s.io', events.length, (name) => names.has(name));
    await compare('events', events.length);
  });

  it.each(['pods', 'nodes', 'deployments', 'replicasets', 'services', 'events', 'namespaces'])(
    'all %s of the demo world',
    async (typed) => {
      // The demo world has come to rest.
      await compareKind(api, typed, { namespace: '', atLeast: 1, unchanged: 1 });
    },
  );
});
