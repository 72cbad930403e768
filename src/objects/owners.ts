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

/** Whether a manager has set the value at a path of the object, or what it is a part of as a whole. */
const owns = (fields: FieldSet, object: JsonMap, path: Path): boolean => {
  let standing: Standing = { sets: [fields], value: object };
  for (const step of path) {
    const next = into(standing, step);
    // Inside an atomic value: whoever set that has set this.
    if (next === undefined) return standing.sets.every((set) => Object.keys(set).length === 0);
    standing = next;
  }
  return true;
};

/** Names of the managers that have set the value at a path, without repeats. */
export const ownersOf = (managers: readonly Manager[], object: JsonMap, path: Path): string[] => [
  ...new Set(managers.filter(({ fields }) => owns(fields, object, path)).map(({ name }) => name)),
];
