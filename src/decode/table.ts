import { sanitize } from '../util/width.ts';
import type { Decoded, Decoder, TableColumn } from './decoded.ts';
import { createJsonList } from './json-list.ts';
import { createJsonWatch } from './json-watch.ts';
import { brokenItem, isBag, metaOf } from './meta.ts';

type Bag = Readonly<Record<string, unknown>>;

/** What `Decoded.object` is for rows of a Table: the server's cells and the object's metadata. */
export type TableObject = { readonly cells: readonly unknown[]; readonly object: unknown };

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The server's columnDefinitions in our words; kubectl upper-cases the names and hides priority > 0 without -o wide. */
export const tableColumns = (definitions: unknown): readonly TableColumn[] | undefined => {
  if (!Array.isArray(definitions) || definitions.length === 0) return undefined;
  return definitions.filter(isBag).map((definition) => {
    const type = text(definition.type);
    const priority = definition.priority;
    const description = text(definition.description);
    return {
      title: sanitize(text(definition.name)).toUpperCase(),
      type,
      format: text(definition.format),
      ...(description === '' ? {} : { description }),
      ...(type === 'integer' || type === 'number' ? { align: 'right' as const } : {}),
      ...(typeof priority === 'number' && priority > 0 ? { wide: true } : {}),
    };
  });
};

/** What is shown of servers that answer plain objects: as kubectl does, the name and the age. */
const plainColumns: readonly TableColumn[] = [
  { title: 'NAME', type: 'string', format: 'name' },
  { title: 'AGE', type: 'date', format: '' },
];

const plainRow = (object: Bag): Decoded => {
  const metadata = isBag(object.metadata) ? object.metadata : {};
  const meta = metaOf(object);
  const table: TableObject = { cells: [meta.name, metadata.creationTimestamp ?? null], object };
  return { meta, object: table };
};

const tableRow = (row: Bag): Decoded => {
  const cells = row.cells;
  const object = row.object;
  if (!Array.isArray(cells)) return brokenItem(JSON.stringify(row), 'a row without a name', 'a row has no cells');
  const meta = metaOf(object);
  const first = cells[0];
  // Servers may leave the object out; the first cell is the name by convention.
  const named = meta.name === '' && typeof first === 'string' ? { ...meta, name: first } : meta;
  const table: TableObject = { cells, object };
  return { meta: named, object: table };
};

const isTable = (object: Bag): boolean => object.kind === 'Table';

/** Rows from a Table's `rows`; objects from the `items` of a server that ignored `as=Table`. */
const rowOrObject = (element: Bag): Decoded => ('cells' in element ? tableRow(element) : plainRow(element));

const listColumns = (envelope: Bag): readonly TableColumn[] | undefined =>
  'items' in envelope ? plainColumns : tableColumns(envelope.columnDefinitions);

const createTableWatch = () => {
  let columns: readonly TableColumn[] | undefined;
  const items = (object: Bag): readonly Decoded[] => {
    if (!isTable(object)) {
      columns ??= plainColumns;
      return [plainRow(object)];
    }
    columns = tableColumns(object.columnDefinitions) ?? columns;
    const rows = Array.isArray(object.rows) ? object.rows.filter(isBag) : [];
    return rows.map(tableRow);
  };
  return createJsonWatch({ items, columns: () => columns });
};

/** The server's own Table, for every kind that has no file of its own: custom resources and aggregated APIs too. */
export const tableDecoder: Decoder = {
  accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  acceptWatch: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  query: { includeObject: 'Metadata' },
  list: () => createJsonList({ item: rowOrObject, columns: listColumns }),
  watch: createTableWatch,
};

/** The same with the whole objects beside the cells. */
export const wholeTableDecoder: Decoder = { ...tableDecoder, query: { includeObject: 'Object' } };
