import type { Methods } from '../protocol/wire.ts';
import { ClusterError } from '../util/error.ts';
import { paramShapes } from './params.generated.ts';

/** What a value must be; generated from the types of the wire. */
export type Shape =
  | 'text'
  | 'number'
  | 'yesno'
  | { readonly oneOf: readonly (string | number)[] }
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly either: readonly Shape[] }
  | { readonly must: Readonly<Record<string, Shape>>; readonly may: Readonly<Record<string, Shape>> };

/** No name, filter or command is longer; in UTF-16 units. */
const longestText = 1_048_576;
/** Every row of the biggest table may be selected. */
const longestList = 1_000_000;

type Problem = { readonly at: string; readonly says: string };

const isBag = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lua has one kind of table: an empty one arrives as an empty list, whatever it was meant as. */
const asBag = (value: unknown): Readonly<Record<string, unknown>> | undefined => {
  if (Array.isArray(value) && value.length === 0) return {};
  return isBag(value) ? value : undefined;
};

const briefly = (value: unknown): string => {
  if (value === undefined) return 'missing';
  if (value === null) return 'nil';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a table';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return `the ${typeof value} ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`;
};

const wanted = (shape: Shape): string => {
  if (shape === 'text') return 'a string';
  if (shape === 'number') return 'a number';
  if (shape === 'yesno') return 'true or false';
  if ('oneOf' in shape) return shape.oneOf.map((each) => JSON.stringify(each)).join(' or ');
  if ('list' in shape) return 'a list';
  if ('map' in shape) return 'a table';
  if ('either' in shape) return shape.either.map(wanted).join(', or ');
  return `a table with ${Object.keys(shape.must).join(' and ') || 'named fields'}`;
};

const inside = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`);

const wrong = (shape: Shape, value: unknown, at: string): Problem => ({
  at,
  says:
    value === undefined ? `is missing: it must be ${wanted(shape)}` : `must be ${wanted(shape)}, not ${briefly(value)}`,
});

const tooLong = (at: string, length: number, most: number): Problem => ({
  at,
  says: `is too long: ${length}, at most ${most}`,
});

const checkFields = (
  shape: Extract<Shape, { must: unknown }>,
  value: Readonly<Record<string, unknown>>,
  at: string,
): Problem | undefined => {
  const read = (name: string): unknown => (Object.hasOwn(value, name) ? value[name] : undefined);
  for (const [name, each] of Object.entries(shape.must)) {
    const problem = check(each, read(name), inside(at, name));
    if (problem !== undefined) return problem;
  }
  for (const [name, each] of Object.entries(shape.may)) {
    const problem = read(name) === undefined ? undefined : check(each, read(name), inside(at, name));
    if (problem !== undefined) return problem;
  }
  return undefined;
};

const checkList = (of: Shape, value: readonly unknown[], at: string): Problem | undefined => {
  if (value.length > longestList) return tooLong(at, value.length, longestList);
  for (let index = 0; index < value.length; index++) {
    const problem = check(of, value[index], `${at}[${index}]`);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

const checkMap = (of: Shape, value: Readonly<Record<string, unknown>>, at: string): Problem | undefined => {
  for (const [name, each] of Object.entries(value)) {
    const problem = check(of, each, inside(at, name));
    if (problem !== undefined) return problem;
  }
  return undefined;
};

const check = (shape: Shape, value: unknown, at: string): Problem | undefined => {
  if (shape === 'text') {
    if (typeof value !== 'string') return wrong(shape, value, at);
    return value.length > longestText ? tooLong(at, value.length, longestText) : undefined;
  }
  if (shape === 'number') return Number.isFinite(value) ? undefined : wrong(shape, value, at);
  if (shape === 'yesno') return typeof value === 'boolean' ? undefined : wrong(shape, value, at);
  if ('oneOf' in shape) return shape.oneOf.some((each) => each === value) ? undefined : wrong(shape, value, at);
  if ('list' in shape) return Array.isArray(value) ? checkList(shape.list, value, at) : wrong(shape, value, at);
  if ('either' in shape) {
    const problems = shape.either.map((each) => check(each, value, at));
    return problems.includes(undefined) ? undefined : wrong(shape, value, at);
  }
  const bag = asBag(value);
  if (bag === undefined) return wrong(shape, value, at);
  return 'map' in shape ? checkMap(shape.map, bag, at) : checkFields(shape, bag, at);
};

/** Throws what is wrong with the parameters of a method, naming the field; methods nobody knows are let through. */
export const checkParams = (method: string, params: unknown): void => {
  if (!Object.hasOwn(paramShapes, method)) return;
  const problem = check(paramShapes[method as keyof Methods], params, '');
  if (problem === undefined) return;
  const field = problem.at === '' ? 'its parameters' : `\`${problem.at}\``;
  throw new ClusterError('invalid', `${method}: ${field} ${problem.says}`, {
    hint: 'The plugin and its backend may differ in version: run `npm run setup` in the plugin folder.',
  });
};
