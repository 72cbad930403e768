/**
 * kubectl's JSONPath (k8s.io/client-go/util/jsonpath), as far as a column of `-o custom-columns` may use it: one
 * expression, missing keys allowed. It is a dialect of its own: `['a.b']` are two keys unless the dot is escaped, a
 * filter compares values of one type only, keys end at blanks and at `. , [ ] $ @ { }`.
 */

/** What is wrong with an expression, or with an object it was read from. */
export class PathError extends Error {}

type Step =
  | { readonly is: 'field'; readonly name: string }
  | { readonly is: 'every' | 'descend' }
  | { readonly is: 'slice'; readonly from: number | undefined; readonly to: number | undefined; readonly step: number }
  | { readonly is: 'index'; readonly at: number }
  | { readonly is: 'union'; readonly paths: readonly (readonly Step[])[] }
  | { readonly is: 'literal'; readonly value: string | number | boolean }
  | {
      readonly is: 'filter';
      readonly left: readonly Step[];
      readonly operator: string;
      readonly right: readonly Step[];
    };

type Bag = Readonly<Record<string, unknown>>;

const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value);

const fieldEnd = /[\s.,[\]$@{}]/;

/** A key up to what ends it; a backslash takes the next letter as it is. */
const readField = (text: string, from: number): readonly [name: string, next: number] => {
  let at = from;
  while (at < text.length && !fieldEnd.test(text.charAt(at))) at += text.charAt(at) === '\\' ? 2 : 1;
  return [text.slice(from, at), Math.min(at, text.length)];
};

const fieldStep = (raw: string): Step =>
  raw === '*' ? { is: 'every' } : { is: 'field', name: raw.replaceAll('\\', '') };

const slicePattern = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/;

const bound = (text: string | undefined): number | undefined => {
  const digits = text?.replace(/^:/, '') ?? '';
  if (digits === '') return undefined;
  if (digits === '-') throw new PathError(`array index ${digits} is not a number`);
  return Number(digits);
};

/** What stands between brackets, filters aside. */
const readBrackets = (inside: string): readonly Step[] => {
  const parts = inside.split(',');
  if (parts.length > 1) return [{ is: 'union', paths: parts.map((part) => readBrackets(part.trim())) }];
  const key = /^'([^']*)'$/.exec(inside);
  if (key !== null) return parse(`.${key[1] ?? ''}`);
  const slice = slicePattern.exec(inside === '*' ? ':' : inside);
  if (slice === null) throw new PathError(`invalid array index ${inside}`);
  const [from, to, step] = [bound(slice[1]), bound(slice[2]), bound(slice[3])];
  // `[]` is the first one.
  if (slice[2] === undefined && slice[3] === undefined) return [{ is: 'index', at: from ?? 0 }];
  if (step !== undefined && step <= 0) throw new PathError('step must be > 0');
  return [{ is: 'slice', from, to, step: step ?? 1 }];
};

/** The position behind the `)` that ends a filter: one in quotes does not. */
const filterEnd = (text: string, from: number): number => {
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const letter = text.charAt(at);
    if (quote === '' && letter === ')') return at;
    if (quote === '' && (letter === '"' || letter === "'")) quote = letter;
    else if (letter === quote && text.charAt(at - 1) !== '\\') quote = '';
  }
  throw new PathError('unterminated filter');
};

const operators = new Set(['==', '!=', '<', '<=', '>', '>=']);

const readFilter = (inside: string): Step => {
  const parts = /^([^!<>=]+)([!<>=]+)(.+)$/.exec(inside);
  if (parts === null) return { is: 'filter', left: parse(inside), operator: 'exists', right: [] };
  const [, left = '', operator = '', right = ''] = parts;
  if (!operators.has(operator)) throw new PathError(`unrecognized filter operator ${operator}`);
  return { is: 'filter', left: parse(left), operator, right: parse(right) };
};

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };

const readQuoted = (text: string, from: number): readonly [Step, number] => {
  const quote = text.charAt(from);
  let value = '';
  for (let at = from + 1; at < text.length; at++) {
    const letter = text.charAt(at);
    if (letter === quote) return [{ is: 'literal', value }, at + 1];
    if (letter !== '\\') value += letter;
    else {
      at += 1;
      const meant = escapes[text.charAt(at)];
      if (meant === undefined) throw new PathError(`unquote string ${text.slice(from)}: invalid syntax`);
      value += meant;
    }
  }
  throw new PathError('unterminated quoted string');
};

const readWord = (text: string, from: number): readonly [Step, number] => {
  const number = /^[+-]?[\d.]+/.exec(text.slice(from))?.[0];
  if (number !== undefined) {
    if (Number.isNaN(Number(number))) throw new PathError(`cannot parse number ${number}`);
    return [{ is: 'literal', value: Number(number) }, from + number.length];
  }
  const [word, next] = readField(text, from);
  if (word === 'true' || word === 'false') return [{ is: 'literal', value: word === 'true' }, next];
  throw new PathError(`unrecognized ${word === '' ? `character '${text.charAt(from)}'` : `word '${word}'`}`);
};

/** The steps that begin at a position, and where the next ones do. */
const readStep = (text: string, at: number, before: Step | undefined): readonly [readonly Step[], number] => {
  const letter = text.charAt(at);
  if (text.startsWith('[?(', at)) {
    const end = filterEnd(text, at + 3);
    if (text.charAt(end + 1) !== ']') throw new PathError('unclosed array expect ]');
    return [[readFilter(text.slice(at + 3, end))], end + 2];
  }
  if (text.startsWith('..', at)) {
    if (before?.is === 'descend') throw new PathError('invalid multiple recursive descent');
    const down: Step = { is: 'descend' };
    if (!/[\p{L}\p{Nd}_]/u.test(text.charAt(at + 2))) return [[down], at + 2];
    const [name, next] = readField(text, at + 2);
    return [[down, fieldStep(name)], next];
  }
  if (letter === '.') {
    const [name, next] = readField(text, at + 1);
    return [[fieldStep(name)], next];
  }
  if (letter === '[') {
    const end = text.indexOf(']', at);
    if (end < 0) throw new PathError('unterminated array');
    return [readBrackets(text.slice(at + 1, end)), end + 1];
  }
  const [step, next] = letter === '"' || letter === "'" ? readQuoted(text, at) : readWord(text, at);
  return [[step], next];
};

const parse = (text: string): readonly Step[] => {
  const steps: Step[] = [];
  for (let at = 0; at < text.length; ) {
    // The current object; blanks mean nothing.
    if (' @$'.includes(text.charAt(at))) {
      at += 1;
      continue;
    }
    const [read, next] = readStep(text, at, steps.at(-1));
    steps.push(...read);
    at = next;
  }
  return steps;
};

const children = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  return isBag(value) ? Object.values(value) : [];
};

/** The value and all that is below it, parents first; what holds nothing is not named. */
const descend = (value: unknown): readonly unknown[] => {
  const below = children(value);
  return below.length === 0 ? [] : [value, ...below.flatMap(descend)];
};

const listOf = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw new PathError(`${typeof value} is not array or slice`);
};

/** An index that is not there is no value; kubectl refuses the whole table for it. */
const slice = (list: readonly unknown[], { from = 0, to, step }: Step & { is: 'slice' }): readonly unknown[] => {
  const end = to ?? list.length;
  const cut = list.slice(from, end);
  return step === 1 ? cut : cut.filter((_, index) => index % step === 0);
};

const kindOf = (value: unknown): string => {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value;
  throw new PathError('invalid type for comparison');
};

const compare = (left: unknown, operator: string, right: unknown): boolean => {
  const kind = kindOf(left);
  if (kind !== kindOf(right)) throw new PathError('incompatible types for comparison');
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (kind === 'boolean') throw new PathError('invalid type for comparison');
  const [a, b] = [left as string | number, right as string | number];
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
};

const passes = (element: unknown, { left, operator, right }: Step & { is: 'filter' }): boolean => {
  if (operator === 'exists') {
    try {
      return walk([element], left).length > 0;
    } catch (thrown) {
      if (thrown instanceof PathError) return false;
      throw thrown;
    }
  }
  const lefts = walk([element], left);
  const rights = lefts.length === 0 ? [] : walk([element], right);
  if (lefts.length > 1 || rights.length > 1) throw new PathError('can only compare one element at a time');
  return lefts.length === 1 && rights.length === 1 && compare(lefts[0], operator, rights[0]);
};

const isThere = (value: unknown): boolean => value !== null && value !== undefined;

const take = (values: readonly unknown[], step: Step): readonly unknown[] => {
  switch (step.is) {
    case 'field':
      return values.flatMap((value) => (isBag(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : []));
    case 'every':
      return values.flatMap(children);
    case 'descend':
      return values.flatMap(descend);
    case 'index':
      return values.filter(isThere).flatMap((value) => {
        const list = listOf(value);
        const at = step.at < 0 ? step.at + list.length : step.at;
        return at in list ? [list[at]] : [];
      });
    case 'slice':
      return values.filter(isThere).flatMap((value) => slice(listOf(value), step));
    case 'union':
      return step.paths.flatMap((path) => walk(values, path));
    case 'literal':
      return typeof step.value === 'string' ? [step.value] : values.map(() => step.value);
    case 'filter':
      return values.flatMap((value) => listOf(value).filter((element) => passes(element, step)));
    default:
      return step satisfies never;
  }
};

const walk = (values: readonly unknown[], steps: readonly Step[]): readonly unknown[] => {
  let found = values;
  for (const step of steps) found = take(found, step);
  return found;
};

/** `metadata.name`, `.metadata.name`, `{metadata.name}` and `{.metadata.name}` are the same to kubectl. */
const relaxed = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/;

/** Reads an expression; what it gives finds the values of an object. Both throw a PathError that says what is wrong. */
export const compilePath = (expression: string): ((object: unknown) => readonly unknown[]) => {
  const parts = relaxed.exec(expression);
  if (parts === null) {
    throw new PathError(`unexpected path string, expected 'a.b', '.a.b', '{a.b}' or '{.a.b}'`);
  }
  const steps = parse(`.${parts[1] ?? parts[2] ?? ''}`);
  return (object) => walk([object], steps);
};

/** Go's fmt.Sprint of a number. */
const numberText = (value: number): string => {
  if (value === 0 || Math.abs(value) >= 1e-4) return String(value);
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
};

/** As kubectl prints a value: Go's fmt.Sprint. */
export const valueText = (value: unknown): string => {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(' ')}]`;
  if (!isBag(value)) return String(value);
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${key}:${valueText(value[key])}`);
  return `map[${entries.join(' ')}]`;
};
