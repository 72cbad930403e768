import { type Field, noPlan, type Plan } from '../../../src/decode/proto/plan.ts';

/** An encoder for tests: the inverse of the reader, by the same plans but written from the wire format's description. */
export const varint = (value: number | bigint): Buffer => {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Buffer.from(bytes);
};

const tag = (number: number, wire: number): Buffer => varint((number << 3) | wire);

export const delimited = (number: number, bytes: Buffer): Buffer =>
  Buffer.concat([tag(number, 2), varint(bytes.length), bytes]);

export const textField = (number: number, text: string): Buffer => delimited(number, Buffer.from(text));

const numberField = (number: number, value: number | bigint): Buffer => Buffer.concat([tag(number, 0), varint(value)]);

const timeBytes = (text: string | null): Buffer => {
  if (text === null) return Buffer.alloc(0);
  const micros = /\.(\d{6})Z$/.exec(text)?.[1] ?? '0';
  return Buffer.concat([numberField(1, Math.floor(Date.parse(text) / 1000)), numberField(2, Number(micros) * 1000)]);
};

const intOrString = (value: number | string): Buffer =>
  typeof value === 'number'
    ? Buffer.concat([numberField(1, 0), numberField(2, value), textField(3, '')])
    : Buffer.concat([numberField(1, 1), numberField(2, 0), textField(3, value)]);

const encodeValue = (number: number, field: Field, value: unknown): Buffer => {
  switch (field.type) {
    case 'string':
      return textField(number, value as string);
    case 'int':
      return numberField(number, value as number);
    case 'bool':
      return numberField(number, value === true ? 1 : 0);
    case 'double': {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(value as number);
      return Buffer.concat([tag(number, 1), bytes]);
    }
    case 'bytes':
      return delimited(number, Buffer.from(value as string, 'base64'));
    case 'time':
    case 'microTime':
      return delimited(number, timeBytes(value as string | null));
    case 'quantity':
      return delimited(number, textField(1, value as string));
    case 'intOrString':
      return delimited(number, intOrString(value as number | string));
    case 'message':
      return delimited(number, encode(field.plan ?? noPlan, value as Record<string, unknown>));
    default:
      return field.type satisfies never;
  }
};

const encodeField = (number: number, field: Field, object: Record<string, unknown>): Buffer[] => {
  if (field.inline === true) return [delimited(number, encode(field.plan ?? noPlan, object))];
  const value = object[field.name];
  if (value === undefined) return [];
  if (field.many === 'list') return (value as unknown[]).map((each) => encodeValue(number, field, each));
  if (field.many === 'map') {
    return Object.entries(value as object).map(([key, each]) =>
      delimited(number, Buffer.concat([textField(1, key), encodeValue(2, field, each)])),
    );
  }
  return [encodeValue(number, field, value)];
};

export const encode = (plan: Plan, object: Record<string, unknown>): Buffer =>
  Buffer.concat(
    plan.fields.flatMap((field, number) => (field === undefined ? [] : encodeField(number, field, object))),
  );

/** `k8s\0` and runtime.Unknown around an object's message. */
export const envelope = (kind: string, raw: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    delimited(1, Buffer.concat([textField(1, 'v1'), textField(2, kind)])),
    delimited(2, raw),
    textField(3, ''),
    textField(4, ''),
  ]);

export const frame = (type: string, object: Buffer): Buffer => {
  const event = Buffer.concat([textField(1, type), delimited(2, delimited(1, object))]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(event.length);
  return Buffer.concat([length, event]);
};

export const listOf = (items: readonly Buffer[], resourceVersion: string, next = ''): Buffer =>
  envelope(
    'PodList',
    Buffer.concat([
      delimited(1, Buffer.concat([textField(1, ''), textField(2, resourceVersion), textField(3, next)])),
      ...items.map((item) => delimited(2, item)),
    ]),
  );
