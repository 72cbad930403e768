import { resolveField } from './field-path.ts';
import { type Intent, intentOf } from './intent.ts';
import { isList, isMap, type Json, type JsonMap, member, type Path } from './json.ts';
import { type PatchOperation, patchOf } from './json-patch.ts';
import type { Manager } from './managed-fields.ts';
import { ownersOf } from './owners.ts';

/** Our name as a field manager. */
export const manager = 'kubectl-live';

/** One request that carries an edit out; `subresource` '' is the object itself. */
export type Prepared = { readonly subresource: '' | 'status' } & (
  | {
      readonly how: 'apply';
      /** Fields to apply, without the object's identity. */
      readonly value: JsonMap;
    }
  /** Server-side apply cannot take out what others have set; a patch of exactly this version can. */
  | { readonly how: 'patch'; readonly operations: readonly PatchOperation[] }
);

const part = (object: JsonMap, status: boolean): JsonMap =>
  Object.fromEntries(Object.entries(object).filter(([key]) => (key === 'status') === status));

/** Leaving a field out takes it back only where nobody but our own apply has set it. */
const needsPatch = ({ removed }: Intent, managers: readonly Manager[], before: JsonMap): boolean =>
  removed.some((path) => {
    const ours = managers.filter(({ name, operation }) => name === manager && operation === 'Apply');
    const others = managers.filter((each) => !ours.includes(each));
    return ownersOf(ours, managers, before, path).length === 0 || ownersOf(others, managers, before, path).length > 0;
  });

const prepareOne = (
  before: JsonMap,
  after: JsonMap,
  subresource: Prepared['subresource'],
  managers: readonly Manager[],
): Prepared | undefined => {
  const relevant = managers.filter((each) => each.subresource === subresource);
  const own = relevant.find(({ name, operation }) => name === manager && operation === 'Apply')?.fields;
  const intent = intentOf(before, after, { all: managers.map(({ fields }) => fields), own });
  if (intent.changed.length === 0 && intent.removed.length === 0) return undefined;
  if (needsPatch(intent, relevant, before)) return { subresource, how: 'patch', operations: patchOf(before, after) };
  return { subresource, how: 'apply', value: isMap(intent.value) ? intent.value : {} };
};

/** The requests that make `after` of `before`; none when nothing is to be done. */
export const prepare = (before: JsonMap, after: JsonMap, managers: readonly Manager[]): Prepared[] =>
  (['', 'status'] as const).flatMap(
    (subresource) =>
      prepareOne(
        part(before, subresource === 'status'),
        part(after, subresource === 'status'),
        subresource,
        managers,
      ) ?? [],
  );

const dropAt = (value: Json, path: Path): Json | undefined => {
  const [step, ...rest] = path;
  if (step === undefined) return undefined;
  if (isMap(value) && typeof step === 'string') {
    const held = member(value, step);
    const inner = held === undefined ? undefined : dropAt(held, rest);
    const kept = Object.entries(value).filter(([key]) => key !== step);
    const all = inner === undefined ? kept : [...kept, [step, inner] as const];
    return all.length === 0 ? undefined : Object.fromEntries(all);
  }
  if (!isList(value) || typeof step !== 'number') return value;
  const inner = value[step] === undefined ? undefined : dropAt(value[step], rest);
  const kept = value.flatMap((item, index) => (index === step ? (inner === undefined ? [] : [inner]) : [item]));
  return kept.length === 0 ? undefined : kept;
};

/** Without the fields that stay with their owners; undefined when nothing is left to apply. */
export const withoutFields = (value: JsonMap, fields: readonly string[]): JsonMap | undefined => {
  let left: Json | undefined = value;
  for (const field of fields) {
    if (isMap(left)) left = dropAt(left, resolveField(left, field));
  }
  return isMap(left) ? left : undefined;
};
