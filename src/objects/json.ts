/** A value as JSON has it; an object of the API, or a part of one. */
export type Json = null | boolean | number | string | readonly Json[] | JsonMap;
export type JsonMap = { readonly [key: string]: Json };

/** From the root of an object to a value in it: keys of maps and indexes of lists. */
export type Path = readonly (string | number)[];

export const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** A member of a map by its name, which may be one that every object of JavaScript has: `constructor` is a good label. */
export const member = (map: JsonMap, key: string): Json | undefined => (Object.hasOwn(map, key) ? map[key] : undefined);

/** Order of keys plays no part. */
export const sameJson = (a: Json | undefined, b: Json | undefined): boolean => {
  if (a === b) return true;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((each, index) => sameJson(each, b[index]));
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
};

export const valueAt = (value: Json | undefined, path: Path): Json | undefined =>
  path.reduce<Json | undefined>((held, step) => {
    if (isList(held)) return typeof step === 'number' ? held[step] : undefined;
    return isMap(held) ? member(held, String(step)) : undefined;
  }, value);

const plainKey = /^[A-Za-z_][\w-]*$/;

/** `spec.containers[0].image`, `metadata.labels["app.kubernetes.io/name"]`: as the API server writes it. */
export const pathText = (path: Path): string =>
  path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!plainKey.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');

/** RFC 6901. */
export const pointerText = (path: Path): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
