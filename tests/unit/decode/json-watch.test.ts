import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonWatch } from '../../../src/decode/json-watch.ts';
import { metaOf } from '../../../src/decode/meta.ts';
import { cutInto, cuts, objects } from './chunks.ts';

const line = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;
const read = (text: string) => createJsonWatch().push(Buffer.from(text));

describe('createJsonWatch', () => {
  it('reads one event a line wherever the bytes are cut', () => {
    const events = fc.array(fc.tuple(fc.constantFrom('ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'), objects), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(events, cuts, (sent, at) => {
        const decoder = createJsonWatch();
        const bytes = Buffer.from(sent.map(([type, object]) => line(type, object)).join(''));
        const got = cutInto(bytes, at).flatMap((piece) => [...decoder.push(piece)]);
        expect(got.map((event) => event.type)).toEqual(sent.map(([type]) => type));
        expect(got.map((event) => event.item.object)).toEqual(
          sent.map(([, object]) => JSON.parse(JSON.stringify(object))),
        );
        expect(got.map((event) => event.item.meta)).toEqual(sent.map(([, object]) => metaOf(object)));
      }),
    );
  });

  it('does not take U+2028 for the end of a line, as a server may send it unescaped', () => {
    const [event] = read('{"type":"ADDED","object":{"metadata":{"name":"a\u2028b"}}}\n');
    expect(event?.item.meta.name).toBe('a\u2028b');
  });

  it('emits nothing for half a line', () => {
    expect(read('{"type":"ADDED","object":{"metadata":{"name":"a"}}}')).toEqual([]);
  });

  it('hands over the Status of an ERROR', () => {
    const [event] = read(line('ERROR', { kind: 'Status', code: 410, reason: 'Expired' }));
    expect(event?.type).toBe('ERROR');
    expect(event?.item.object).toMatchObject({ code: 410 });
  });

  it('marks the bookmark that ends the initial events', () => {
    const metadata = { resourceVersion: '9', annotations: { 'k8s.io/initial-events-end': 'true' } };
    expect(read(line('BOOKMARK', { metadata }))[0]).toMatchObject({ type: 'BOOKMARK', initialEventsEnd: true });
    expect(read(line('BOOKMARK', { metadata: { resourceVersion: '9' } }))[0]?.initialEventsEnd).toBeUndefined();
  });

  it('makes an error row of a broken event with a name, and an ERROR of one without', () => {
    const [named, nameless, odd] = read(
      '{"type":"MODIFIED","object":{"metadata":{"name":"web","namespace":"shop"},"x":tru}}\n{{{\n{"type":"CHANGED","object":{}}\n',
    );
    expect(named).toMatchObject({ type: 'MODIFIED', item: { meta: { name: 'web', namespace: 'shop' } } });
    expect(named?.item.problem).toContain('not JSON');
    expect(nameless).toMatchObject({ type: 'ERROR', item: { object: undefined } });
    expect(odd).toMatchObject({ type: 'ERROR', item: { problem: 'an event has no type or no object' } });
  });

  it('passes over empty lines', () => {
    expect(read('\n\r\n')).toEqual([]);
  });
});
