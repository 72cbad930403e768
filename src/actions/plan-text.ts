import { resourceKey, type Target } from '../protocol/resource.ts';

/** A plan names this many objects; the others are a number. */
export const SHOWN = 10;

/** `pod`, `3 pods`, `5 objects`. */
export const countText = (targets: readonly Target[]): string => {
  const keys = new Set(targets.map(({ resource }) => resourceKey(resource)));
  const [first] = targets;
  if (first === undefined || keys.size > 1) return `${targets.length} objects`;
  return targets.length === 1 ? first.resource.singular : `${targets.length} ${first.resource.resource}`;
};

/** `prod ▸ shop`, `prod ▸ shop, web`, `prod` for what is in no namespace. */
export const placeText = (targets: readonly Target[]): string => {
  const namespaces = [...new Set(targets.map(({ namespace }) => namespace))].filter((name) => name !== '');
  const context = targets[0]?.context ?? '';
  return namespaces.length === 0 ? context : `${context} ▸ ${namespaces.join(', ')}`;
};

/** One line an object, aligned, with its namespace where there are several, its resource where kinds are mixed. */
export const namedLines = (
  targets: readonly Target[],
  fact: (target: Target, index: number) => string,
  most = SHOWN,
): readonly string[] => {
  const spaces = new Set(targets.map(({ namespace }) => namespace)).size > 1;
  const kinds = new Set(targets.map(({ resource }) => resourceKey(resource))).size > 1;
  const shown = targets.slice(0, most);
  const names = shown.map(({ resource, namespace, name }) => {
    const object = kinds ? `${resourceKey(resource)}/${name}` : name;
    return spaces && namespace !== '' ? `${namespace} ${object}` : object;
  });
  const width = Math.max(0, ...names.map((name) => name.length));
  const lines = shown.map((target, index) => `${(names[index] ?? '').padEnd(width)}  ${fact(target, index)}`.trimEnd());
  const more = targets.length - shown.length;
  return more > 0 ? [...lines, `… and ${more} more`] : lines;
};
