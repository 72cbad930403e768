import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineSplitter, longestLine } from '../../../src/sessions/log-lines.ts';

const split = (chunks: readonly Uint8Array[]) => {
  const splitter = createLineSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
};

describe('createLineSplitter', () => {
  it('gives the lines whatever the chunks are', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\r', ' ', '\u0000'), maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(line),
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (lines, ended, sizes) => {
          const bytes = Buffer.from(lines.join('\n') + (ended && lines.length > 0 ? '\n' : ''));
          const chunks: Uint8Array[] = [];
          for (let at = 0, index = 0; at < bytes.length; index++) {
            const size = sizes[index % sizes.length] ?? 1;
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          const text = bytes.toString();
          const expected = text === '' ? [] : (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
          expect(split(chunks).map((one) => one.text)).toEqual(expected);
        },
      ),
    );
  });

  it('keeps the beginning of an endless line and counts the rest', () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const splitter = createLineSplitter();
    for (let index = 0; index < 100; index++) expect(splitter.push(chunk)).toEqual([]);
    const [line] = splitter.push(Buffer.from('\nnext\n'));
    expect(line?.text.length).toBeGreaterThanOrEqual(longestLine);
    expect(line?.text.length).toBeLessThan(64 * 1024);
    expect((line?.text.length ?? 0) + (line?.dropped ?? 0)).toBe(100 * 64 * 1024);
  });

  it('makes something readable of what is no UTF-8', () => {
    expect(split([Buffer.from([0x61, 0xff, 0xfe, 0x62, 10])])).toEqual([{ text: 'a\ufffd\ufffdb', dropped: 0 }]);
  });
});
