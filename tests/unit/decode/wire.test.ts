import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readText } from '../../../src/decode/proto/wire.ts';

const read = (bytes: Buffer, start: number, end: number): readonly [string, number] => {
  const cursor = { bytes, at: start };
  return [readText(cursor, end), cursor.at];
};

test('a text is what UTF-8 makes of its bytes, however often and whatever came before', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('', 'True', 'Ready', 'é', '\ufffd', '日本', 'a\u0080b'),
  );
  const piece = fc.oneof(
    text.map((each) => Buffer.from(each)),
    fc.uint8Array({ maxLength: 45 }).map((each) => Buffer.from(each)),
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 30 }), (pieces) => {
      const whole = Buffer.concat(pieces);
      let at = 0;
      for (const each of pieces) {
        const end = at + each.length;
        const expected = [each.toString('utf8'), end];
        expect(read(whole, at, end)).toEqual(expected);
        expect(read(whole, at, end)).toEqual(expected);
        at = end;
      }
    }),
    { numRuns: 300 },
  );
});

test('texts with the same place in the table do not become each other', () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `pod-${index.toString(36)}`);
  for (const round of [1, 2]) {
    for (const name of names) expect(read(Buffer.from(name), 0, name.length)[0], `round ${round}`).toBe(name);
  }
});
