import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { message } from '../../../src/decode/proto/plan.ts';
import { readMessage } from '../../../src/decode/proto/read-message.ts';
import { protobufDecoder } from '../../../src/decode/protobuf.ts';
import { createProtobufList } from '../../../src/decode/protobuf-list.ts';
import { createProtobufWatch } from '../../../src/decode/protobuf-watch.ts';
import { readStatus } from '../../../src/decode/status.ts';
import { cutInto, cuts } from './chunks.ts';
import { delimited, encode, envelope, frame, listOf, textField, varint } from './encode.ts';

const metadata = message({
  1: { name: 'name', type: 'string', omit: true },
  3: { name: 'namespace', type: 'string', omit: true },
  5: { name: 'uid', type: 'string', omit: true },
  6: { name: 'resourceVersion', type: 'string', omit: true },
  8: { name: 'creationTimestamp', type: 'time' },
  11: { name: 'labels', type: 'string', many: 'map' },
});
const plan = message({
  1: { name: 'metadata', type: 'message', plan: metadata },
  2: { name: 'count', type: 'int' },
  3: { name: 'ready', type: 'bool' },
  4: { name: 'at', type: 'microTime' },
  5: { name: 'limits', type: 'quantity', many: 'map' },
  6: { name: 'port', type: 'intOrString' },
  7: { name: 'children', type: 'message', many: 'list', plan: message({ 1: { name: 'weight', type: 'double' } }) },
  8: { name: 'data', type: 'bytes' },
  17: { name: 'names', type: 'string', many: 'list' },
});

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const second = fc
  .integer({ min: 0, max: 4_000_000_000 })
  .map((seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`);
const objects = fc.record({
  metadata: fc.record({
    name: fc.string({ unit: 'grapheme', minLength: 1 }),
    namespace: fc.constantFrom('shop', 'kube-system'),
    uid: fc.uuid(),
    resourceVersion: fc.integer({ min: 1 }).map(String),
    creationTimestamp: fc.option(second),
    labels: fc.dictionary(text, text, { minKeys: 1, noNullPrototype: true }),
  }),
  count: fc.oneof(fc.integer(), fc.maxSafeInteger()),
  ready: fc.boolean(),
  at: fc
    .tuple(second, fc.nat(999_999))
    .map(([whole, micros]) => whole.replace('Z', `.${String(micros).padStart(6, '0')}Z`)),
  limits: fc.dictionary(text, text, { minKeys: 1, noNullPrototype: true }),
  port: fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), text),
  children: fc.array(fc.record({ weight: fc.double({ noNaN: true }) }), { minLength: 1, maxLength: 3 }),
  data: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  names: fc.array(text, { minLength: 1, maxLength: 4 }),
});

describe('readMessage', () => {
  it('gives what JSON would, for every type of field', () => {
    fc.assert(
      fc.property(objects, (object) => {
        expect(readMessage(plan, encode(plan, object))).toEqual(object);
      }),
    );
  });

  it('passes over fields that the plan does not have, whatever their wire type', () => {
    const unknown = Buffer.concat([
      Buffer.from([0x9d, 0x06, 1, 2, 3, 4]),
      Buffer.from([0x99, 0x06, 1, 2, 3, 4, 5, 6, 7, 8]),
      Buffer.from([0x98, 0x06]),
      varint(-1),
      delimited(99, Buffer.from('skipped')),
    ]);
    expect(readMessage(plan, Buffer.concat([unknown, encode(plan, { count: 3 }), unknown]))).toEqual({ count: 3 });
  });

  it('leaves out zero values where JSON does and keeps them where it does not', () => {
    const zero = message({ 1: { name: 'gone', type: 'string', omit: true }, 2: { name: 'kept', type: 'int' } });
    expect(readMessage(zero, encode(zero, { gone: '', kept: 0 }))).toEqual({ kept: 0 });
  });

  it('says null of an absent list where JSON does', () => {
    const nil = message({
      1: { name: 'ports', type: 'int', many: 'list', nil: true },
      2: { name: 'limits', type: 'quantity', many: 'map', nil: true },
      3: { name: 'names', type: 'string', many: 'list' },
    });
    expect(readMessage(nil, Buffer.alloc(0))).toEqual({ ports: null, limits: null });
    expect(readMessage(nil, encode(nil, { ports: [1] }))).toEqual({ ports: [1], limits: null });
  });

  it('keeps a message that is empty, for `waiting: {}` says something', () => {
    expect(readMessage(plan, encode(plan, { children: [{}] }))).toEqual({ children: [{}] });
  });

  it('puts the fields of an embedded message into its parent', () => {
    const inline = message({
      1: { name: '', type: 'message', inline: true, plan: message({ 1: { name: 'name', type: 'string' } }) },
      2: { name: 'target', type: 'string' },
    });
    expect(readMessage(inline, encode(inline, { name: 'debug', target: 'web' }))).toEqual({
      name: 'debug',
      target: 'web',
    });
  });

  it('keeps a label named __proto__ as a label', () => {
    const bytes = delimited(11, Buffer.concat([textField(1, '__proto__'), textField(2, 'x')]));
    const labels = readMessage(metadata, bytes).labels as object;
    expect(Object.entries(labels)).toEqual([['__proto__', 'x']]);
    expect(Object.getPrototypeOf(labels)).toBe(Object.prototype);
  });

  it('says so when bytes are missing or too many, and never returns half a message', () => {
    fc.assert(
      fc.property(objects, fc.nat(), (object, cut) => {
        const bytes = encode(plan, object);
        const short = bytes.subarray(0, cut % bytes.length);
        try {
          // A cut between two fields is a whole message with fewer fields.
          expect(object).toMatchObject({ ...(readMessage(plan, short) as { names?: unknown }), names: object.names });
        } catch (error) {
          expect((error as Error).message).toMatch(/ends too early|longer than it says|deeply equal|match/);
        }
      }),
    );
    expect(() => readMessage(plan, Buffer.from([0x0a, 0x7f, 1]))).toThrow('ends too early');
    expect(() => readMessage(plan, Buffer.from([0x13]))).toThrow('wire type');
  });
});

describe('createProtobufList', () => {
  it('finds every item wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(objects, { maxLength: 5 }), cuts, (items, at) => {
        const decoder = createProtobufList(plan);
        const bytes = listOf(
          items.map((item) => encode(plan, item)),
          '4711',
          'more',
        );
        const found = cutInto(bytes, at).flatMap((piece) => [...decoder.push(piece)]);
        expect(decoder.end()).toEqual([]);
        expect(found.map((item) => item.object)).toEqual(items);
        expect(found.map((item) => item.meta.uid)).toEqual(items.map((item) => item.metadata.uid));
        expect([decoder.resourceVersion, decoder.continueToken]).toEqual(['4711', 'more']);
      }),
    );
  });

  it('reads an empty list', () => {
    const decoder = createProtobufList(plan);
    expect(decoder.push(listOf([], '1'))).toEqual([]);
    expect(decoder.end()).toEqual([]);
    expect(decoder.resourceVersion).toBe('1');
  });

  it('turns a bad item into one with a problem and goes on behind it', () => {
    const good = encode(plan, { metadata: { name: 'ok', uid: 'u' } });
    const [bad, next] = createProtobufList(plan).push(listOf([Buffer.from([0x0a, 0x7f]), good], '1'));
    expect(bad).toMatchObject({ problem: 'item 1: a protobuf message ends too early', meta: { name: 'item 1' } });
    expect(next?.meta.name).toBe('ok');
  });

  it('says at every cut that the list is cut', () => {
    const bytes = listOf([encode(plan, { metadata: { name: 'a' } }), encode(plan, { count: 1 })], '1');
    const whole = bytes.length - '\x1a\x00\x22\x00'.length;
    for (let length = 0; length < whole; length++) {
      const decoder = createProtobufList(plan);
      decoder.push(bytes.subarray(0, length));
      expect(() => decoder.end(), `after ${length} bytes`).toThrow('ended before its last byte');
    }
  });

  it('says that a page of HTML is no list', () => {
    expect(() => createProtobufList(plan).push(Buffer.from('<html>'))).toThrow('something else');
  });

  it('stays linear when a big item comes in tiny pieces', () => {
    const decoder = createProtobufList(plan);
    const bytes = listOf([encode(plan, { names: ['x'.repeat(3_000_000)] })], '1');
    const started = performance.now();
    let found = 0;
    for (let at = 0; at < bytes.length; at += 16) found += decoder.push(bytes.subarray(at, at + 16)).length;
    expect(found).toBe(1);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('createProtobufWatch', () => {
  it('reads every frame wherever the bytes are cut', () => {
    const events = fc.array(fc.tuple(fc.constantFrom('ADDED', 'MODIFIED', 'DELETED'), objects), { maxLength: 5 });
    fc.assert(
      fc.property(events, cuts, (sent, at) => {
        const decoder = createProtobufWatch(plan);
        const bytes = Buffer.concat(sent.map(([type, object]) => frame(type, envelope('Pod', encode(plan, object)))));
        const got = cutInto(bytes, at).flatMap((piece) => [...decoder.push(piece)]);
        expect(got.map((event) => [event.type, event.item.object])).toEqual(sent);
      }),
    );
  });

  it('reads the Status of an ERROR and the version of a bookmark', () => {
    const status = Buffer.concat([textField(3, 'too old'), textField(4, 'Expired'), Buffer.from([0x30]), varint(410)]);
    const mark = message({
      1: { name: 'metadata', type: 'message', plan: message({ 6: { name: 'resourceVersion', type: 'string' } }) },
    });
    const bytes = Buffer.concat([
      frame('BOOKMARK', envelope('Pod', encode(mark, { metadata: { resourceVersion: '77' } }))),
      frame('ERROR', envelope('Status', status)),
    ]);
    const [bookmark, error] = createProtobufWatch(plan).push(bytes);
    expect(bookmark).toMatchObject({ type: 'BOOKMARK', item: { meta: { resourceVersion: '77' } } });
    expect(error).toMatchObject({
      type: 'ERROR',
      item: { object: { code: 410, reason: 'Expired', message: 'too old' } },
    });
  });

  it.each([
    ['an unknown type', frame('CHANGED', envelope('Pod', Buffer.alloc(0)))],
    ['no envelope', frame('ADDED', Buffer.from('{"kind":"Pod"}'))],
    ['a broken object', frame('ADDED', envelope('Pod', Buffer.from([0x0a, 0x7f])))],
  ])('makes an ERROR without a Status of an event with %s', (_, bytes) => {
    const [event] = createProtobufWatch(plan).push(bytes);
    expect(event).toMatchObject({
      type: 'ERROR',
      item: { object: undefined, problem: expect.stringContaining('an ') },
    });
  });

  it('gives up on what cannot be a frame', () => {
    expect(() => createProtobufWatch(plan).push(Buffer.from('HTTP/1.1 200 OK'))).toThrow('protobuf');
  });
});

describe('protobufDecoder', () => {
  it('reads JSON when the server answers JSON', () => {
    const decoder = protobufDecoder(plan);
    const list = Buffer.from('{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a"}}]}');
    expect(decoder.list('application/json').push(list)[0]?.meta.name).toBe('a');
    const line = Buffer.from('{"type":"ADDED","object":{"metadata":{"name":"b"}}}\n');
    expect(decoder.watch('application/json;stream=watch').push(line)[0]?.item.meta.name).toBe('b');
  });
});

describe('readStatus', () => {
  it('reads a Status in protobuf', () => {
    const details = delimited(
      5,
      Buffer.concat([delimited(4, textField(1, 'ResourceVersionTooLarge')), Buffer.from([0x28, 7])]),
    );
    const body = envelope('Status', Buffer.concat([textField(3, 'busy'), details]));
    expect(readStatus(body, 'application/vnd.kubernetes.protobuf')).toEqual({
      message: 'busy',
      reason: '',
      code: undefined,
      retryAfterSeconds: 7,
      causes: ['ResourceVersionTooLarge'],
    });
  });

  it('makes one short line of what is no Status', () => {
    expect(readStatus(Buffer.from('<html>\n  502\tBad Gateway\n'), 'text/html').message).toBe('<html> 502 Bad Gateway');
    expect(readStatus(Buffer.from('12'), 'application/json').message).toBe('');
    expect(readStatus(Buffer.from('x'.repeat(5000)), 'application/vnd.kubernetes.protobuf').message).toHaveLength(300);
  });
});
