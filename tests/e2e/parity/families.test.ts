import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Transport } from '../../../src/cluster/transport.ts';
import { kinds } from '../../../src/processors/kinds/index.generated.ts';
import { families } from './awkward/families.ts';
import { makeAwkward, nameOf, removeAwkward } from './awkward/make-awkward.ts';
import { compareKind, ownKind } from './compare.ts';
import { labTransport, makeNamespace } from './lab-api.ts';

/** Compared in kinds.test.ts and pods.test.ts. */
const elsewhere = ['Pod', 'Node', 'Deployment', 'ReplicaSet', 'Service', 'Event', 'Namespace'];

describe('kinds by family read as kubectl prints them', () => {
  let api: Transport;
  beforeAll(async () => {
    api = await labTransport();
  });
  afterAll(() => api.dispose());

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
      await compareKind(api, typed, { namespace: '', atLeast: wanted.length });
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
