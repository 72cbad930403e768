import { isList, isMap, type Json, type JsonMap, member, type Path, sameJson } from './json.ts';

/** One place where two objects differ; undefined on one side: added or removed. */
export type Difference = { readonly path: Path; readonly before: Json | undefined; readonly after: Json | undefined };

const at = (before: Json | undefined, after: Json | undefined, path: Path): Difference[] => {
  if (sameJson(before, after)) return [];
  // A map that comes or goes whole is its members: others may have some of them too.
  const [was, is] = [before ?? {}, after ?? {}];
  if (isMap(was) && isMap(is)) {
    const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
    if (keys.length > 0) return keys.flatMap((key) => at(member(was, key), member(is, key), [...path, key]));
  }
  if (isList(before) && isList(after) && before.length === after.length) {
    return before.flatMap((each, index) => at(each, after[index], [...path, index]));
  }
  return [{ path, before, after }];
};

/** What the server sets by itself at every write; no part of what a user changes. */
const bookkeeping: readonly (readonly string[])[] = [
  ['metadata', 'managedFields'],
  ['metadata', 'resourceVersion'],
  ['metadata', 'generation'],
];

/** The smallest places where two states of an object differ, in the order of the first. */
export const differences = (before: JsonMap, after: JsonMap): Difference[] =>
  at(before, after, []).filter(
    ({ path }) => !bookkeeping.some((place) => place.every((part, index) => path[index] === part)),
  );
