import type { Decoded } from '../decode/decoded.ts';
import { isBag } from '../decode/meta.ts';
import type { Custom } from '../protocol/added-columns.ts';
import type { Resource } from '../protocol/resource.ts';
import type { Cell, CellValue, Column, Row } from '../protocol/row.ts';
import type { CustomColumn } from '../protocol/wire.ts';
import { ipValue, naturalKey, versionKey } from '../util/natural-compare.ts';
import { parseQuantity } from '../util/quantity.ts';
import { parseTimestamp } from '../util/timestamp.ts';
import { cellLine, cellTable, emptyCell } from './cells.ts';
import { compilePath, PathError, valueText } from './json-path.ts';

/** What of a processor or a store's row maker is needed here. */
type Maker = { readonly columns: readonly Column[]; row(item: Decoded): Row };

type Reader = (row: Row, object: unknown) => Cell;

const quantity = /^[+-]?(\d+\.?\d*|\.\d+)([numkMGTPE]|[KMGTPE]i)$/;
const version = /^v?\d+(\.\d+)+([-+].*)?$/;

/** What a text nobody declared the type of is worth: number, amount, instant, address, version, else digits by value. */
export const worthOf = (text: string): CellValue => {
  if (text === '' || text === '<none>' || text === '<nil>') return undefined;
  const number = Number(text);
  if (text.trim() !== '' && !Number.isNaN(number)) return number;
  if (quantity.test(text)) return parseQuantity(text);
  return parseTimestamp(text) ?? ipValue(text) ?? (version.test(text) ? versionKey(text) : naturalKey(text));
};

const errorCell = (text: string): Cell => ({
  text: `error: ${cellLine(text)}`,
  value: undefined,
  style: 'KubectlError',
});

const none: Cell = { text: '<none>', value: undefined };

const labelReader = (label: string): Reader => {
  const cellOf = cellTable(worthOf);
  return ({ labels }) => {
    const value = Object.hasOwn(labels, label) ? labels[label] : undefined;
    return value === undefined ? emptyCell : cellOf(value);
  };
};

const allLabels: Reader = ({ labels }) => {
  const texts = Object.keys(labels).map((key) => `${key}=${labels[key]}`);
  return texts.length === 0 ? none : { text: cellLine(texts.sort().join(',')), value: texts.length };
};

const pathReader = (expression: string): Reader => {
  let find: ReturnType<typeof compilePath>;
  try {
    find = compilePath(expression);
  } catch (thrown) {
    if (!(thrown instanceof PathError)) throw thrown;
    const cell = errorCell(thrown.message);
    return () => cell;
  }
  const cellOf = cellTable(worthOf);
  return (_, object) => {
    try {
      const values = find(object);
      return values.length === 0 ? none : cellOf(cellLine(values.map(valueText).join(',')));
    } catch (thrown) {
      if (thrown instanceof PathError) return errorCell(thrown.message);
      throw thrown;
    }
  };
};

const readerOf = ({ label, jsonpath }: CustomColumn): Reader => {
  if (label !== undefined) return labelReader(label);
  return jsonpath === undefined ? allLabels : pathReader(jsonpath);
};

/** Whether a column brings cells of its own; one that only names a title says how to show what is there. */
export const bringsCells = ({ label, labels, jsonpath }: CustomColumn): boolean =>
  label !== undefined || labels === true || jsonpath !== undefined;

/** Whether whole objects are needed, not only what the resource's own columns read. */
export const readsObjects = ({ columns }: Custom): boolean => columns.some(({ jsonpath }) => jsonpath !== undefined);

const masked = (data: unknown): unknown =>
  isBag(data) ? Object.fromEntries(Object.keys(data).map((key) => [key, '<hidden>'])) : data;

/** Tables never show the values of secrets, whatever a column asks for; kubectl keeps a copy in an annotation. */
const withoutValues = (object: unknown): unknown => {
  if (!isBag(object)) return object;
  const { metadata, data, stringData, ...rest } = object;
  const { annotations: _, managedFields: __, ...shown } = isBag(metadata) ? metadata : {};
  return { ...rest, metadata: shown, data: masked(data), stringData: masked(stringData) };
};

const isSecret = ({ group, resource }: Pick<Resource, 'group' | 'resource'>): boolean =>
  group === '' && resource === 'secrets';

/** The object of an item: of rows of a Table it stands beside the cells. */
const objectOf = (item: Decoded): unknown => {
  const { object } = item;
  return isBag(object) && Array.isArray(object.cells) && 'object' in object ? object.object : object;
};

type Source = number | Reader;

/** Each column and where its cell comes from: a position in the maker's own row, or a reader. */
const arrange = (own: readonly Column[], { columns, only }: Custom): readonly (readonly [Column, Source])[] => {
  const added = columns.map((each): readonly [Column, Source] => [{ title: each.title, extra: true }, readerOf(each)]);
  const titles = new Set(columns.map(({ title }) => title));
  if (only) {
    const rest = own.flatMap((column, index): (readonly [Column, Source])[] =>
      titles.has(column.title) ? [] : [[column, index]],
    );
    return [...added, ...rest];
  }
  // A title that is there already is the user's now, in its place.
  const kept = own.map(
    (column, index): readonly [Column, Source] =>
      added.find(([{ title }]) => title === column.title) ?? [column, index],
  );
  return [...kept, ...added.filter(([{ title }]) => own.every((column) => column.title !== title))];
};

/** The same rows with the user's columns. */
export const withCustom = (maker: Maker, custom: Custom, resource: Pick<Resource, 'group' | 'resource'>): Maker => {
  const arranged = arrange(maker.columns, custom);
  const seen = isSecret(resource) && readsObjects(custom) ? withoutValues : (object: unknown) => object;
  return {
    columns: arranged.map(([column]) => column),
    row: (item) => {
      const row = maker.row(item);
      const object = item.problem === undefined ? seen(objectOf(item)) : undefined;
      const cells = arranged.map(([, source]): Cell => {
        if (typeof source === 'number') return row.cells[source] ?? emptyCell;
        return item.problem === undefined ? source(row, object) : emptyCell;
      });
      return { ...row, cells };
    },
  };
};
