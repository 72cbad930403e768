/** What a table should show, worked out afresh from a list. */
import { jsonDecoder } from '../../../src/decode/json.ts';
import { wholeTableDecoder } from '../../../src/decode/table.ts';
import { processorFor } from '../../../src/processors/for-resource.ts';
import { type Resource, resourcePath } from '../../../src/protocol/resource.ts';
import type { Column, Row } from '../../../src/protocol/row.ts';
import { comparison } from '../../../src/view/comparison.ts';
import { parseFilter } from '../../../src/view/filter.ts';
import type { Sort } from '../../../src/view/layout.ts';
import { listThrough } from '../../e2e/parity/server-table.ts';
import type { World } from './world.ts';

/** A table as it was asked to be. */
export type Wish = {
  readonly resource: Resource;
  /** Empty: all of them. */
  readonly namespaces: readonly string[];
  readonly selector: string | undefined;
  readonly fieldSelector: string | undefined;
  readonly filter: string;
  readonly sort: Sort | undefined;
};

export type Expected = {
  readonly columns: readonly Column[];
  /** In the order shown. */
  readonly rows: readonly Row[];
  /** Without the filter. */
  readonly total: number;
};

const read = async (world: World, { resource, selector, fieldSelector }: Wish, namespace: string) => {
  const found = processorFor(resource);
  const decoder = found.kind === 'own' ? jsonDecoder : wholeTableDecoder;
  const query = {
    ...decoder.query,
    ...(selector === undefined ? {} : { labelSelector: selector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
  const { columns, items } = await listThrough(world.api, { ...decoder, query }, resourcePath(resource, namespace));
  const processor = found.kind === 'own' ? found.processor : found.create(columns);
  return { columns: processor.columns, rows: items.map((item) => processor.row(item)) };
};

export const expectedOf = async (world: World, wish: Wish): Promise<Expected> => {
  const scopes = wish.namespaces.length === 0 ? [''] : wish.namespaces;
  const lists = [];
  for (const namespace of scopes) lists.push(await read(world, wish, namespace));
  const columns = lists[0]?.columns ?? [];
  const all = lists.flatMap(({ rows }) => rows);
  const { matches } = parseFilter(wish.filter, columns);
  const rows = all.filter((row) => matches(row, Date.now())).sort(comparison(wish.sort, columns));
  return { columns, rows, total: all.length };
};
