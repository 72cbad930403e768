import type { Column, Row } from '../protocol/row.ts';
import { parseTerm, type Term } from './filter-terms.ts';
import { parseLabels } from './label-term.ts';

export type Matcher = {
  readonly matches: (row: Row, now: number) => boolean;
  /** Terms that are left out of the match, each with its reason. */
  readonly inactive: readonly string[];
  /** Some of them could not be understood. */
  readonly broken: boolean;
  /**
   * Whether time alone may have changed the answer for a row since `from`; undefined where no term reads an age, so
   * that only events change what matches.
   */
  readonly turned: ((row: Row, from: number, now: number) => boolean) | undefined;
};

/** What a filter line is made of: terms for here, and selectors as kubectl takes them, which the server knows too. */
export type FilterLine = {
  readonly terms: string;
  readonly selector: string | undefined;
  readonly fieldSelector: string | undefined;
};

const flag = /(?:^|[\s,])(-l|--selector|--field-selector)(?:\s+|=|$)/g;

const joined = (before: string | undefined, more: string): string =>
  before === undefined || before === '' ? more : `${before},${more}`;

/** `cart, -l app in (a,b) --field-selector status.phase=Running`: a selector reaches to the next one or to the end. */
export const splitFilter = (text: string): FilterLine => {
  const flags = [...text.matchAll(flag)];
  const [first] = flags;
  if (first === undefined) return { terms: text, selector: undefined, fieldSelector: undefined };
  let [selector, fieldSelector]: (string | undefined)[] = [];
  for (const [place, found] of flags.entries()) {
    const value = text.slice(found.index + found[0].length, flags[place + 1]?.index).replaceAll(/^[\s,]+|[\s,]+$/g, '');
    if (found[1] === '--field-selector') fieldSelector = joined(fieldSelector, value);
    else selector = joined(selector, value);
  }
  return { terms: text.slice(0, first.index).trim(), selector, fieldSelector };
};

/** Separators inside `/…/` do not separate; a regex begins where a term, its `!` or a column's `:` did. */
const split = (text: string, separator: ',' | '|'): string[] => {
  const parts: string[] = [];
  let part = '';
  let inRegex = false;
  for (const letter of text) {
    if (letter === '/' && !part.endsWith('\\')) {
      if (inRegex) inRegex = false;
      else if (/^\s*!?\s*([^/:]+:\s*)?$/.test(part.slice(separator === ',' ? part.lastIndexOf('|') + 1 : 0)))
        inRegex = true;
    }
    if (letter === separator && !inRegex) {
      parts.push(part.trim());
      part = '';
    } else part += letter;
  }
  return [...parts, part.trim()].filter((each) => each !== '' && each !== '!');
};

const negated = (term: Term): Term => ({ ...term, matches: (row, now) => !term.matches(row, now) });

const some = (terms: readonly Term[]): Term => {
  const [first] = terms;
  if (first !== undefined && terms.length === 1) return first;
  return {
    matches: (row, now) => terms.some(({ matches }) => matches(row, now)),
    turned: turnedOf(terms),
  };
};

const turnedOf = (terms: readonly Term[]): Matcher['turned'] => {
  const moving = terms.flatMap(({ turned }) => turned ?? []);
  return moving.length === 0 ? undefined : (row, from, now) => moving.some((turned) => turned(row, from, now));
};

/** Selectors that the server has not been asked for yet: labels are known here, fields are not. */
const selectorTerms = ({ selector }: FilterLine, inactive: string[]): readonly Term[] => {
  const matches = parseLabels(selector ?? '');
  if (typeof matches !== 'string') return selector === undefined ? [] : [{ matches: ({ labels }) => matches(labels) }];
  inactive.push(`-l: ${matches}`);
  return [];
};

/**
 * The filter of a table: comma = AND, `|` = OR inside a term, `!` = not, `/regex/`, `~fuzzy` name, `COL:text`,
 * `COL:/regex/`, `COL=exact`, `COL!=exact`, `COL>5`, `@faults`, and last `-l` with a label selector. Column names ignore
 * case, blanks and dashes; an unknown column makes the term plain text.
 */
export const parseFilter = (text: string, columns: readonly Column[]): Matcher => {
  const inactive: string[] = [];
  const line = splitFilter(text);
  const one = (part: string): readonly Term[] => {
    const not = part.startsWith('!');
    const term = parseTerm(not ? part.slice(1).trim() : part, columns);
    if (typeof term !== 'string') return [not ? negated(term) : term];
    inactive.push(term);
    return [];
  };
  const every = split(line.terms, ',').flatMap((part) => {
    const any = split(part, '|').flatMap(one);
    return any.length === 0 ? [] : [some(any)];
  });
  every.push(...selectorTerms(line, inactive));
  const [first] = every;
  const matches: Matcher['matches'] =
    first !== undefined && every.length === 1
      ? first.matches
      : (row, now) => every.every((term) => term.matches(row, now));
  const broken = inactive.length > 0;
  if (line.fieldSelector !== undefined) inactive.push('--field-selector: <CR> asks the server');
  return { matches, inactive, broken, turned: turnedOf(every) };
};

/**
 * The filter that holds while one types: a term that is broken, because only half of it is there, changes nothing about
 * what is shown; `last` is the text of the last filter that was whole.
 */
export const parseTyped = (text: string, last: string | undefined, columns: readonly Column[]): Matcher => {
  const typed = parseFilter(text, columns);
  if (!typed.broken || last === undefined) return typed;
  return { ...parseFilter(last, columns), inactive: typed.inactive, broken: true };
};
