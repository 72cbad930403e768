import { changeable, type KubeObject, secretFields } from './kept-object.ts';

/** RFC 6902. */
export type Operation =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

export type Reverse = {
  /** Takes the change back, and only that: each operation tests that what it changes is still what was left there. */
  readonly operations: readonly Operation[];
  /** Fields that changed and cannot be taken back, because their values are not written down. */
  readonly lost: readonly string[];
};

type Json = unknown;
type Fields = Readonly<Record<string, Json>>;

/** Fields that tell the items of a list apart, as the API conventions use them. */
const identities = ['name', 'key', 'mountPath', 'containerPort', 'port', 'type', 'ip'] as const;

const isFields = (value: Json): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const same = (left: Json, right: Json): boolean => {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => same(item, right[index]));
  }
  if (!isFields(left) || !isFields(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && same(left[key], right[key]))
  );
};

/** One step of a JSON pointer (RFC 6901). */
export const step = (key: string | number): string => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** The field by which both lists name the same items in the same order. */
const identityOf = (before: readonly Json[], after: readonly Json[]): string | undefined => {
  if (before.length !== after.length || before.length === 0) return undefined;
  return identities.find((field) =>
    before.every((item, index) => {
      const other = after[index];
      return isFields(item) && isFields(other) && item[field] !== undefined && item[field] === other[field];
    }),
  );
};

const reverseList = (before: readonly Json[], after: readonly Json[], path: string): Operation[] => {
  const identity = identityOf(before, after);
  if (identity === undefined) {
    return [
      { op: 'test', path, value: after },
      { op: 'replace', path, value: before },
    ];
  }
  return before.flatMap((item, index) => {
    const at = `${path}${step(index)}`;
    const inside = walk(item, after[index], at);
    if (inside.length === 0) return [];
    return [{ op: 'test', path: `${at}${step(identity)}`, value: (item as Fields)[identity] }, ...inside];
  });
};

const reverseFields = (before: Fields, after: Fields, path: string): Operation[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key): Operation[] => {
    const at = `${path}${step(key)}`;
    if (!Object.hasOwn(after, key)) return [{ op: 'add', path: at, value: before[key] }];
    if (Object.hasOwn(before, key)) return walk(before[key], after[key], at);
    return [
      { op: 'test', path: at, value: after[key] },
      { op: 'remove', path: at },
    ];
  });

const walk = (before: Json, after: Json, path: string): Operation[] => {
  if (same(before, after)) return [];
  if (isFields(before) && isFields(after)) return reverseFields(before, after, path);
  if (Array.isArray(before) && Array.isArray(after)) return reverseList(before, after, path);
  return [
    { op: 'test', path, value: after },
    { op: 'replace', path, value: before },
  ];
};

/** The patch from an object as a change left it back to what it was. */
export const reverseOf = (before: KubeObject, after: KubeObject): Reverse => {
  const secret = new Set([...secretFields(before), ...secretFields(after)].map(step));
  const all = walk(changeable(before), changeable(after), '');
  const hides = (path: string): boolean => [...secret].some((field) => path === field || path.startsWith(`${field}/`));
  return {
    operations: all.filter(({ path }) => !hides(path)),
    lost: [...new Set(all.filter(({ path }) => hides(path)).map(({ path }) => path))],
  };
};

const stepsOf = (path: string): readonly string[] =>
  path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

const memberOf = (value: Json, key: string): Json => {
  if (Array.isArray(value)) return value[Number(key)];
  return isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined;
};

/** The value a JSON pointer leads to; undefined where there is none. */
export const valueAt = (object: Json, path: string): Json => stepsOf(path).reduce(memberOf, object);

const put = (now: Json, [key, ...rest]: readonly string[], value: Json): Json => {
  if (key === undefined) return value;
  const inside = put(memberOf(now, key), rest, value);
  if (Array.isArray(now)) return now.with(Number(key), inside);
  const others = Object.entries(isFields(now) ? now : {}).filter(([name]) => name !== key);
  return Object.fromEntries(inside === undefined ? others : [...others, [key, inside]]);
};

/** What a reverse patch, all of whose tests hold, makes of an object. */
export const reversed = (operations: readonly Operation[], object: KubeObject): KubeObject =>
  operations.reduce<Json>((now, operation) => {
    if (operation.op === 'test') return now;
    return put(now, stepsOf(operation.path), operation.op === 'remove' ? undefined : operation.value);
  }, object) as KubeObject;

/**
 * Tests of a reverse patch that an object would fail now: what somebody has changed since. What the change took away is
 * put back only where it is still away, which JSON Patch has no test for.
 */
export const failingTests = (operations: readonly Operation[], now: KubeObject) =>
  operations.flatMap((operation) => {
    if (operation.op !== 'test' && operation.op !== 'add') return [];
    const expected = operation.op === 'test' ? operation.value : undefined;
    const value = valueAt(now, operation.path);
    return same(value, expected) ? [] : [{ path: operation.path, expected, now: value }];
  });
