import { expect } from 'vitest';
import { discover } from '../../../src/cluster/discovery.ts';
import type { Transport } from '../../../src/cluster/transport.ts';
import { decoderFor } from '../../../src/decode/decoder-for.ts';
import { processorFor, type ResourceProcessor } from '../../../src/processors/for-resource.ts';
import { project } from '../../../src/processors/project.ts';
import { type Resource, resourcePath } from '../../../src/protocol/resource.ts';
import { decodedAgain, differences, fetchTable, ownColumns, type ServerTable, serverColumns } from './server-table.ts';

export type OwnKind = Extract<ResourceProcessor, { kind: 'own' }> & { readonly resource: Resource };

/** A resource whose kind has a file of its own. */
export const ownKind = async (api: Transport, typed: string): Promise<OwnKind> => {
  const resource = (await discover(api)).find(typed);
  const found = processorFor(resource);
  if (found.kind !== 'own') throw new Error(`${typed} has no file of its own`);
  return { ...found, resource };
};

type Wanted = {
  /** '' for all namespaces. */
  readonly namespace: string;
  readonly atLeast: number;
  readonly only?: (name: string) => boolean;
  /** The fewest objects that are the same in two lists; what a test has just made may still be changed. */
  readonly unchanged?: number;
};

/**
 * Whole objects and projected ones against every cell of the server; then, of objects that did not change between
 * two lists, the rows of what the hot path decodes against those of JSON.
 */
export const compareKind = async (
  api: Transport,
  typed: string,
  { namespace, atLeast, only = () => true, unchanged = 0 }: Wanted,
): Promise<ServerTable> => {
  const { processor, fields, resource } = await ownKind(api, typed);
  const path = resourcePath(resource, namespace);
  const all = await fetchTable(api, path);
  const rows = all.rows.filter(({ item }) => only(item.meta.name));
  expect(rows.length).toBeGreaterThanOrEqual(atLeast);
  expect(ownColumns(processor)).toEqual(serverColumns(all));
  expect(differences({ ...all, rows }, processor)).toEqual([]);
  const projected = rows.map(({ cells, item }) => ({ cells, item: { ...item, object: project(item.object, fields) } }));
  expect(differences({ ...all, rows: projected }, processor)).toEqual([]);
  const both = await decodedAgain(api, decoderFor(resource, true), path, { ...all, rows });
  expect(both.length).toBeGreaterThanOrEqual(unchanged);
  for (const [json, hot] of both) {
    expect(project(hot.object, fields)).toEqual(project(json.object, fields));
    expect(processor.row(hot)).toEqual(processor.row(json));
  }
  return all;
};
