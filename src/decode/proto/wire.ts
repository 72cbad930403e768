/** The protobuf wire format (protobuf.dev/programming-guides/encoding): numbers, lengths and what to skip. */

/** Where reading has come to in some bytes. */
export type Cursor = { readonly bytes: Buffer; at: number };

export const varintWire = 0;
export const fixed64Wire = 1;
export const lengthWire = 2;
export const fixed32Wire = 5;

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

/** Below this length a loop is faster than the call into Buffer. */
const shortText = 24;

/** UTF-8; invalid bytes read as U+FFFD. Most strings of the API are short and ASCII. */
export const readText = (cursor: Cursor, end: number): string => {
  const { bytes, at } = cursor;
  cursor.at = end;
  if (end - at > shortText) return bytes.toString('utf8', at, end);
  let text = '';
  for (let index = at; index < end; index++) {
    const byte = bytes[index] as number;
    if (byte > 0x7f) return bytes.toString('utf8', at, end);
    text += String.fromCharCode(byte);
  }
  return text;
};
