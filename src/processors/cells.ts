import type { Cell, CellValue } from '../protocol/row.ts';
import type { Style } from '../protocol/styles.ts';
import { cutText } from '../util/cut-text.ts';
import { sanitize } from '../util/width.ts';

/**
 * Cells are never changed after they are made, so equal ones are shared: of a pod's ten only the name, the address
 * and some times are its own. The tables are emptied when full; cells that rows hold live on.
 */
const limit = 8192;

const remember = <K>(table: Map<K, Cell>, key: K, cell: Cell): Cell => {
  if (table.size >= limit) table.clear();
  table.set(key, cell);
  return cell;
};

/** Every line of a table is as wide as the widest of its cells: one of a megabyte would be a megabyte in each. */
const longestCell = 4000;

/** A text from outside as that of a cell. */
export const cellLine = (text: string): string => sanitize(cutText(text, longestCell));

/** What should be a text is a text; anything else is the server's mistake and becomes an `error` cell. */
const checked = (text: string): string => {
  if (typeof text !== 'string') throw new TypeError(`expected a text, found ${typeof text}`);
  return cellLine(text);
};

/** What Go's strings.TrimSpace takes for space beyond ASCII: JavaScript's trim differs in NEL and the byte order mark. */
const isSpace = (code: number): boolean =>
  code === 0x20 ||
  (code >= 0x09 && code <= 0x0d) ||
  (code > 0x7f && code !== 0xfeff && (code === 0x85 || String.fromCharCode(code).trim() === ''));

const trimSpace = (text: string): string => {
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
};

/** What kubectl prints of a text with several lines: the first and `...` (cli-runtime, printTable). */
export const cutAtBreak = (text: string): string => {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x0a || code === 0x0c || code === 0x0d) return `${text.slice(0, index)}...`;
  }
  return text;
};

/** A message as a cell: without the space around it, cut at the first line. */
export const firstLine = (text: string): string => cutAtBreak(trimSpace(text));

const texts = new Map<string, Cell>();

/** A text many rows have: a namespace, a node, an image. */
export const sharedText = (text: string): Cell => {
  const known = texts.get(text);
  if (known !== undefined) return known;
  const shown = checked(text);
  return remember(texts, text, { text: shown, value: shown });
};

/** A text of this row alone: a name, a message. */
export const ownText = (text: string): Cell => {
  const shown = checked(text);
  return { text: shown, value: shown };
};

/** Shared cells with a value or a style of their own; one table a column, so that texts of others do not mix in. */
export const cellTable = (make: (text: string) => CellValue, style?: (text: string) => Style | undefined) => {
  const cells = new Map<string, Cell>();
  return (text: string): Cell => {
    const known = cells.get(text);
    if (known !== undefined) return known;
    const cell = { text: checked(text), value: make(text) };
    const look = style?.(text);
    return remember(cells, text, look === undefined ? cell : { ...cell, style: look });
  };
};

const numbers = new Map<number, Cell>();

export const numberCell = (value: number): Cell => {
  const known = numbers.get(value);
  if (known !== undefined) return known;
  if (typeof value !== 'number') throw new TypeError(`expected a number, found ${typeof value}`);
  return remember(numbers, value, { text: String(value), value });
};

const times = new Map<number, Cell>();

const unknownTime: Cell = { text: '<unknown>', value: undefined };

/** An instant, for columns with `time`; objects made in one second share it. */
export const timeCell = (at: number | undefined): Cell => {
  if (at === undefined) return unknownTime;
  return times.get(at) ?? remember(times, at, { text: '', value: at, at });
};

const ratios = new Map<number, Cell>();

/** Texts like `1/2` sort by the part that is there, so that what lacks most comes first. */
const ratioValue = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

/** `1/2`, in the warning style where the part is not the whole. */
export const ratioCell = (part: number, whole: number): Cell => {
  // Exact for 32-bit counts that are not negative, and the API has no others.
  const key = part * 2 ** 21 + whole;
  const known = ratios.get(key);
  if (known !== undefined) return known;
  if (!Number.isInteger(part) || !Number.isInteger(whole)) throw new TypeError('expected two counts');
  const cell = { text: `${part}/${whole}`, value: ratioValue(part, whole) };
  return remember(ratios, key, part === whole ? cell : { ...cell, style: 'KubectlWarning' });
};

export const emptyCell: Cell = { text: '', value: undefined };

export const errorCell: Cell = { text: 'error', value: undefined, style: 'KubectlError' };
