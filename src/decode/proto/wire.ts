/** The protobuf wire format (protobuf.dev/programming-guides/encoding): numbers, lengths and what to skip. */

/** Where reading has come to in some bytes. */
export type Cursor = { readonly bytes: Buffer; at: number };

export const varintWire = 0;
const fixed64Wire = 1;
export const lengthWire = 2;
const fixed32Wire = 5;

const truncated = (): Error => new Error('a protobuf message ends too early');

/** A number of up to 64 bits, as int64 has it; beyond 2^53 it loses its last digits, as JSON.parse does. */
const longVarint = (cursor: Cursor): number => {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) throw truncated();
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return Number(BigInt.asIntN(64, value));
  }
  throw new Error('a protobuf number is longer than 64 bits');
};

export const readVarint = (cursor: Cursor): number => {
  const { bytes } = cursor;
  const start = cursor.at;
  let value = 0;
  for (let index = 0, scale = 1; index < 6; index++, scale *= 128) {
    const byte = bytes[start + index];
    if (byte === undefined) throw truncated();
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      cursor.at = start + index + 1;
      return value;
    }
  }
  return longVarint(cursor);
};

/** The end of a length-delimited field whose tag has been read. */
export const readEnd = (cursor: Cursor): number => {
  const length = readVarint(cursor);
  const end = cursor.at + length;
  if (length < 0 || end > cursor.bytes.length) throw truncated();
  return end;
};

export const skipField = (cursor: Cursor, wire: number): void => {
  if (wire === lengthWire) cursor.at = readEnd(cursor);
  else if (wire === varintWire) readVarint(cursor);
  else if (wire === fixed64Wire) cursor.at += 8;
  else if (wire === fixed32Wire) cursor.at += 4;
  else throw new Error(`a protobuf field has the unknown wire type ${wire}`);
};

/**
 * Most strings of the API are short, ASCII and those of the object before: `True`, a label, an image. They are found
 * again by their bytes, without making a string that is thrown away or kept twice.
 */
const known: (string | undefined)[] = new Array(4096);
const longestKnown = 40;

const isKnown = (text: string, { bytes, at }: Cursor, length: number): boolean => {
  if (text.length !== length) return false;
  for (let index = 0; index < length; index++) if (text.charCodeAt(index) !== bytes[at + index]) return false;
  return true;
};

/** UTF-8; invalid bytes read as U+FFFD. */
export const readText = (cursor: Cursor, end: number): string => {
  const { bytes, at } = cursor;
  const length = end - at;
  if (length === 0) return '';
  let text: string | undefined;
  if (length <= longestKnown) {
    let hash = length;
    for (let index = at; index < end; index++) hash = (Math.imul(hash, 31) + (bytes[index] as number)) | 0;
    const slot = (hash ^ (hash >>> 12)) & 4095;
    text = known[slot];
    // Whatever is not ASCII differs from its own bytes, so that it is never found.
    if (text === undefined || !isKnown(text, cursor, length)) {
      text = bytes.toString('utf8', at, end);
      known[slot] = text;
    }
  }
  cursor.at = end;
  return text ?? bytes.toString('utf8', at, end);
};
