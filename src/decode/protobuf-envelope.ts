import { type Cursor, lengthWire, readEnd, readText, readVarint, skipField } from './proto/wire.ts';

/** Before every object: `k8s` and a zero byte, then runtime.Unknown (apimachinery, pkg/runtime/generated.proto). */
export const magic = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

/** Tags of runtime.Unknown: typeMeta (1), raw (2). */
const typeMetaTag = (1 << 3) | lengthWire;
export const rawTag = (2 << 3) | lengthWire;

export type Envelope = {
  readonly kind: string;
  /** Where the object's own message is. */
  readonly start: number;
  readonly end: number;
};

/** TypeMeta: apiVersion (1), kind (2). */
const readKind = (cursor: Cursor, end: number): string => {
  let kind = '';
  while (cursor.at < end) {
    const tag = readVarint(cursor);
    if (tag === 18) kind = readText(cursor, readEnd(cursor));
    else skipField(cursor, tag & 7);
  }
  return kind;
};

/** The envelope in `bytes` from `start` to `end`. Throws an Error when there is none. */
export const readEnvelope = (bytes: Buffer, start: number, end: number): Envelope => {
  if (end - start < magic.length || bytes.compare(magic, 0, magic.length, start, start + magic.length) !== 0) {
    throw new Error('an object does not begin as Kubernetes protobuf does');
  }
  const cursor: Cursor = { bytes, at: start + magic.length };
  let kind = '';
  let raw = { start: end, end };
  while (cursor.at < end) {
    const tag = readVarint(cursor);
    if (tag === typeMetaTag) kind = readKind(cursor, readEnd(cursor));
    else if (tag === rawTag) {
      const rawEnd = readEnd(cursor);
      raw = { start: cursor.at, end: rawEnd };
      cursor.at = rawEnd;
    } else skipField(cursor, tag & 7);
  }
  return { kind, ...raw };
};
