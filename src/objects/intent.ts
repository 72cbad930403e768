import { isList, isMap, type Json, type JsonMap, member, type Path, sameJson } from './json.ts';
import { below, type FieldSet, itemMember, type Shape, setMember, shapeOf } from './managed-fields.ts';

/**
 * What an edit says, for server-side apply: the fields that changed, and those we applied before (leaving them out would
 * take them back). Fields of others that did not change are not in it, so that nothing is taken from their owners.
 */
export type Intent = {
  /** To apply; undefined when there is nothing to say. */
  readonly value: Json | undefined;
  /** Added or changed, as paths of the edited object. */
  readonly changed: readonly Path[];
  /** Taken out, as paths of the object before the edit. */
  readonly removed: readonly Path[];
};

/** What is known about the place at hand: the field sets of all managers there, and of our own apply. */
type Known = { readonly all: readonly FieldSet[]; readonly own: FieldSet | undefined };

const nothing: Intent = { value: undefined, changed: [], removed: [] };

const step = ({ all, own }: Known, member: string): Known => ({
  all: below(all, member),
  own: own !== undefined && Object.hasOwn(own, member) ? own[member] : undefined,
});

const kept = (value: Json, { own }: Known): Intent => (own === undefined ? nothing : { ...nothing, value });

const replaced = (value: Json, path: Path): Intent => ({ value, changed: [path], removed: [] });

const whole = (before: Json, edited: Json, known: Known, path: Path): Intent =>
  sameJson(before, edited) ? kept(edited, known) : replaced(edited, path);

const ofMaps = (before: JsonMap, edited: JsonMap, known: Known, path: Path): Intent => {
  const shape = shapeOf(known.all);
  // An atomic map (a selector) belongs to one manager whole.
  if (shape.kind === 'atomic' && Object.keys(before).length > 0) return whole(before, edited, known, path);
  const value: [string, Json][] = [];
  const changed: Path[] = [];
  const removed: Path[] = Object.keys(before)
    .filter((key) => !Object.hasOwn(edited, key))
    .map((key) => [...path, key]);
  for (const [key, now] of Object.entries(edited)) {
    const was = member(before, key);
    const inner =
      was === undefined ? replaced(now, [...path, key]) : intentAt(was, now, step(known, `f:${key}`), [...path, key]);
    if (inner.value !== undefined) value.push([key, inner.value]);
    changed.push(...inner.changed);
    removed.push(...inner.removed);
  }
  const says = value.length > 0 || known.own?.['.'] !== undefined;
  return { value: says ? Object.fromEntries(value) : undefined, changed, removed };
};

const keysOf = (item: Json, keys: readonly string[]): JsonMap =>
  isMap(item) ? Object.fromEntries(keys.flatMap((key) => (item[key] === undefined ? [] : [[key, item[key]]]))) : {};

type ListStep = { readonly member: string | undefined; readonly index: number; readonly item: Json };

const stepsOf = (list: readonly Json[], member: (item: Json) => string | undefined): ListStep[] =>
  list.map((item, index) => ({ member: member(item), index, item }));

const ofKeyedLists = (
  before: readonly Json[],
  edited: readonly Json[],
  known: Known,
  path: Path,
  keys: readonly string[],
): Intent => {
  const old = stepsOf(before, (item) => itemMember(item, keys));
  const now = stepsOf(edited, (item) => itemMember(item, keys));
  const byMember = new Map(old.map((each) => [each.member, each]));
  const value: Json[] = [];
  const changed: Path[] = [];
  const removed: Path[] = old
    .filter(({ member }) => !now.some((each) => each.member === member))
    .map(({ index }) => [...path, index]);
  for (const { member, index, item } of now) {
    const held = member === undefined ? undefined : byMember.get(member);
    if (held === undefined || member === undefined) {
      value.push(item);
      changed.push([...path, index]);
      continue;
    }
    const inner = intentAt(held.item, item, step(known, member), [...path, index]);
    const ours = step(known, member).own !== undefined;
    if (inner.value !== undefined || ours) {
      value.push({ ...keysOf(item, keys), ...(isMap(inner.value) ? inner.value : {}) });
    }
    changed.push(...inner.changed);
    // Inside an item the path is that of the object before the edit.
    removed.push(...inner.removed.map((each) => [...path, held.index, ...each.slice(path.length + 1)]));
  }
  return { value: value.length > 0 ? value : undefined, changed, removed };
};

const ofSets = (before: readonly Json[], edited: readonly Json[], known: Known, path: Path): Intent => {
  const has = (list: readonly Json[], item: Json): boolean => list.some((each) => sameJson(each, item));
  const value: Json[] = [];
  const changed: Path[] = [];
  edited.forEach((item, index) => {
    const fresh = !has(before, item);
    if (fresh) changed.push([...path, index]);
    if (fresh || step(known, setMember(item)).own !== undefined) value.push(item);
  });
  const removed = before.flatMap((item, index) => (has(edited, item) ? [] : [[...path, index]]));
  return { value: value.length > 0 ? value : undefined, changed, removed };
};

const ofLists = (before: readonly Json[], edited: readonly Json[], known: Known, path: Path): Intent => {
  const shape: Shape = shapeOf(known.all);
  switch (shape.kind) {
    case 'map':
      return ofKeyedLists(before, edited, known, path, shape.keys);
    case 'set':
      return ofSets(before, edited, known, path);
    case 'atomic':
    case 'unknown':
      return whole(before, edited, known, path);
    default:
      return shape satisfies never;
  }
};

const intentAt = (before: Json, edited: Json, known: Known, path: Path): Intent => {
  if (isMap(before) && isMap(edited)) return ofMaps(before, edited, known, path);
  if (isList(before) && isList(edited)) return ofLists(before, edited, known, path);
  return whole(before, edited, known, path);
};

/**
 * The intent of an edit of an object whose managers have these field sets. `own` is what we applied before. Lists merge
 * as the managers' sets show; where none tells, a changed list is applied whole, which is right for atomic ones and an
 * error of the server, never a silent loss, for others.
 */
export const intentOf = (
  before: JsonMap,
  edited: JsonMap,
  { all, own }: { readonly all: readonly FieldSet[]; readonly own: FieldSet | undefined },
): Intent => intentAt(before, edited, { all, own }, []);
