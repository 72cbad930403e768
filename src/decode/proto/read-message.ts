import { type Field, type FieldType, noPlan, type Plan } from './plan.ts';
import { type Cursor, lengthWire, readEnd, readText, readVarint, skipField, varintWire } from './wire.ts';

type Bag = Record<string, unknown>;

/** Seconds (1) and nanoseconds (2); an empty message is Go's zero time. */
const readSeconds = (cursor: Cursor, end: number): readonly [seconds: number, nanos: number] | undefined => {
  let seconds: number | undefined;
  let nanos = 0;
  while (cursor.at < end) {
    const tag = readVarint(cursor);
    if (tag === 8) seconds = readVarint(cursor);
    else if (tag === 16) nanos = readVarint(cursor);
    else skipField(cursor, tag & 7);
  }
  return seconds === undefined ? undefined : [seconds, nanos];
};

/** An object's conditions mostly changed in the same seconds, and those of its siblings too. */
const isoTexts = new Map<number, string>();
const mostIsoTexts = 4096;

const iso = (seconds: number): string => {
  const known = isoTexts.get(seconds);
  if (known !== undefined) return known;
  const text = `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
  if (isoTexts.size >= mostIsoTexts) isoTexts.clear();
  isoTexts.set(seconds, text);
  return text;
};

const readTime = (cursor: Cursor, end: number): string | null => {
  const time = readSeconds(cursor, end);
  return time === undefined ? null : iso(time[0]);
};

const readMicroTime = (cursor: Cursor, end: number): string | null => {
  const time = readSeconds(cursor, end);
  if (time === undefined) return null;
  return `${iso(time[0]).slice(0, 19)}.${String(Math.floor(time[1] / 1000)).padStart(6, '0')}Z`;
};

/** Quantity: its text is field 1. */
const readQuantity = (cursor: Cursor, end: number): string => {
  let text = '0';
  while (cursor.at < end) {
    const tag = readVarint(cursor);
    if (tag === 10) text = readText(cursor, readEnd(cursor));
    else skipField(cursor, tag & 7);
  }
  return text;
};

/** IntOrString: type (1) says which of the number (2) and the text (3) counts. */
const readIntOrString = (cursor: Cursor, end: number): number | string => {
  let isText = false;
  let number = 0;
  let text = '';
  while (cursor.at < end) {
    const tag = readVarint(cursor);
    if (tag === 8) isText = readVarint(cursor) === 1;
    else if (tag === 16) number = readVarint(cursor);
    else if (tag === 26) text = readText(cursor, readEnd(cursor));
    else skipField(cursor, tag & 7);
  }
  return isText ? text : number;
};

const readDouble = (cursor: Cursor): number => {
  const value = cursor.bytes.readDoubleLE(cursor.at);
  cursor.at += 8;
  return value;
};

const readDelimited = (cursor: Cursor, type: FieldType, plan: Plan | undefined): unknown => {
  const end = readEnd(cursor);
  switch (type) {
    case 'string':
      return readText(cursor, end);
    case 'message':
      return fill({}, plan ?? noPlan, cursor, end);
    case 'time':
      return readTime(cursor, end);
    case 'microTime':
      return readMicroTime(cursor, end);
    case 'quantity':
      return readQuantity(cursor, end);
    case 'intOrString':
      return readIntOrString(cursor, end);
    case 'bytes': {
      const start = cursor.at;
      cursor.at = end;
      return cursor.bytes.toString('base64', start, end);
    }
    case 'int':
    case 'bool':
    case 'double':
      throw new Error(`a protobuf field that should be a ${type} has another wire type`);
    default:
      return type satisfies never;
  }
};

const readValue = (cursor: Cursor, wire: number, type: FieldType, plan: Plan | undefined): unknown => {
  if (wire === lengthWire) return readDelimited(cursor, type, plan);
  if (wire === varintWire) {
    const value = readVarint(cursor);
    return type === 'bool' ? value !== 0 : value;
  }
  if (type === 'double') return readDouble(cursor);
  return skipField(cursor, wire);
};

/** One entry of a map: key (1) and value (2). */
const readEntry = (map: Bag, field: Field, cursor: Cursor): void => {
  const end = readEnd(cursor);
  let key = '';
  let value: unknown = field.type === 'string' ? '' : undefined;
  while (cursor.at < end) {
    const tag = readVarint(cursor);
    if (tag === 10) key = readText(cursor, readEnd(cursor));
    else if (tag >>> 3 === 2) value = readValue(cursor, tag & 7, field.type, field.plan);
    else skipField(cursor, tag & 7);
  }
  // Keys are the user's, and `__proto__` is a legal one.
  if (key === '__proto__') Object.defineProperty(map, key, { value, enumerable: true, configurable: true });
  else map[key] = value;
};

const readMany = (object: Bag, field: Field, cursor: Cursor, wire: number): void => {
  const { name, type, plan } = field;
  if (field.many === 'map') {
    object[name] ??= {};
    readEntry(object[name] as Bag, field, cursor);
    return;
  }
  const list = object[name] as unknown[] | undefined;
  const value = readValue(cursor, wire, type, plan);
  if (list === undefined) object[name] = [value];
  else list.push(value);
};

const isZero = (value: unknown): boolean => value === '' || value === 0 || value === false || value === null;

const fill = (object: Bag, plan: Plan, cursor: Cursor, end: number): Bag => {
  while (cursor.at < end) {
    const tag = readVarint(cursor);
    const field = plan.fields[tag >>> 3];
    if (field === undefined) skipField(cursor, tag & 7);
    else if (field.many !== undefined) readMany(object, field, cursor, tag & 7);
    else if (field.inline === true) fill(object, field.plan ?? noPlan, cursor, readEnd(cursor));
    else {
      const value = readValue(cursor, tag & 7, field.type, field.plan);
      if (field.omit !== true || !isZero(value)) object[field.name] = value;
    }
  }
  if (cursor.at !== end) throw new Error('a protobuf message is longer than it says');
  for (const name of plan.nils) object[name] ??= null;
  return object;
};

/**
 * The fields of a plan in `bytes` from `start` to `end`, in the shape JSON.parse would give them. Throws an Error
 * when the bytes are not what the plan expects.
 */
export const readMessage = (plan: Plan, bytes: Buffer, start = 0, end = bytes.length): Record<string, unknown> =>
  fill({}, plan, { bytes, at: start }, end);
