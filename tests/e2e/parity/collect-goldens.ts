/**
 * Records real objects with the cells the server prints for them, one file an object: run by hand against a lab.
 * `node tests/e2e/parity/collect-goldens.ts families [resource…]` makes the awkward objects of the families, records
 * and removes them; `… <namespace> <resource>[/name]…` takes what is there.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { discover } from '../../../src/cluster/discovery.ts';
import type { Transport } from '../../../src/cluster/transport.ts';
import { processorFor } from '../../../src/processors/for-resource.ts';
import { type Resource, resourceKey, resourcePath } from '../../../src/protocol/resource.ts';
import { families } from './awkward/families.ts';
import { makeAwkward, nameOf, removeAwkward } from './awkward/make-awkward.ts';
import { ownKind } from './compare.ts';
import { labTransport, makeNamespace } from './lab-api.ts';
import { fetchTable, printed } from './server-table.ts';

/** What no kind reads, and what would make the files long. */
const trimmed = (object: unknown): unknown => {
  const { metadata, ...rest } = object as { metadata: Record<string, unknown> };
  const { managedFields: _, ...kept } = metadata;
  return { metadata: kept, ...rest };
};

/** What the product reads of kinds without a file beside the cells: no values of secrets come into a file. */
const metadataOnly = async (api: Transport, resource: Resource, namespace: string, name: string): Promise<object> => {
  const { metadata } = await api.json<{ metadata: object }>({ path: resourcePath(resource, namespace, name) });
  const { version, group, kind } = resource;
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind, ...(trimmed({ metadata }) as object) };
};

/** `file` names the file of an object, or leaves it out. */
const record = async (
  api: Transport,
  resource: Resource,
  namespace: string,
  file: (name: string) => string | undefined,
): Promise<void> => {
  const table = await fetchTable(api, resourcePath(resource, namespace));
  // Texts with ages were made at one instant; a list that took longer than this would not say which.
  if (table.to - table.from > 500) throw new Error(`${resourceKey(resource)}: the server took too long, run it again`);
  const found = processorFor(resource);
  const folder = join(import.meta.dirname, '../../golden', resourceKey(resource));
  mkdirSync(folder, { recursive: true });
  for (const { cells, item } of table.rows) {
    const name = file(item.meta.name);
    if (name === undefined) continue;
    const named = Object.fromEntries(
      table.columns.map(({ name: title }, index) => [title.toUpperCase(), printed(cells[index])]),
    );
    const object =
      found.kind === 'own' ? trimmed(item.object) : await metadataOnly(api, resource, namespace, item.meta.name);
    const server = found.kind === 'own' ? {} : { columns: table.columns, row: cells };
    const golden = { from: table.from, to: table.to, cells: named, ...server, object };
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(golden, undefined, 1)}\n`);
    console.log(resourceKey(resource), name, Object.values(named).join(' | '));
  }
};

const recordFamilies = async (api: Transport, only: readonly string[]): Promise<void> => {
  for (const { resource: typed, objects } of families) {
    if (only.length > 0 && !only.includes(typed)) continue;
    const { resource } = await ownKind(api, typed);
    const namespace = await makeNamespace(api, 'golden');
    const wanted = objects(namespace.name);
    const files = new Map(wanted.map(({ name }) => [nameOf(resource, namespace.name, name), name]));
    try {
      await makeAwkward(api, resource, namespace.name, wanted);
      await record(api, resource, namespace.name, (name) => files.get(name));
    } finally {
      await removeAwkward(api, resource, namespace.name, wanted).finally(() => namespace.remove());
    }
  }
};

const api = await labTransport();
const [from = 'families', ...resources] = process.argv.slice(2);
if (from === 'families') await recordFamilies(api, resources);
else {
  for (const typed of resources) {
    const [key = '', only] = typed.split('/');
    const resource = (await discover(api)).find(key);
    await record(api, resource, from, (name) => (only === undefined || only === name ? name : undefined));
  }
}
api.dispose();
