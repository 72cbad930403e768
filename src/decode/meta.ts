import type { Decoded, Meta } from './decoded.ts';

type Bag = Readonly<Record<string, unknown>>;

export const isBag = (value: unknown): value is Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The identity of an object as the server sent it; whatever is missing or of another type reads as ''. */
export const metaOf = (object: unknown): Meta => {
  const metadata = isBag(object) && isBag(object.metadata) ? object.metadata : {};
  return {
    uid: text(metadata.uid),
    namespace: text(metadata.namespace),
    name: text(metadata.name),
    resourceVersion: text(metadata.resourceVersion),
  };
};

/** Keys cross the wire as lines, and an aggregated server may call its objects what it likes. */
const oneLine = (key: string): string => (key.includes('\n') ? key.replaceAll('\n', '\\n') : key);

/** What rows are kept by: the uid, or namespace/name where the server gives none. */
export const keyOf = (meta: Meta): string => {
  if (meta.uid !== '') return oneLine(meta.uid);
  return oneLine(meta.namespace === '' ? meta.name : `${meta.namespace}/${meta.name}`);
};

const metadataStart = /"metadata"\s*:\s*\{/;
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

const unquote = (quoted: string): string => {
  try {
    return text(JSON.parse(quoted));
  } catch {
    return '';
  }
};

/** The strings directly under `metadata` in a text that does not parse, up to where it can be followed. */
const salvage = (raw: string): Readonly<Record<string, string>> => {
  const start = metadataStart.exec(raw);
  const found: Record<string, string> = {};
  if (start === null) return found;
  let depth = 1;
  let key = '';
  let colon = false;
  for (const [part] of raw.slice(start.index + start[0].length).matchAll(token)) {
    if (part === '{' || part === '[') depth++;
    else if (part === '}' || part === ']') depth--;
    else if (depth === 1 && part === ':') colon = true;
    else if (depth === 1 && part === ',') colon = false;
    else if (depth === 1 && !colon) key = unquote(part);
    else if (depth === 1) found[key] = unquote(part);
    if (depth === 0) break;
  }
  return found;
};

/** An item that cannot be read keeps as much of its identity as can be found, so that its row says whose it is. */
export const brokenItem = (raw: string, fallbackName: string, problem: string): Decoded => {
  const meta = metaOf({ metadata: salvage(raw) });
  return { meta: meta.name === '' ? { ...meta, name: fallbackName } : meta, object: undefined, problem };
};

/** One JSON text as an item; never throws. `place` names it where it has no name, for example `item 7`. */
export const decodeItem = (raw: string, place: string, shape: (object: Bag) => Decoded): Decoded => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(raw);
  } catch (error) {
    return brokenItem(raw, place, `${place} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (isBag(parsed)) return shape(parsed);
  return brokenItem('', place, `${place} is ${parsed === null ? 'null' : typeof parsed}, not an object`);
};

export const plainItem = (object: Bag): Decoded => ({ meta: metaOf(object), object });
