import { isList, isMap, type Json, type JsonMap, member, type Path, pointerText, sameJson } from './json.ts';

/** RFC 6902, as much of it as a change needs. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string };

const at = (before: Json, after: Json, path: Path): PatchOperation[] => {
  if (sameJson(before, after)) return [];
  if (isMap(before) && isMap(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key): PatchOperation[] => {
      const [was, is] = [member(before, key), member(after, key)];
      const pointer = pointerText([...path, key]);
      if (is === undefined) return [{ op: 'remove', path: pointer }];
      return was === undefined ? [{ op: 'add', path: pointer, value: is }] : at(was, is, [...path, key]);
    });
  }
  if (isList(before) && isList(after) && before.length === after.length) {
    return before.flatMap((each, index) => at(each, after[index] as Json, [...path, index]));
  }
  return [{ op: 'replace', path: pointerText(path), value: after }];
};

/** What makes `after` of `before`. */
export const patchOf = (before: JsonMap, after: JsonMap): PatchOperation[] => at(before, after, []);
