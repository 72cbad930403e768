import { ClusterError } from '../util/error.ts';
import { asBuffer, createUnfinished, type Unfinished } from './bytes.ts';
import type { Decoded, ListDecoder } from './decoded.ts';
import { brokenItem, metaOf } from './meta.ts';
import { message, type Plan } from './proto/plan.ts';
import { readMessage } from './proto/read-message.ts';
import { type Cursor, lengthWire, readVarint } from './proto/wire.ts';
import { magic, rawTag } from './protobuf-envelope.ts';

/** ListMeta, as in every list: the metadata is field 1, the items are field 2. */
const listMeta = message({
  2: { name: 'resourceVersion', type: 'string' },
  3: { name: 'continue', type: 'string' },
});
const metadataTag = (1 << 3) | lengthWire;
const itemTag = (2 << 3) | lengthWire;

type Reading = {
  /** Before the magic bytes, among the envelope's fields, or inside the list. */
  stage: 'magic' | 'envelope' | 'list';
  /** Bytes of the list still to come. */
  left: number;
  /** Bytes wanted before going on is worth a try. */
  need: number;
  listSeen: boolean;
  readonly unfinished: Unfinished;
};

type Header = { readonly tag: number; readonly start: number; readonly end: number };

/** A tag and a length need no more than two numbers of ten bytes. */
const longestHeader = 20;

/** The next length-delimited field, or undefined when its header has not arrived whole. */
const headerAt = (bytes: Buffer, at: number): Header | undefined => {
  const cursor: Cursor = { bytes, at };
  try {
    const tag = readVarint(cursor);
    const length = readVarint(cursor);
    if ((tag & 7) === lengthWire && length >= 0) return { tag, start: cursor.at, end: cursor.at + length };
  } catch {
    if (bytes.length - at < longestHeader) return undefined;
  }
  throw new ClusterError('invalid', 'the list is not the protobuf it says it is');
};

type Sink = {
  metadata(bytes: Buffer, start: number, end: number): void;
  item(bytes: Buffer, start: number, end: number): void;
};

/** Reads one step; returns where it got to, or undefined when more bytes are needed. */
const step = (reading: Reading, bytes: Buffer, at: number, sink: Sink): number | undefined => {
  if (reading.stage === 'magic') {
    if (bytes.length - at < magic.length) return undefined;
    if (bytes.compare(magic, 0, magic.length, at, at + magic.length) !== 0) {
      throw new ClusterError('invalid', 'the server answered a list with something else', {
        hint: 'Is there a proxy or a login page between this machine and the API server?',
      });
    }
    reading.stage = 'envelope';
    return at + magic.length;
  }
  if (reading.stage === 'list' && reading.left === 0) {
    reading.stage = 'envelope';
    return at;
  }
  const header = headerAt(bytes, at);
  if (header === undefined) return undefined;
  if (reading.stage === 'envelope' && header.tag === rawTag) {
    reading.stage = 'list';
    reading.left = header.end - header.start;
    reading.listSeen = true;
    return header.start;
  }
  if (header.end > bytes.length) {
    reading.need = header.end - at;
    return undefined;
  }
  if (reading.stage === 'list') {
    reading.left -= header.end - at;
    if (reading.left < 0) throw new ClusterError('invalid', 'an item of the list is longer than the list');
    if (header.tag === itemTag) sink.item(bytes, header.start, header.end);
    else if (header.tag === metadataTag) sink.metadata(bytes, header.start, header.end);
  }
  return header.end;
};

const feed = (reading: Reading, chunk: Buffer, sink: Sink): void => {
  const { unfinished } = reading;
  if (unfinished.length + chunk.length < reading.need) {
    unfinished.add(chunk);
    return;
  }
  const bytes = unfinished.take(chunk);
  reading.need = 0;
  let at = 0;
  while (at < bytes.length) {
    const next = step(reading, bytes, at, sink);
    if (next === undefined) break;
    at = next;
  }
  unfinished.add(bytes.subarray(at));
};

/** ObjectMeta's own, in every object's first field. */
const identity = message({
  1: {
    name: 'metadata',
    type: 'message',
    plan: message({
      1: { name: 'name', type: 'string' },
      3: { name: 'namespace', type: 'string' },
      5: { name: 'uid', type: 'string' },
      6: { name: 'resourceVersion', type: 'string' },
    }),
  },
});

/** Whose the bytes are that cannot be read to their end: the metadata comes first and is mostly well. */
const identityOf = (bytes: Buffer, start: number, end: number): unknown => {
  try {
    const cursor: Cursor = { bytes, at: start };
    if (readVarint(cursor) !== metadataTag) return undefined;
    const length = readVarint(cursor);
    return readMessage(identity, bytes, start, Math.min(end, cursor.at + length));
  } catch {
    return undefined;
  }
};

/** One object; a bad one becomes an item with a problem. */
export const decodeMessage = (plan: Plan, bytes: Buffer, start: number, end: number, place: string): Decoded => {
  try {
    const object = readMessage(plan, bytes, start, end);
    return { meta: metaOf(object), object };
  } catch (error) {
    const problem = `${place}: ${error instanceof Error ? error.message : String(error)}`;
    const meta = metaOf(identityOf(bytes, start, end));
    return meta.name === '' ? brokenItem('', place, problem) : { meta, object: undefined, problem };
  }
};

/** Reads a LIST response in Kubernetes' protobuf as its bytes arrive: the items are found by their lengths. */
export const createProtobufList = (plan: Plan): ListDecoder => {
  const reading: Reading = {
    stage: 'magic',
    left: 0,
    need: magic.length,
    listSeen: false,
    unfinished: createUnfinished(),
  };
  let resourceVersion = '';
  let continueToken = '';
  let count = 0;
  return {
    push: (chunk) => {
      const items: Decoded[] = [];
      feed(reading, asBuffer(chunk), {
        metadata: (bytes, start, end) => {
          const metadata = readMessage(listMeta, bytes, start, end);
          resourceVersion = String(metadata.resourceVersion ?? '');
          continueToken = String(metadata.continue ?? '');
        },
        item: (bytes, start, end) => {
          count++;
          items.push(decodeMessage(plan, bytes, start, end, `item ${count}`));
        },
      });
      return items;
    },
    end: () => {
      const whole = reading.listSeen && reading.left === 0 && reading.unfinished.length === 0;
      if (whole) return [];
      throw new ClusterError('invalid', 'the list ended before its last byte', {
        hint: 'The connection or a proxy cut the answer; it is asked for again.',
      });
    },
    get resourceVersion() {
      return resourceVersion;
    },
    get continueToken() {
      return continueToken;
    },
    columns: undefined,
  };
};
