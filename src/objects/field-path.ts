import { isList, isMap, type Json, type JsonMap, type Path, sameJson } from './json.ts';

/** `[name="main",protocol="TCP"]` as merge keys; undefined when it is none. */
const keysIn = (text: string): JsonMap | undefined => {
  const parts = [...text.matchAll(/([\w.-]+)=("(?:[^"\\]|\\.)*"|[^,\]]+)/g)];
  if (parts.length === 0) return undefined;
  return Object.fromEntries(
    parts.map(([, key = '', value = '']) => {
      try {
        return [key, JSON.parse(value) as Json];
      } catch {
        return [key, value];
      }
    }),
  );
};

type Taken = { readonly step: string | number; readonly rest: string };

/** `[0]`, `[name="main"]`, `["key"]`, `[key]` or `[="value"]` at the start of what is left. */
const takeBracket = (value: Json | undefined, text: string): Taken | undefined => {
  const close = text.startsWith('["') ? text.indexOf('"]') + 1 : text.indexOf(']');
  if (close < 1) return undefined;
  const inner = text.slice(1, close);
  const rest = text.slice(close + 1);
  if (isMap(value)) {
    const key = inner.startsWith('"') ? inner.slice(1, -1) : inner;
    return { step: key, rest };
  }
  if (/^\d+$/.test(inner)) return { step: Number(inner), rest };
  if (!isList(value)) return undefined;
  const keys = keysIn(inner);
  const index = value.findIndex((item) =>
    keys === undefined
      ? sameJson(item, inner.replace(/^="?|"$/g, ''))
      : isMap(item) && Object.entries(keys).every(([key, wanted]) => String(item[key]) === String(wanted)),
  );
  return index === -1 ? undefined : { step: index, rest };
};

/** The longest key of the map that the text goes on with: keys may have dots in them. */
const takeKey = (value: Json | undefined, text: string): Taken | undefined => {
  if (!isMap(value)) return undefined;
  const keys = Object.keys(value).filter((key) => text.startsWith(key) && /^([.[]|$)/.test(text.slice(key.length)));
  const key = keys.toSorted((a, b) => b.length - a.length)[0];
  if (key !== undefined) return { step: key, rest: text.slice(key.length) };
  const name = /^[^.[\]]+/.exec(text)?.[0];
  return name === undefined ? undefined : { step: name, rest: text.slice(name.length) };
};

/**
 * A field as the API server writes it in errors (`spec.containers[0].image`, `.spec.ports[port=80,protocol="TCP"]`,
 * `metadata.labels[app.kubernetes.io/name]`) as a path into the object, as far as the object has it; a last name that
 * it does not have is kept.
 */
export const resolveField = (object: JsonMap, field: string): Path => {
  const path: (string | number)[] = [];
  let value: Json | undefined = object;
  let text = field.replace(/^\$?\.?/, '');
  while (text !== '') {
    const taken: Taken | undefined = text.startsWith('[')
      ? takeBracket(value, text)
      : takeKey(value, text.replace(/^\./, ''));
    if (taken === undefined) break;
    path.push(taken.step);
    value = isList(value) ? value[taken.step as number] : isMap(value) ? value[taken.step] : undefined;
    text = taken.rest;
  }
  return path;
};
