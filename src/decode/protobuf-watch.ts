import { ClusterError } from '../util/error.ts';
import { asBuffer, createUnfinished } from './bytes.ts';
import type { Decoded, DecodedEvent, WatchDecoder } from './decoded.ts';
import { endsInitialEvents, isWatchType } from './json-watch.ts';
import { metaOf } from './meta.ts';
import { message, type Plan } from './proto/plan.ts';
import { readMessage } from './proto/read-message.ts';
import { status } from './proto/status.generated.ts';
import { type Cursor, readEnd, readText, readVarint, skipField } from './proto/wire.ts';
import { readEnvelope } from './protobuf-envelope.ts';
import { decodeMessage } from './protobuf-list.ts';

/** Of a bookmark's object only these are set. */
const bookmark = message({
  1: {
    name: 'metadata',
    type: 'message',
    plan: message({
      6: { name: 'resourceVersion', type: 'string' },
      12: { name: 'annotations', type: 'string', many: 'map' },
    }),
  },
});

/** Objects are limited to 1.5 MiB by etcd; a frame beyond this is no frame. */
const longestFrame = 64 * 1024 * 1024;

type Place = { readonly start: number; readonly end: number };

/** RawExtension: its only field, raw (1), is the object in its envelope. */
const readRaw = (cursor: Cursor, end: number): Place => {
  let place: Place = { start: end, end };
  while (cursor.at < end) {
    const tag = readVarint(cursor);
    if (tag === 10) {
      const rawEnd = readEnd(cursor);
      place = { start: cursor.at, end: rawEnd };
      cursor.at = rawEnd;
    } else skipField(cursor, tag & 7);
  }
  return place;
};

/** metav1.WatchEvent: type (1), object (2). */
const readEvent = (bytes: Buffer, start: number, end: number): Place & { readonly type: string } => {
  const cursor: Cursor = { bytes, at: start };
  let type = '';
  let place: Place = { start: end, end };
  while (cursor.at < end) {
    const tag = readVarint(cursor);
    if (tag === 10) type = readText(cursor, readEnd(cursor));
    else if (tag === 18) place = readRaw(cursor, readEnd(cursor));
    else skipField(cursor, tag & 7);
  }
  return { type, ...place };
};

/** An event that is nobody's: nobody knows what was missed. */
const unreadable = (problem: string): DecodedEvent => {
  const item: Decoded = { meta: metaOf(undefined), object: undefined, problem };
  return { type: 'ERROR', item };
};

const decodeFrame = (plan: Plan, bytes: Buffer, start: number, end: number): DecodedEvent => {
  try {
    const { type, start: from, end: to } = readEvent(bytes, start, end);
    if (!isWatchType(type)) return unreadable('an event has no type');
    const envelope = readEnvelope(bytes, from, to);
    if (type === 'ERROR') {
      const object = readMessage(status, bytes, envelope.start, envelope.end);
      return { type, item: { meta: metaOf(object), object } };
    }
    if (type === 'BOOKMARK') {
      const object = readMessage(bookmark, bytes, envelope.start, envelope.end);
      const ends = endsInitialEvents(object) ? { initialEventsEnd: true } : {};
      return { type, item: { meta: metaOf(object), object }, ...ends };
    }
    const item = decodeMessage(plan, bytes, envelope.start, envelope.end, 'an event');
    return item.problem === undefined || item.meta.uid !== '' ? { type, item } : unreadable(item.problem);
  } catch (error) {
    return unreadable(`an event: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** Reads a watch in Kubernetes' protobuf (`;stream=watch`): frames with their length in four bytes, big-endian. */
export const createProtobufWatch = (plan: Plan): WatchDecoder => {
  const unfinished = createUnfinished();
  let need = 4;
  return {
    push: (data) => {
      const chunk = asBuffer(data);
      const events: DecodedEvent[] = [];
      if (unfinished.length + chunk.length < need) {
        unfinished.add(chunk);
        return events;
      }
      const bytes = unfinished.take(chunk);
      let at = 0;
      need = 4;
      while (bytes.length - at >= 4) {
        const length = bytes.readUInt32BE(at);
        if (length > longestFrame) throw new ClusterError('invalid', 'the watch is not the protobuf it says it is');
        if (bytes.length - at < 4 + length) {
          need = 4 + length;
          break;
        }
        events.push(decodeFrame(plan, bytes, at + 4, at + 4 + length));
        at += 4 + length;
      }
      unfinished.add(bytes.subarray(at));
      return events;
    },
    columns: undefined,
  };
};
