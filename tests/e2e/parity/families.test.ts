import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../../src/cluster/discovery.ts';
import type { Transport } from '../../../src/cluster/transport.ts';
import { kinds } from '../../../src/processors/kinds/index.generated.ts';
import { resourcePath } from '../../../src/protocol/resource.ts';
import type { Query } from '../../../src/protocol/wire.ts';
import { families } from './awkward/families.ts';
import { makeAwkward, nameOf, removeAwkward } from './awkward/make-awkward.ts';
import { compareKind, ownKind } from './compare.ts';
import { eachOf, labTransport, makeNamespace } from './lab-api.ts';
import type { ServerTable } from './server-table.ts';

/** Compared in kinds.test.ts and pods.test.ts. */
const elsewhere = ['Pod', 'Node', 'Deployment', 'ReplicaSet', 'Service', 'Event', 'Namespace'];

describe('kinds by family read as kubectl prints them', () => {
  let api: Transport;
  beforeAll(async () => {
    api = await labTransport();
  });
  afterAll(() => api.dispose());

  /** The server has the resources that `<CR>` leads to and takes the selectors; filters name columns of theirs. */
  const expectChildren = async (typed: string, { rows }: ServerTable): Promise<void> => {
    const { processor } = await ownKind(api, typed);
    const queries = new Map<string, Omit<Query, 'context'>>();
    for (const { item } of rows) {
      const child = processor.children(processor.row(item));
      if (!('table' in child)) continue;
      const { resource, selector, fieldSelector, filter } = child.table;
      // One of each form is enough: values differ from row to row.
      queries.set([resource, selector !== undefined, fieldSelector !== undefined, filter].join(), child.table);
    }
    await eachOf([...queries.values()], async ({ resource: of, namespaces = [], selector, fieldSelector, filter }) => {
      const resource = (await discover(api)).find(of);
      const query = { limit: '1', labelSelector: selector ?? '', fieldSelector: fieldSelector ?? '' };
      await api.json({ path: resourcePath(resource, namespaces[0] ?? ''), query });
      if (filter === undefined) return;
      const title = filter.slice(0, filter.indexOf('='));
      expect((await ownKind(api, of)).processor.columns.map((column) => column.title)).toContain(title);
    });
  };

  it.each(families)('$resource', async ({ resource: typed, objects }) => {
    const { resource } = await ownKind(api, typed);
    const namespace = await makeNamespace(api, 'parity');
    const wanted = objects(namespace.name);
    try {
      await makeAwkward(api, resource, namespace.name, wanted);
      const names = new Set(wanted.map(({ name }) => nameOf(resource, namespace.name, name)));
      await compareKind(api, typed, {
        namespace: namespace.name,
        atLeast: wanted.length,
        only: (name) => names.has(name),
      });
      // Whatever else the lab has of the kind.
      const table = await compareKind(api, typed, { namespace: '', atLeast: wanted.length });
      await expectChildren(typed, table);
    } finally {
      await removeAwkward(api, resource, namespace.name, wanted).finally(() => namespace.remove());
    }
  });

  it('apiservices, local ones and that of the metrics', async () => {
    const table = await compareKind(api, 'apiservices.apiregistration.k8s.io', { namespace: '', atLeast: 20 });
    expect(table.rows.some(({ cells }) => cells[1] !== 'Local')).toBe(true);
  });

  it('leaves out no kind that has a file', async () => {
    const compared = await Promise.all(families.map(({ resource }) => ownKind(api, resource)));
    const known = new Set([...compared.map(({ resource }) => resource.kind), ...elsewhere, 'APIService']);
    expect(kinds.map(({ kind }) => kind).filter((kind) => !known.has(kind))).toEqual([]);
  });
});
