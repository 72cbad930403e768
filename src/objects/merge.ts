import { isList, isMap, type Json, type JsonMap, member, type Path, sameJson } from './json.ts';

export type Merged = {
  /** Where both changed the same thing, ours. */
  readonly value: Json | undefined;
  /** What both changed, differently: paths of ours. */
  readonly conflicts: readonly Path[];
};

const one = (value: Json | undefined): Merged => ({ value, conflicts: [] });

/** Lists of objects that have distinct names merge by name, as most lists of the API do. */
const nameOf = (item: Json): string | undefined =>
  isMap(item) && typeof item.name === 'string' ? item.name : undefined;

const namesOf = (list: readonly Json[]): string[] | undefined => {
  const names = list.map(nameOf);
  const known = names.filter((name) => name !== undefined);
  return known.length === list.length && new Set(known).size === list.length ? known : undefined;
};

const mergeMaps = (base: JsonMap, ours: JsonMap, theirs: JsonMap, path: Path): Merged => {
  const value: [string, Json][] = [];
  const conflicts: Path[] = [];
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const merged = mergeAt(member(base, key), member(ours, key), member(theirs, key), [...path, key]);
    if (merged.value !== undefined) value.push([key, merged.value]);
    conflicts.push(...merged.conflicts);
  }
  return { value: Object.fromEntries(value), conflicts };
};

const mergeNamed = (base: readonly Json[], ours: readonly Json[], theirs: readonly Json[], path: Path): Merged => {
  const byName = (list: readonly Json[]) => new Map(list.map((item) => [nameOf(item) ?? '', item]));
  const [inBase, inOurs, inTheirs] = [byName(base), byName(ours), byName(theirs)];
  const value: Json[] = [];
  const conflicts: Path[] = [];
  for (const name of new Set([...inOurs.keys(), ...inTheirs.keys()])) {
    const index = ours.findIndex((item) => nameOf(item) === name);
    const merged = mergeAt(inBase.get(name), inOurs.get(name), inTheirs.get(name), [...path, Math.max(0, index)]);
    if (merged.value !== undefined) value.push(merged.value);
    conflicts.push(...merged.conflicts);
  }
  return { value, conflicts };
};

const mergeAt = (base: Json | undefined, ours: Json | undefined, theirs: Json | undefined, path: Path): Merged => {
  if (sameJson(ours, theirs) || sameJson(base, theirs)) return one(ours);
  if (sameJson(base, ours)) return one(theirs);
  if (isMap(ours) && isMap(theirs)) return mergeMaps(isMap(base) ? base : {}, ours, theirs, path);
  if (isList(ours) && isList(theirs)) {
    const held = isList(base) ? base : [];
    if (namesOf(ours) && namesOf(theirs) && namesOf(held)) return mergeNamed(held, ours, theirs, path);
  }
  return { value: ours, conflicts: [path] };
};

/** Two changes of one object brought together: `base` is what both began with. Absent parts are deletions. */
export const mergeObjects = (
  base: JsonMap,
  ours: JsonMap,
  theirs: JsonMap,
): { readonly value: JsonMap; readonly conflicts: readonly Path[] } => {
  const { value, conflicts } = mergeMaps(base, ours, theirs, []);
  return { value: value as JsonMap, conflicts };
};
