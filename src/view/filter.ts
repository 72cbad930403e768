import { cellText } from '../protocol/cell-text.ts';
import type { Cell, Column, Row } from '../protocol/row.ts';
import { parseDuration } from '../util/duration.ts';
import { parseQuantity } from '../util/quantity.ts';

export type Matcher = {
  readonly matches: (row: Row, now: number) => boolean;
  /** Terms that could not be understood, each with its reason; they are left out of the match. */
  readonly inactive: readonly string[];
  /**
   * Whether time alone may have changed the answer for a row since `from`; undefined where no term compares ages, so
   * that only events change what matches.
   */
  readonly turned: ((row: Row, from: number, now: number) => boolean) | undefined;
};

type Term = (row: Row, now: number) => boolean;

/** A comparison with an age: which column, and the age at which its answer turns. */
type Turn = { readonly index: number; readonly limit: number };

const plain = (title: string): string => title.toLowerCase().replaceAll(/[\s_-]/g, '');

const fuzzy = (needle: string, text: string): boolean => {
  let at = 0;
  for (const letter of needle) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
};

/** Everything a row shows, in lower case; wide and hidden columns count too. */
const haystack = (row: Row, columns: readonly Column[], now: number): string => {
  let all = '';
  for (let index = 0; index < columns.length; index++) {
    const cell = row.cells[index];
    if (cell !== undefined) all += `${cellText(cell, columns[index] as Column, now)} `;
  }
  return all.toLowerCase();
};

const measured = (cell: Cell, column: Column, now: number): number | undefined => {
  if (cell.at !== undefined && column.time === 'age') return now - cell.at;
  // A time that stands still: how long a job took.
  if (column.time === 'age' && column.unit !== 'duration') return undefined;
  if (typeof cell.value === 'number') return cell.value;
  return cell.value === undefined ? undefined : parseQuantity(cell.value);
};

const columnTerm = (text: string, columns: readonly Column[], turns: Turn[]): Term | string | undefined => {
  const parts = /^([^:<>=]+)(:|>=|<=|>|<|=)(.*)$/.exec(text);
  if (parts === null) return undefined;
  const [, title = '', operator = '', operand = ''] = parts;
  const index = columns.findIndex((column) => plain(column.title) === plain(title));
  const column = columns[index];
  if (column === undefined) return undefined;
  if (operator === ':' || operator === '=') {
    const wanted = operand.toLowerCase();
    return (row, now) => {
      const cell = row.cells[index];
      const shown = cell === undefined ? '' : cellText(cell, column, now).toLowerCase();
      return operator === '=' ? shown === wanted : shown.includes(wanted);
    };
  }
  const lasts = column.time === 'age' || column.unit === 'duration';
  const limit = lasts ? parseDuration(operand) : parseQuantity(operand);
  if (limit === undefined) return `${text}: '${operand}' is no ${lasts ? 'duration' : 'number'}`;
  if (column.time === 'age') turns.push({ index, limit });
  const compare: Record<string, (value: number) => boolean> = {
    '>': (value) => value > limit,
    '<': (value) => value < limit,
    '>=': (value) => value >= limit,
    '<=': (value) => value <= limit,
  };
  const test = compare[operator] as (value: number) => boolean;
  return (row, now) => {
    const cell = row.cells[index];
    const value = cell === undefined ? undefined : measured(cell, column, now);
    return value !== undefined && test(value);
  };
};

const contains = (text: string | undefined, wanted: string): boolean =>
  text !== undefined && (text.includes(wanted) || text.toLowerCase().includes(wanted));

const textTerm = (text: string, columns: readonly Column[]): Term | string => {
  const regex = /^\/(.*)\/$/.exec(text);
  if (regex !== null) {
    try {
      const pattern = new RegExp(regex[1] as string, 'i');
      return (row, now) => pattern.test(haystack(row, columns, now));
    } catch (error) {
      return `${text}: ${error instanceof Error ? error.message : 'no regular expression'}`;
    }
  }
  if (text.startsWith('~')) {
    const needle = text.slice(1).toLowerCase();
    return (row) => fuzzy(needle, `${row.namespace} ${row.name}`.toLowerCase());
  }
  const wanted = text.toLowerCase();
  const standing = columns.flatMap(({ time }, index) => (time === undefined ? [index] : []));
  // Ages are digits, units and 'ago'. Working them out for 50,000 rows is what a filter would take its time for.
  const moving = /^[\d(]|^a?go?$/.test(wanted)
    ? columns.flatMap((column, index) => (column.time === undefined ? [] : [index]))
    : [];
  return (row, now) => {
    const { cells } = row;
    for (const index of standing) if (contains(cells[index]?.text, wanted)) return true;
    for (const index of moving) {
      const cell = cells[index];
      if (cell !== undefined && contains(cellText(cell, columns[index] as Column, now), wanted)) return true;
    }
    return false;
  };
};

const turnedOf =
  (turns: readonly Turn[]): NonNullable<Matcher['turned']> =>
  (row, from, now) =>
    turns.some(({ index, limit }) => {
      const at = row.cells[index]?.at;
      return at !== undefined && at + limit >= from && at + limit <= now;
    });

/** Commas inside /…/ do not separate. */
const split = (text: string, separator: ',' | '|'): string[] => {
  const parts: string[] = [];
  let part = '';
  let inRegex = false;
  for (const letter of text) {
    if (letter === '/' && (inRegex || part.trim() === '' || part.trim() === '!')) inRegex = !inRegex;
    if (letter === separator && !inRegex) {
      parts.push(part.trim());
      part = '';
    } else part += letter;
  }
  return [...parts, part.trim()].filter((each) => each !== '' && each !== '!');
};

/**
 * The filter of a table: comma = AND, `|` = OR inside a term, `!` = not, `/regex/`, `~fuzzy` name, `COL:text`,
 * `COL=exact`, `COL>5`. Column names ignore case, blanks and dashes; an unknown column makes the term plain text.
 */
export const parseFilter = (text: string, columns: readonly Column[]): Matcher => {
  const inactive: string[] = [];
  const turns: Turn[] = [];
  const one = (part: string): Term | undefined => {
    const negated = part.startsWith('!');
    const body = negated ? part.slice(1).trim() : part;
    const term = columnTerm(body, columns, turns) ?? textTerm(body, columns);
    if (typeof term === 'string') {
      inactive.push(term);
      return undefined;
    }
    return negated ? (row, now) => !term(row, now) : term;
  };
  const every = split(text, ',').flatMap((part) => {
    const any = split(part, '|').flatMap((alternative) => one(alternative) ?? []);
    const [first, ...others] = any;
    if (first === undefined) return [];
    return [others.length === 0 ? first : (row: Row, now: number) => any.some((term) => term(row, now))];
  });
  const matches: Term = every.length === 1 ? (every[0] as Term) : (row, now) => every.every((term) => term(row, now));
  return { matches, inactive, turned: turns.length === 0 ? undefined : turnedOf(turns) };
};
