import { cellText } from '../protocol/cell-text.ts';
import type { Cell, Column, Health, Row } from '../protocol/row.ts';
import { nextDurationChange, parseDuration } from '../util/duration.ts';
import { ipValue } from '../util/natural-compare.ts';
import { parseQuantity } from '../util/quantity.ts';
import { compareVersions, isVersion } from './versions.ts';

/** One condition on a row. */
export type Term = {
  readonly matches: (row: Row, now: number) => boolean;
  /** Whether time alone may have changed the answer for a row since `from`; absent where only events can. */
  readonly turned?: ((row: Row, from: number, now: number) => boolean) | undefined;
};

/** A term, why there is none, or undefined where the text is another kind of term. */
type Parsed = Term | string | undefined;

const plain = (title: string): string => title.toLowerCase().replaceAll(/[\s_-]/g, '');

const shownIn = (row: Row, columns: readonly Column[], index: number, now: number): string => {
  const cell = row.cells[index];
  return cell === undefined ? '' : cellText(cell, columns[index] as Column, now);
};

const movingIn = (columns: readonly Column[]): readonly number[] =>
  columns.flatMap(({ time }, index) => (time === undefined ? [] : [index]));

/** A term that reads the texts of times: they tick, so the answer is looked at again where one did. */
const ticking = (matches: Term['matches'], indexes: readonly number[]): Term => {
  if (indexes.length === 0) return { matches };
  const ticked = (cell: Cell | undefined, from: number, now: number): boolean =>
    cell?.at !== undefined && nextDurationChange(cell.at, from) <= now;
  return {
    matches,
    turned: (row, from, now) =>
      indexes.some((index) => ticked(row.cells[index], from, now)) && matches(row, from) !== matches(row, now),
  };
};

const patternOf = (text: string): RegExp | string => {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no regular expression';
    return `/${text}/: ${reason.replace(/^Invalid regular expression: \/.*\/i?: /s, '')}`;
  }
};

/** A regex that is still being typed. */
const unclosed = (text: string): string => `${text}: its closing / is missing`;

const slashed = /^\/(.*)\/$/s;

/** What of a pattern depends on where a text begins or ends. */
const anchored = /[\^$]|\(\?<?[=!]/;

/** `/regex/` over each cell and over all a row shows, one after the other; wide and hidden columns count too. */
const regexTerm = (text: string, columns: readonly Column[]): Parsed => {
  const inside = slashed.exec(text)?.[1];
  if (inside === undefined) return text.startsWith('/') ? unclosed(text) : undefined;
  const pattern = patternOf(inside);
  if (typeof pattern === 'string') return pattern;
  const each = anchored.test(inside);
  const matches = (row: Row, now: number): boolean => {
    let all = '';
    for (let index = 0; index < columns.length; index++) {
      const shown = shownIn(row, columns, index, now);
      if (each && pattern.test(shown)) return true;
      all += `${shown} `;
    }
    return pattern.test(all);
  };
  return ticking(matches, movingIn(columns));
};

/** `~ckout`: letters of namespace and name in this order. */
const fuzzyTerm = (text: string): Parsed => {
  if (!text.startsWith('~')) return undefined;
  const needle = text.slice(1).toLowerCase();
  const matches = ({ namespace, name }: Row): boolean => {
    const whole = `${namespace} ${name}`.toLowerCase();
    let at = 0;
    for (const letter of needle) {
      at = whole.indexOf(letter, at) + 1;
      if (at === 0) return false;
    }
    return true;
  };
  return { matches };
};

const healths: Readonly<Record<string, ReadonlySet<Health>>> = {
  faults: new Set(['warning', 'error']),
  ok: new Set(['ok']),
  pending: new Set(['pending']),
  warning: new Set(['warning']),
  error: new Set(['error']),
  done: new Set(['done']),
  unknown: new Set(['unknown']),
};

/** `@faults`: rows in trouble; `@error` and so on: one health. */
const healthTerm = (text: string): Parsed => {
  if (!text.startsWith('@')) return undefined;
  const word = text.slice(1).toLowerCase();
  const wanted = Object.hasOwn(healths, word) ? healths[word] : undefined;
  if (wanted === undefined) return `${text}: one of ${Object.keys(healths).join(', ')}`;
  return { matches: ({ health }) => wanted.has(health) };
};

type Side = (a: number) => boolean;

const sides: Readonly<Record<string, Side>> = {
  '>': (difference) => difference > 0,
  '<': (difference) => difference < 0,
  '>=': (difference) => difference >= 0,
  '<=': (difference) => difference <= 0,
};

/** A day is enough for a user; without the pattern Date.parse would take `web-2` for one as well. */
const instantOf = (text: string): number | undefined => {
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
};

/** An operand as each thing a cell may be: every cell is compared as what it is itself. */
const operandOf = (text: string) => {
  const amount = parseQuantity(text.replace(/%$/, ''));
  return {
    number: amount ?? instantOf(text) ?? ipValue(text),
    duration: parseDuration(text),
    version: isVersion(text) ? text : undefined,
  };
};

type Operand = ReturnType<typeof operandOf>;

const timeOf = (cell: Cell, column: Column, now: number): number | undefined => {
  if (column.time === 'age' && cell.at !== undefined) return now - cell.at;
  return column.unit === 'duration' && typeof cell.value === 'number' ? cell.value : undefined;
};

/** How a cell stands to the operand: below, at or above zero; undefined where the two cannot be compared. */
const difference = (cell: Cell, column: Column, operand: Operand, now: number): number | undefined => {
  if (column.time === 'age' || column.unit === 'duration') {
    const lasted = timeOf(cell, column, now);
    return lasted === undefined || operand.duration === undefined ? undefined : lasted - operand.duration;
  }
  const { value, text } = cell;
  const { number, version } = operand;
  if (typeof value === 'number' && typeof number === 'number') return value - number;
  if (typeof value !== 'string') return undefined;
  if (version !== undefined && isVersion(text)) return compareVersions(text, version);
  // IPv6: 32 hexadecimal digits.
  if (typeof number === 'string')
    return value.length !== 32 || value === number ? value.length - 32 : value < number ? -1 : 1;
  const amount = typeof number === 'number' ? parseQuantity(text.replace(/%$/, '')) : undefined;
  return amount === undefined ? undefined : amount - (number as number);
};

const comparison = (index: number, column: Column, operator: string, operand: string, text: string): Term | string => {
  const wanted = operandOf(operand);
  const side = sides[operator] as Side;
  const lasts = column.time === 'age' || column.unit === 'duration';
  if (lasts && wanted.duration === undefined) return `${text}: '${operand}' is no duration`;
  if (!lasts && wanted.number === undefined && wanted.version === undefined) {
    return `${text}: '${operand}' is no number, amount, version or address`;
  }
  const matches = (row: Row, now: number): boolean => {
    const cell = row.cells[index];
    const stands = cell === undefined ? undefined : difference(cell, column, wanted, now);
    return stands !== undefined && side(stands);
  };
  const limit = wanted.duration ?? 0;
  if (column.time !== 'age') return { matches };
  // The answer turns at one instant, so nothing is worked out for rows that are far from it.
  const turned = (row: Row, from: number, now: number): boolean => {
    const at = row.cells[index]?.at;
    return at !== undefined && at + limit >= from && at + limit <= now;
  };
  return { matches, turned };
};

/** `COL:text`, `COL:/regex/`, `COL=exact`, `COL!=exact`, `COL>5`: a title ignores case, blanks and dashes. */
const columnTerm = (text: string, columns: readonly Column[]): Parsed => {
  const parts = /^([^:<>=!]+)(!=|:|>=|<=|>|<|=)(.*)$/s.exec(text);
  if (parts === null) return undefined;
  const [, title = '', operator = '', rest = ''] = parts;
  const index = columns.findIndex((column) => plain(column.title) === plain(title));
  const column = columns[index];
  if (column === undefined) return undefined;
  const operand = rest.trim();
  if (Object.hasOwn(sides, operator)) return comparison(index, column, operator, operand, text);
  const inside = operator === ':' ? slashed.exec(operand)?.[1] : undefined;
  if (operator === ':' && inside === undefined && operand.startsWith('/')) return unclosed(operand);
  const pattern = inside === undefined ? undefined : patternOf(inside);
  if (typeof pattern === 'string') return pattern;
  const wanted = operand.toLowerCase();
  const matches = (row: Row, now: number): boolean => {
    const shown = shownIn(row, columns, index, now);
    if (pattern !== undefined) return pattern.test(shown);
    const lower = shown.toLowerCase();
    if (operator === ':') return lower.includes(wanted);
    return (lower === wanted) === (operator === '=');
  };
  return ticking(matches, column.time === undefined ? [] : [index]);
};

/** Texts shortened on the screen are found by what is left of them: `cart-7d9…x2kq`. */
const inOrder = (text: string, parts: readonly string[]): boolean => {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
};

const textTerm = (text: string, columns: readonly Column[]): Term => {
  const wanted = text.toLowerCase();
  const parts = wanted.split('…').filter((part) => part !== '');
  const has = (shown: string | undefined): boolean => {
    if (shown === undefined) return false;
    if (parts.length > 1) return inOrder(shown.toLowerCase(), parts);
    const part = parts[0] ?? wanted;
    // Most cells are in lower case already.
    return shown.includes(part) || shown.toLowerCase().includes(part);
  };
  const standing = columns.flatMap(({ time }, index) => (time === undefined ? [index] : []));
  // Ages are digits, units and 'ago'. Working them out for 50,000 rows is what a filter would take its time for.
  const moving = /^[\dsmhdy( )ago…]*$/.test(wanted) ? movingIn(columns) : [];
  const matches = (row: Row, now: number): boolean => {
    const { cells } = row;
    for (const index of standing) if (has(cells[index]?.text)) return true;
    for (const index of moving) if (has(shownIn(row, columns, index, now))) return true;
    return false;
  };
  return ticking(matches, moving);
};

/** One term without its `!`; a text where it cannot be understood: the reason. */
export const parseTerm = (text: string, columns: readonly Column[]): Term | string =>
  columnTerm(text, columns) ??
  regexTerm(text, columns) ??
  fuzzyTerm(text) ??
  healthTerm(text) ??
  textTerm(text, columns);
