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

/** What rows are kept by: the uid, or namespace/name where the server gives none. */
export const keyOf = (meta: Meta): string => (meta.uid === '' ? `${meta.namespace}/${meta.name}` : meta.uid);

/** The first string under a JSON key of a text that does not parse; '' when there is none. */
const salvage = (raw: string, key: string): string => {
  const quoted = new RegExp(`"${key}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*")`).exec(raw)?.[1];
  if (quoted === undefined) return '';
  try {
    return text(JSON.parse(quoted));
  } catch {
    return '';
  }
};

/** An item that cannot be read keeps as much of its identity as can be found, so that its row says whose it is. */
export const brokenItem = (raw: string, fallbackName: string, problem: string): Decoded => {
  const name = salvage(raw, 'name');
  return {
    meta: {
      uid: salvage(raw, 'uid'),
      namespace: salvage(raw, 'namespace'),
      name: name === '' ? fallbackName : name,
      resourceVersion: salvage(raw, 'resourceVersion'),
    },
    object: undefined,
    problem,
  };
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
