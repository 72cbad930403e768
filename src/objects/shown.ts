import { ClusterError } from '../util/error.ts';
import { isMap, type Json, type JsonMap } from './json.ts';

/** What of an object its text shows. */
export type Showing = {
  /** Also what the server keeps for itself: managedFields, uid, versions. */
  readonly all: boolean;
  /** The object is a core Secret; its values are shown only for these keys, `*` for every one. */
  readonly secret: false | { readonly revealed: ReadonlySet<string> };
};

/** Says that something is there, not how much of it. */
export const mask = '***';

/** kubectl apply keeps the whole object here, values of secrets included. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

const noise: ReadonlySet<string> = new Set([
  'managedFields',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'selfLink',
]);

const without = (map: JsonMap, drop: (key: string) => boolean): JsonMap =>
  Object.fromEntries(Object.entries(map).filter(([key]) => !drop(key)));

const metadataWithout = (object: JsonMap, drop: (key: string) => boolean, annotations: boolean): JsonMap => {
  if (!isMap(object.metadata)) return object;
  const metadata: Record<string, Json> = { ...without(object.metadata, drop) };
  if (annotations && isMap(metadata.annotations) && lastApplied in metadata.annotations) {
    const rest = without(metadata.annotations, (key) => key === lastApplied);
    if (Object.keys(rest).length > 0) metadata.annotations = rest;
    else Reflect.deleteProperty(metadata, 'annotations');
  }
  return { ...object, metadata };
};

/** The object without what the server keeps for itself: what an edit is measured against. */
export const essence = (object: JsonMap): JsonMap => metadataWithout(object, (key) => noise.has(key), true);

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a value in base64; undefined when it is none, but bytes. */
const textOf = (value: Json | undefined): string | undefined => {
  if (typeof value !== 'string') return undefined;
  try {
    const text = decoder.decode(Buffer.from(value, 'base64'));
    // A text a YAML reader would give back changed stays as it is.
    return /[^\P{Cc}\n\t]/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
};

const withSecret = (object: JsonMap, revealed: ReadonlySet<string>): JsonMap => {
  const data: Record<string, Json> = {};
  const stringData: Record<string, Json> = {};
  for (const [key, value] of Object.entries(isMap(object.data) ? object.data : {})) {
    const text = textOf(value);
    if (!revealed.has('*') && !revealed.has(key)) data[key] = mask;
    else if (text === undefined) data[key] = value;
    else stringData[key] = text;
  }
  const shown: Record<string, Json> = {};
  for (const [key, value] of Object.entries(object)) {
    if (key !== 'data') shown[key] = value;
    else if (Object.keys(data).length > 0) shown.data = data;
    if (key === 'data' && Object.keys(stringData).length > 0) shown.stringData = stringData;
  }
  return metadataWithout(shown, () => false, true);
};

/** What the text of an object shows. Revealed values of a secret stand decoded under `stringData`. */
export const shownOf = (object: JsonMap, { all, secret }: Showing): JsonMap => {
  const shown = all ? object : essence(object);
  return secret === false ? shown : withSecret(shown, secret.revealed);
};

const nothing: ReadonlySet<string> = new Set();

/** As kubectl prints an object by default, but without the values of a secret. */
export const exportedOf = (object: JsonMap, secret: boolean): JsonMap =>
  metadataWithout(secret ? withSecret(object, nothing) : object, (key) => key === 'managedFields', false);

/** What an edited text means: masked values are those of `live`, and `stringData` is encoded, as the server does it. */
export const meantBy = (edited: JsonMap, live: JsonMap, { secret }: Showing): JsonMap => {
  if (secret === false) return essence(edited);
  const { stringData, ...rest } = edited;
  const held = isMap(live.data) ? live.data : {};
  const data: Record<string, Json> = {};
  for (const [key, value] of Object.entries(isMap(rest.data) ? rest.data : {})) {
    if (value !== mask) data[key] = value;
    else if (held[key] !== undefined) data[key] = held[key];
    else {
      throw new ClusterError('invalid', `data.${key} is "${mask}", but the secret has no such value to keep.`, {
        hint: 'Write the value in base64 there, or in plain text under stringData.',
      });
    }
  }
  for (const [key, value] of Object.entries(isMap(stringData) ? stringData : {})) {
    data[key] = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value), 'utf8').toString('base64');
  }
  const some = Object.keys(data).length > 0 || isMap(rest.data);
  return essence(some ? { ...rest, data } : rest);
};
