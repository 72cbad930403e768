/** What the words of a typed action mean. `undefined` everywhere: not understood, so the line is kubectl's. */
import type { TypedObject } from '../protocol/wire.ts';
import type { Parsed } from './arguments.ts';

/** As the verb has them: without where they are. */
export type Named = Pick<TypedObject, 'resource' | 'name'>;

export type InputValues = Readonly<Record<string, string | number | boolean>>;

export const slashed = (words: readonly string[]): readonly Named[] | undefined => {
  const pairs = words.map((word) => word.split('/'));
  if (words.length === 0 || !pairs.every((pair) => pair.length === 2 && pair[0] !== '' && pair[1] !== ''))
    return undefined;
  return pairs.map(([resource = '', name = '']) => ({ resource, name }));
};

const plain = /^[^/,\s]+$/;

/** `pod a b`, `pod/a svc/b`. Several kinds at once and `all` mean a search, which is kubectl's. */
export const objectsOf = (words: readonly string[]): readonly Named[] | undefined => {
  const [resource = '', ...names] = words;
  const found = slashed(words) ?? names.map((name) => ({ resource, name }));
  const clear = found.every((each) => plain.test(each.resource) && plain.test(each.name) && each.resource !== 'all');
  return found.length > 0 && clear ? found : undefined;
};

const nodeWords = new Set(['node', 'nodes', 'no']);

export const isNodeWord = (word: string): boolean => nodeWords.has(word);

/** `n1 node/n2`: of commands that know nodes only. */
export const nodesOf = (words: readonly string[]): readonly Named[] | undefined => {
  const found = words.map((word) => {
    const [first = '', name, ...more] = word.split('/');
    if (more.length > 0) return undefined;
    if (name === undefined) return { resource: 'nodes', name: first };
    return isNodeWord(first) ? { resource: 'nodes', name } : undefined;
  });
  const nodes = found.filter((node) => node !== undefined && plain.test(node.name));
  return nodes.length > 0 && nodes.length === words.length ? (nodes as readonly Named[]) : undefined;
};

/** Objects first, then what is set on them, as kubectl wants it. */
export const splitAt = (
  words: readonly string[],
  isPair: (word: string) => boolean,
): { readonly objects: readonly string[]; readonly pairs: readonly string[] } | undefined => {
  const first = words.findIndex(isPair);
  if (first < 1 || !words.slice(first).every(isPair)) return undefined;
  return { objects: words.slice(0, first), pairs: words.slice(first) };
};

/** A switch that is not given is off; a value that is neither yes nor no is nobody's. */
export const switchOf = (parsed: Parsed, flag: string): boolean | undefined => {
  const value = parsed.flags.get(flag) ?? 'false';
  return value === 'true' || value === 'false' ? value === 'true' : undefined;
};

/** A whole number, `absent` where the flag is not given. */
export const numberOf = (parsed: Parsed, flag: string, absent: number): number | undefined => {
  const value = parsed.flags.get(flag);
  if (value === undefined) return absent;
  return /^-?\d{1,9}$/.test(value) ? Number(value) : undefined;
};

const seconds: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };

/** Go's durations, as far as they are whole seconds: `90s`, `5m`, `1h30m`, `0`. */
export const secondsOf = (parsed: Parsed, flag: string, absent: number): number | undefined => {
  const value = parsed.flags.get(flag);
  if (value === undefined) return absent;
  if (value === '0') return 0;
  if (!/^(\d{1,6}[hms])+$/.test(value)) return undefined;
  return [...value.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit = 's']) => sum + Number(count) * (seconds[unit] ?? 0),
    0,
  );
};

/** Inputs of which one was not understood are none. */
export const inputsOf = (values: Readonly<Record<string, string | number | boolean | undefined>>) =>
  Object.values(values).includes(undefined) ? undefined : (values as InputValues);
