import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFrameReader, encodeFrame } from '../../../src/native/frames.ts';

/** A frame as the sidecar sends it. */
const answer = (op: number, kind: number, data: string): Buffer => {
  const size = Buffer.byteLength(data);
  const frame = Buffer.alloc(4 + 8 + 1 + size);
  frame.writeUInt32LE(8 + 1 + size, 0);
  frame.writeBigUInt64LE(BigInt(op), 4);
  frame.writeUInt8(kind, 12);
  frame.write(data, 13);
  return frame;
};

type Message = readonly [op: number, kind: number, data: string];

const reader = () => {
  const got: Message[] = [];
  return { got, read: createFrameReader((...message) => got.push(message)) };
};

describe('frames', () => {
  test('a request is its size, its op and its text in UTF-8', () => {
    expect([...encodeFrame(258, 'ü')]).toEqual([10, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0xc3, 0xbc]);
    expect([...encodeFrame(1, '')]).toEqual([8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('answers are the same however the stream is cut', () => {
    const message = fc.tuple(
      fc.integer({ min: 1, max: 2 ** 40 }),
      fc.constantFrom(1, 2, 3),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(fc.array(message), fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (messages, cuts) => {
        const stream = Buffer.concat(messages.map(([op, kind, data]) => answer(op, kind, data)));
        const { got, read } = reader();
        for (let at = 0, cut = 0; at < stream.length; cut += 1) {
          const length = cuts[cut % cuts.length] ?? 1;
          expect(read(stream.subarray(at, at + length))).toBe(true);
          at += length;
        }
        expect(got).toEqual(messages);
      }),
    );
  });

  test.for([
    ['too short to be one', Buffer.from([3, 0, 0, 0, 1, 2, 3])],
    ['longer than any', Buffer.from([255, 255, 255, 255])],
    ['of no kind there is', answer(1, 9, 'x')],
  ] as const)('a frame %s ends it', ([, bytes]) => {
    expect(reader().read(bytes)).toBe(false);
  });
});
