import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Transport } from '../../../src/cluster/transport.ts';
import { decoderFor } from '../../../src/decode/decoder-for.ts';
import { commonFields } from '../../../src/processors/define-kind.ts';
import pods from '../../../src/processors/kinds/pods.ts';
import { makeProcessor } from '../../../src/processors/make-processor.ts';
import { project } from '../../../src/processors/project.ts';
import { arbitraryPod } from '../../unit/processors/arbitrary-pod.ts';
import { awkwardPods } from './awkward-pods.ts';
import { labTransport, makeNamespace, seed } from './lab-api.ts';
import { makePods, releasePods, type WantedPod } from './make-pods.ts';
import {
  decodedAgain,
  differences,
  fetchTable,
  ownColumns,
  printed,
  type ServerTable,
  serverColumns,
} from './server-table.ts';

const processor = makeProcessor(pods);
const fields = [...commonFields, ...pods.fields];

const projected = (table: ServerTable): ServerTable => ({
  ...table,
  rows: table.rows.map(({ cells, item }) => ({ cells, item: { ...item, object: project(item.object, fields) } })),
});

describe('pods read as kubectl prints them', () => {
  let api: Transport;

  beforeAll(async () => {
    api = await labTransport();
  });
  afterAll(() => api.dispose());

  const tableOf = async (prefix: string, wanted: readonly WantedPod[]): Promise<ServerTable> => {
    const namespace = await makeNamespace(api, prefix);
    try {
      await makePods(api, namespace.name, wanted);
      const path = `/api/v1/namespaces/${namespace.name}/pods`;
      const table = await fetchTable(api, path);
      // What the hot path decodes must give the rows that JSON gives.
      const decoder = decoderFor({ group: '', version: 'v1', kind: 'Pod' }, true);
      const both = await decodedAgain(api, decoder, path, table);
      expect(both.length).toBeGreaterThan(wanted.length / 2);
      for (const [json, hot] of both) expect(processor.row(hot)).toEqual(processor.row(json));
      return table;
    } finally {
      await releasePods(api, namespace.name, wanted).finally(() => namespace.remove());
    }
  };

  it('in every state the printer knows', async () => {
    const table = await tableOf('parity-awkward', awkwardPods);
    expect(ownColumns(processor)).toEqual(serverColumns(table));
    expect(table.rows).toHaveLength(awkwardPods.length);
    for (const { cells, item } of table.rows) {
      const { name, expect: expected } = awkwardPods.find((pod) => pod.name === item.meta.name) ?? {};
      const [ready, status, restarts] = expected ?? [];
      // The pod is the case that it is named after.
      expect([name, printed(cells[1]), printed(cells[2])]).toEqual([name, ready, status]);
      if (restarts instanceof RegExp) expect(printed(cells[3])).toMatch(restarts);
      else expect([name, printed(cells[3])]).toEqual([name, restarts]);
    }
    expect(differences(table, processor)).toEqual([]);
    expect(differences(projected(table), processor)).toEqual([]);
  });

  it('in hundreds of states made up at random', async () => {
    const generated = fc.sample(arbitraryPod(Date.now()), { numRuns: 300, seed });
    const table = await tableOf(
      'parity-random',
      generated.map((pod, index) => ({ name: `pod-${index}`, ...pod })),
    );
    expect(table.rows).toHaveLength(generated.length);
    expect({ seed, wrong: differences(table, processor) }).toEqual({ seed, wrong: [] });
    expect(differences(projected(table), processor)).toEqual([]);
  });
});
