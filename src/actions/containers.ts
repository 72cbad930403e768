import type { KubeObject } from '../journal/kept-object.ts';
import type { Operation } from '../journal/reverse.ts';
import { step } from '../journal/reverse.ts';
import type { Patch } from './change.ts';
import { at, type Fields, isFields, nested, podSpecPath } from './fields.ts';

export const containerLists = ['containers', 'initContainers'] as const;

export type Container = {
  readonly list: (typeof containerLists)[number];
  readonly index: number;
  readonly name: string;
  readonly image: string;
  readonly fields: Fields;
};

/** Containers of what a pod runs or of what a workload makes, init containers last. */
export const containersOf = (object: KubeObject): readonly Container[] => {
  const path = podSpecPath(object);
  if (path === undefined) return [];
  return containerLists.flatMap((list) => {
    const items = at(object, ...path, list);
    return (Array.isArray(items) ? items : []).flatMap((fields: unknown, index) => {
      if (!isFields(fields) || typeof fields.name !== 'string') return [];
      return [{ list, index, name: fields.name, image: String(fields.image ?? ''), fields }];
    });
  });
};

/** Changes of fields of containers, each container by its name: the others and all else in them stay as they are. */
export const containerPatch = (
  object: KubeObject,
  changes: readonly { readonly container: Container; readonly field: string; readonly value: unknown }[],
): Patch => {
  const path = podSpecPath(object) ?? ['spec'];
  const lists = containerLists.flatMap((list) => {
    const items = changes.filter(({ container }) => container.list === list);
    const merged = items.map(({ container, field, value }) => ({ name: container.name, [field]: value }));
    return merged.length === 0 ? [] : [[list, merged] as const];
  });
  const operations = changes.flatMap(({ container, field, value }): Operation[] => {
    const item = `${path.map(step).join('')}${step(container.list)}${step(container.index)}`;
    return [
      { op: 'test', path: `${item}/name`, value: container.name },
      { op: 'add', path: `${item}${step(field)}`, value },
    ];
  });
  return { type: 'strategic', body: nested(path, Object.fromEntries(lists)), otherwise: operations };
};
