/**
 * Records real objects with the cells the server prints for them, one file an object: run by hand against a lab.
 * `node tests/e2e/parity/collect-goldens.ts <namespace>` takes the namespaced kinds of it and the cluster's own from everywhere.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { discover } from '../../../src/cluster/discovery.ts';
import { processorFor } from '../../../src/processors/for-resource.ts';
import { type Resource, resourceKey, resourcePath } from '../../../src/protocol/resource.ts';
import { labTransport } from './lab-api.ts';
import { fetchTable, printed } from './server-table.ts';

const namespace = process.argv[2] ?? 'default';
const api = await labTransport();

/** What no kind reads, and what would make the files long. */
const trimmed = (object: unknown): unknown => {
  const { metadata, ...rest } = object as { metadata: Record<string, unknown> };
  const { managedFields: _, ...kept } = metadata;
  return { metadata: kept, ...rest };
};

const record = async (resource: Resource): Promise<number> => {
  const table = await fetchTable(api, resourcePath(resource, namespace));
  // Texts with ages were made at one instant; a list that took longer than this would not say which.
  if (table.to - table.from > 500) throw new Error(`${resourceKey(resource)}: the server took too long, run it again`);
  const folder = join(import.meta.dirname, '../../golden', resourceKey(resource));
  mkdirSync(folder, { recursive: true });
  for (const { cells, item } of table.rows) {
    const named = Object.fromEntries(
      table.columns.map(({ name }, index) => [name.toUpperCase(), printed(cells[index])]),
    );
    const golden = { from: table.from, to: table.to, cells: named, object: trimmed(item.object) };
    writeFileSync(join(folder, `${item.meta.name}.json`), `${JSON.stringify(golden, undefined, 1)}\n`);
  }
  return table.rows.length;
};

for (const resource of (await discover(api)).resources) {
  if (processorFor(resource).kind === 'own') console.log(resourceKey(resource), await record(resource));
}
api.dispose();
