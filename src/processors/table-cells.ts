import type { TableColumn } from '../decode/decoded.ts';
import type { Cell, CellValue, Column } from '../protocol/row.ts';
import { parseDuration } from '../util/duration.ts';
import { ipValue, naturalKey } from '../util/natural-compare.ts';
import { parseQuantity } from '../util/quantity.ts';
import { parseTimestamp } from '../util/timestamp.ts';
import { cellLine, cellTable, cutAtBreak, numberCell, timeCell } from './cells.ts';
import { healthStyle } from './row-parts.ts';
import { isStatusTitle, wordHealth } from './table-health.ts';

/** One column of a Table: what it is for us and how its cells are read. Values come from outside: anything goes. */
export type CellReader = {
  readonly column: Column;
  readonly read: (value: unknown, created: number | undefined) => Cell;
};

/** Go's fmt.Sprint of a number, as kubectl prints cells that are numbers. */
const numberText = (value: number): string => {
  if (value === 0 || Math.abs(value) >= 1e-4) return String(value);
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
};

const textOf = (value: unknown): string => {
  if (typeof value === 'string') return cellLine(cutAtBreak(value));
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return String(value);
  return cellLine(JSON.stringify(value) ?? '');
};

/** What a text without a type is worth: a number, a share (`1/3`), an address, else itself with digits by value. */
const plainValue = (text: string): CellValue => {
  if (text === '') return undefined;
  const number = Number(text);
  if (!Number.isNaN(number) && text.trim() !== '') return number;
  const share = /^(\d+)\/(\d+)$/.exec(text);
  if (share !== null) return Number(share[2]) === 0 ? 1 : Number(share[1]) / Number(share[2]);
  return ipValue(text) ?? naturalKey(text);
};

const durationTitle = /(^|[ -])(AGE|DURATION|SEEN|SCHEDULE|SINCE|UPTIME)$/;
const quantityTitle = /(^|[ -])(CAPACITY|SIZE|STORAGE|CPU|MEMORY|MEM)(\(|%|$)/;

const worth = (title: string): { readonly value: (text: string) => CellValue; readonly unit?: 'duration' } => {
  if (durationTitle.test(title)) return { value: parseDuration, unit: 'duration' };
  return { value: quantityTitle.test(title) ? parseQuantity : plainValue };
};

const attributes = ({ title, align, wide }: TableColumn): Column => ({
  title: title.toUpperCase(),
  ...(align === undefined ? {} : { align }),
  ...(wide === undefined ? {} : { wide }),
});

const isAge = ({ title }: TableColumn): boolean => title.toUpperCase() === 'AGE';

const jsonPath = 'in JSONPath format';

/**
 * Whether the column is the age of the object. The server's texts for it do not tick, its creation time does.
 * Custom resources may call any other date AGE: their column's description then names another path.
 */
const isCreationAge = (column: TableColumn): boolean => {
  const { description = '' } = column;
  return isAge(column) && (!description.includes(jsonPath) || description.endsWith('.metadata.creationTimestamp'));
};

const isTime = (value: unknown): boolean =>
  typeof value === 'string' &&
  (parseDuration(value) !== undefined || parseTimestamp(value) !== undefined || value === '<invalid>');

const dateReader = (column: TableColumn, now: () => number): CellReader['read'] => {
  const creation = isCreationAge(column);
  return (value, created) => {
    if (creation && created !== undefined && isTime(value)) return timeCell(created);
    const text = textOf(value);
    const instant = parseTimestamp(text);
    // CREATED AT of roles: kubectl prints the instant, so it stays one; servers without Tables send it for AGE.
    if (instant !== undefined) return isAge(column) ? timeCell(instant) : { text, value: instant };
    const elapsed = parseDuration(text);
    if (elapsed === undefined) return { text, value: undefined };
    const at = now() - elapsed;
    return { text, value: at, at };
  };
};

const integer = (value: unknown): Cell =>
  typeof value === 'number' && Number.isInteger(value)
    ? numberCell(value)
    : { text: textOf(value), value: typeof value === 'number' ? value : undefined };

export const columnReader = (column: TableColumn, now: () => number): CellReader => {
  const own = attributes(column);
  const { type, format } = column;
  if (type === 'integer' || type === 'number') return { column: { ...own, align: 'right' }, read: integer };
  // Durations of other kinds than dates, as a job's, stand still once it is done: their texts are left alone.
  if (type === 'date' || isCreationAge(column)) {
    return { column: { ...own, time: 'age' }, read: dateReader(column, now) };
  }
  if (format === 'name') {
    return {
      column: own,
      read: (value) => {
        const text = textOf(value);
        return { text, value: text };
      },
    };
  }
  const { value, ...unit } = worth(own.title);
  const style = isStatusTitle(own.title) ? (word: string) => healthStyle(wordHealth(word)) : undefined;
  const cellOf = cellTable(value, style);
  return { column: { ...own, ...unit }, read: (cell) => cellOf(textOf(cell)) };
};
