import type { Transport, TransportRequest } from '../../../src/cluster/transport.ts';
import type { Decoded, Decoder, TableColumn } from '../../../src/decode/decoded.ts';
import { metaOf } from '../../../src/decode/meta.ts';
import type { Processor } from '../../../src/processors/processor.ts';
import { cellText } from '../../../src/protocol/cell-text.ts';
import type { Cell, Column } from '../../../src/protocol/row.ts';

type Definition = { readonly name: string; readonly type: string; readonly priority: number };

/** The server's Table with the objects it was made of, so that both sides see one state. */
export type ServerTable = {
  readonly columns: readonly Definition[];
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly item: Decoded }[];
  /** The server made the texts between these, ms since the epoch. */
  readonly from: number;
  readonly to: number;
};

type TableBody = {
  readonly columnDefinitions: readonly Definition[];
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object: unknown }[];
};

/** Any request that the server answers with a Table; writes too, also those that are only tried. */
export const readTable = async (api: Transport, request: TransportRequest): Promise<ServerTable> => {
  const from = Date.now();
  const body = await api.json<TableBody>(request);
  const rows = body.rows.map(({ cells, object }) => ({ cells, item: { meta: metaOf(object), object } }));
  return { columns: body.columnDefinitions, rows, from, to: Date.now() };
};

export const fetchTable = (api: Transport, path: string): Promise<ServerTable> =>
  readTable(api, {
    path,
    query: { includeObject: 'Object' },
    headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  });

/** A whole list read as the product reads it. */
export const listThrough = async (
  api: Transport,
  decoder: Decoder,
  path: string,
): Promise<{ readonly columns: readonly TableColumn[]; readonly items: readonly Decoded[] }> => {
  const response = await api.request({ path, query: decoder.query, headers: { accept: decoder.accept } });
  const reading = decoder.list(String(response.headers['content-type']));
  const items: Decoded[] = [];
  for await (const chunk of response.body) items.push(...reading.push(chunk));
  items.push(...reading.end());
  return { columns: reading.columns ?? [], items };
};

/** Objects of a table once more through another decoder; those that have changed meanwhile are left out. */
export const decodedAgain = async (
  api: Transport,
  decoder: Decoder,
  path: string,
  table: ServerTable,
): Promise<readonly (readonly [Decoded, Decoded])[]> => {
  const { items } = await listThrough(api, decoder, path);
  const byUid = new Map(items.map((item) => [item.meta.uid, item]));
  return table.rows.flatMap(({ item }) => {
    const other = byUid.get(item.meta.uid);
    return other?.meta.resourceVersion === item.meta.resourceVersion ? [[item, other] as const] : [];
  });
};

/** As kubectl prints a cell: the first line only, escapes made harmless (cli-runtime, printTable). */
export const printed = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const end = value.search(/[\f\n\r]/);
  return (end < 0 ? value : `${value.slice(0, end)}...`).replaceAll('\u001b', '^[');
};

/** Every text a cell has between two instants. */
export const textsBetween = (cell: Cell, column: Column, from: number, to: number): readonly string[] => {
  const texts = new Set<string>();
  for (let at = from; at < to; at += 100) texts.add(cellText(cell, column, at));
  return [...texts.add(cellText(cell, column, to))];
};

/** Cells that differ from the server's, as sentences; none when all are equal. */
export const differences = (table: ServerTable, processor: Processor): readonly string[] => {
  const own = processor.columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => column.extra !== true);
  const kubectls = own.filter(({ column }) => column.title !== 'NAMESPACE');
  return table.rows.flatMap(({ cells, item }) => {
    const row = processor.row(item);
    return kubectls.flatMap(({ column, index }, position) => {
      const wanted = printed(cells[position]);
      const shown = textsBetween(row.cells[index] as Cell, column, table.from, table.to);
      if (shown.includes(wanted)) return [];
      return [`${item.meta.name} ${column.title}: kubectl '${wanted}', here '${shown.join("' or '")}'`];
    });
  });
};

/** Title and whether only -o wide shows it. */
export const serverColumns = (table: ServerTable): readonly string[] =>
  table.columns.map(({ name, priority }) => `${name.toUpperCase()}${priority > 0 ? ' (wide)' : ''}`);

export const ownColumns = (processor: Processor): readonly string[] =>
  processor.columns
    .filter(({ title, extra }) => extra !== true && title !== 'NAMESPACE')
    .map(({ title, wide }) => `${title}${wide === true ? ' (wide)' : ''}`);
