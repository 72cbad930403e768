import { isMap, type Json, type JsonMap } from './json.ts';

/**
 * The fields of one manager as metadata.managedFields has them (FieldsV1): `f:name` a member of a map, `k:{…}` an item
 * of a list by its keys, `v:…` an item of a set, `.` the place itself; a leaf is `{}`.
 */
export type FieldSet = { readonly [member: string]: FieldSet };

/** `subresource` is empty for the object itself. */
export type Manager = {
  readonly name: string;
  readonly operation: string;
  readonly subresource: string;
  readonly fields: FieldSet;
};

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** The managers of an object, in its order. */
export const managersOf = (object: JsonMap): Manager[] => {
  const { metadata } = object;
  const entries = isMap(metadata) ? metadata.managedFields : undefined;
  if (!Array.isArray(entries)) return [];
  return (entries as readonly Json[]).filter(isMap).map((entry) => ({
    name: textOf(entry.manager),
    operation: textOf(entry.operation),
    subresource: textOf(entry.subresource),
    fields: (isMap(entry.fieldsV1) ? entry.fieldsV1 : {}) as FieldSet,
  }));
};

const isLeaf = (set: FieldSet): boolean => Object.keys(set).every((member) => member === '.');

/** How lists and maps at one place merge, as far as the managers' field sets tell. */
export type Shape =
  | { readonly kind: 'map'; readonly keys: readonly string[] }
  | { readonly kind: 'set' }
  | { readonly kind: 'atomic' }
  /** Nobody has a field here. */
  | { readonly kind: 'unknown' };

export const shapeOf = (sets: readonly FieldSet[]): Shape => {
  if (sets.length === 0) return { kind: 'unknown' };
  const members = sets.flatMap((set) => Object.keys(set));
  const item = members.find((member) => member.startsWith('k:'));
  if (item !== undefined) return { kind: 'map', keys: Object.keys(JSON.parse(item.slice(2)) as JsonMap).sort() };
  if (members.some((member) => member.startsWith('v:'))) return { kind: 'set' };
  return sets.every(isLeaf) ? { kind: 'atomic' } : { kind: 'unknown' };
};

/** An item of a list by its keys, in the order the server writes them (sorted). */
export const itemMember = (item: Json, keys: readonly string[]): string | undefined => {
  if (!isMap(item)) return undefined;
  const parts = keys.filter((key) => item[key] !== undefined).map((key) => [key, item[key]] as const);
  return parts.length === 0 ? undefined : `k:${JSON.stringify(Object.fromEntries(parts))}`;
};

export const setMember = (item: Json): string => `v:${JSON.stringify(item)}`;

/** The sets below a member, of those managers that have it. */
export const below = (sets: readonly FieldSet[], member: string): FieldSet[] =>
  sets.flatMap((set) => (Object.hasOwn(set, member) ? [set[member] as FieldSet] : []));
