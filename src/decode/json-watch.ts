import { asBuffer, createUnfinished } from './bytes.ts';
import type { Decoded, DecodedEvent, TableColumn, WatchDecoder, WatchType } from './decoded.ts';
import { objectText } from './json-text.ts';
import { brokenItem, isBag, metaOf, plainItem } from './meta.ts';

type Bag = Readonly<Record<string, unknown>>;

/** How the object of an event becomes items: plain objects give one, Tables one for every row. */
export type EventShape = {
  readonly items: (object: Bag) => readonly Decoded[];
  readonly columns?: () => readonly TableColumn[] | undefined;
};

const watchTypes: ReadonlySet<string> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']);

export const isWatchType = (value: unknown): value is WatchType => typeof value === 'string' && watchTypes.has(value);

/** Marks the bookmark behind the initial events of a streaming list (KEP-3157). */
const initialEventsEnd = 'k8s.io/initial-events-end';

export const endsInitialEvents = (object: unknown): boolean => {
  const metadata = isBag(object) ? object.metadata : undefined;
  const annotations = isBag(metadata) ? metadata.annotations : undefined;
  return isBag(annotations) && annotations[initialEventsEnd] === 'true';
};

/**
 * An event that cannot be read. With a name it becomes an error row; without one nobody knows what was missed, so
 * it is an ERROR without a Status, after which the reflector lists afresh.
 */
const brokenEvent = (raw: string, problem: string): DecodedEvent => {
  const item = brokenItem(raw, '', problem);
  return { type: item.meta.name === '' ? 'ERROR' : 'MODIFIED', item };
};

/** One parsed event of any shape. */
const shapeEvent = (type: WatchType, object: Bag, shape: EventShape): readonly DecodedEvent[] => {
  if (type === 'ERROR') return [{ type, item: { meta: metaOf(object), object } }];
  const items = shape.items(object);
  if (type !== 'BOOKMARK') return items.map((item) => ({ type, item }));
  const item = items[0] ?? plainItem(object);
  return [{ type, item, ...(endsInitialEvents(object) ? { initialEventsEnd: true } : {}) }];
};

const decodeLine = (line: string, shape: EventShape): readonly DecodedEvent[] => {
  if (line.trim() === '') return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (error) {
    return [brokenEvent(line, `an event is not JSON: ${error instanceof Error ? error.message : String(error)}`)];
  }
  const type = isBag(parsed) ? parsed.type : undefined;
  const object = isBag(parsed) ? parsed.object : undefined;
  if (!isWatchType(type) || !isBag(object)) return [brokenEvent(line, 'an event has no type or no object')];
  return shapeEvent(type, object, shape);
};

/** Reads a watch (`application/json`): one event a line. Only the byte 0x0A ends a line; U+2028 is text like any. */
export const createJsonWatch = (shape: EventShape = { items: (object) => [plainItem(object)] }): WatchDecoder => {
  const unfinished = createUnfinished();
  return {
    push: (bytes) => {
      const chunk = asBuffer(bytes);
      const events: DecodedEvent[] = [];
      let from = 0;
      for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
        const line = unfinished.take(chunk.subarray(from, end));
        for (const event of decodeLine(objectText(line), shape)) events.push(event);
        from = end + 1;
      }
      unfinished.add(chunk.subarray(from));
      return events;
    },
    get columns() {
      return shape.columns?.();
    },
  };
};
