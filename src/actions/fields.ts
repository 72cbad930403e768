import type { KubeObject } from '../journal/kept-object.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at a path of an object; undefined where there is nothing. */
export const at = (object: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (isFields(value) ? value[key] : undefined), object);

export const fieldsAt = (object: unknown, ...path: readonly string[]): Fields => {
  const value = at(object, ...path);
  return isFields(value) ? value : {};
};

export const listAt = (object: unknown, ...path: readonly string[]): readonly Fields[] => {
  const value = at(object, ...path);
  return Array.isArray(value) ? value.filter(isFields) : [];
};

export const textAt = (object: unknown, ...path: readonly string[]): string => {
  const value = at(object, ...path);
  return typeof value === 'string' ? value : '';
};

/** Fields around a value, from the outside in: `nested(['spec', 'paused'], true)`. */
export const nested = (path: readonly string[], value: unknown): Fields => {
  const [first = '', ...rest] = path;
  return { [first]: rest.length === 0 ? value : nested(rest, value) };
};

/** Where an object that runs pods keeps their spec: its own, its template's, its job template's. */
const podSpecPaths = [
  ['spec', 'template', 'spec'],
  ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ['spec'],
] as const;

export const podSpecPath = (object: KubeObject): readonly string[] | undefined =>
  podSpecPaths.find((path) => Array.isArray(at(object, ...path, 'containers')));

/** It rolls its pods over by itself when their template changes: a template and a strategy for it. */
export const rollsOut = (object: KubeObject): boolean =>
  Array.isArray(at(object, 'spec', 'template', 'spec', 'containers')) &&
  (at(object, 'spec', 'strategy') !== undefined || at(object, 'spec', 'updateStrategy') !== undefined);
