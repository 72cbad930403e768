import { isList, isMap, type Json, type JsonMap, member as memberOf, type Path } from './json.ts';
import { below, type FieldSet, itemMember, type Manager, setMember, shapeOf } from './managed-fields.ts';

type Standing = { readonly sets: readonly FieldSet[]; readonly value: Json | undefined };

const into = ({ sets, value }: Standing, step: string | number): Standing | undefined => {
  if (typeof step === 'string') {
    const next = below(sets, `f:${step}`);
    return next.length === 0 ? undefined : { sets: next, value: isMap(value) ? memberOf(value, step) : undefined };
  }
  const item = isList(value) ? value[step] : undefined;
  const shape = shapeOf(sets);
  if (item === undefined) return undefined;
  const member =
    shape.kind === 'map' ? itemMember(item, shape.keys) : shape.kind === 'set' ? setMember(item) : undefined;
  const next = member === undefined ? [] : below(sets, member);
  return next.length === 0 ? undefined : { sets: next, value: item };
};

const isEmpty = (set: FieldSet): boolean => Object.keys(set).length === 0;

/** Whether a manager has set the value at a path of the object, or what it is a part of as a whole. */
const owns = (fields: FieldSet, all: readonly FieldSet[], object: JsonMap, path: Path): boolean => {
  let own: Standing = { sets: [fields], value: object };
  let known: Standing = { sets: all, value: object };
  for (const step of path) {
    const next = into(own, step);
    // Inside an atomic value: whoever set that has set this. Where anybody has a part of it, it is not atomic, and the
    // leaf is what the server leaves to a manager whose parts were all taken over: `f:data: {}`.
    if (next === undefined) return own.sets.every(isEmpty) && known.sets.every(isEmpty);
    own = next;
    known = into(known, step) ?? known;
  }
  return true;
};

/** Names of those of all managers that have set the value at a path, without repeats. */
export const ownersOf = (
  managers: readonly Manager[],
  all: readonly Manager[],
  object: JsonMap,
  path: Path,
): string[] => {
  const known = all.map(({ fields }) => fields);
  return [...new Set(managers.filter(({ fields }) => owns(fields, known, object, path)).map(({ name }) => name))];
};
