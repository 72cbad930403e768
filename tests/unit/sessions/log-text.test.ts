import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { styleIndex } from '../../../src/protocol/styles.ts';
import { longestLine } from '../../../src/sessions/log-lines.ts';
import { logText } from '../../../src/sessions/log-text.ts';

const shown = (text: string, dropped = 0) => logText({ text, dropped });

describe('logText', () => {
  it.each([
    ['plain', 'plain'],
    ['with\ttab', 'with\ttab'],
    ['windows\r', 'windows'],
    ['10%\r50%\r100%', '100%'],
    ['a\u0000b\u0007', 'a␀b␇'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;http://x\u001b\\link', 'link'],
    ['\u001b[2J\u001b[1;1Hhome', 'home'],
    ['\u001bcreset', 'reset'],
    ['lone \u001b', 'lone ␛'],
    ['\u009b31mc1', '<9b>31mc1'],
    ['evil\u202etxt', 'evil<202e>txt'],
    ['漢字 😀 é', '漢字 😀 é'],
  ])('%j is shown as %j', (text, expected) => expect(shown(text)).toEqual({ text: expected, code: '' }));

  it('turns colours into codes, by bytes', () => {
    expect(shown('é \u001b[1;31mfailed\u001b[0m ok')).toEqual({
      text: 'é failed ok',
      code: `3,9,${styleIndex('KubectlError')};`,
    });
    expect(shown('\u001b[33mwarn\u001b[39m \u001b[90mdim')).toEqual({
      text: 'warn dim',
      code: `0,4,${styleIndex('KubectlWarning')};5,8,${styleIndex('KubectlMuted')};`,
    });
  });

  it('does not take the numbers of an RGB colour for colours', () => {
    expect(shown('\u001b[38;2;31;33;90mrgb\u001b[38;5;31mx\u001b[48;5;31my')).toEqual({ text: 'rgbxy', code: '' });
  });

  it('cuts a very long line and says how much is missing', () => {
    const { text } = shown('x'.repeat(longestLine + 12_345), 1000);
    expect(text).toBe(`${'x'.repeat(longestLine)} … 13,345 more`);
    expect(shown('x'.repeat(longestLine)).text).toHaveLength(longestLine);
  });

  it('never cuts a character in two', () => {
    expect(shown(`${'x'.repeat(longestLine - 1)}😀😀`).text.isWellFormed()).toBe(true);
  });

  it('never lets a control character through, and codes are within the text', () => {
    const unit = fc.constantFrom(
      'a',
      'é',
      '\u001b',
      '[',
      '3',
      '1',
      'm',
      ';',
      ']',
      '\u0007',
      '\r',
      '\u0000',
      '\u009b',
      '\u2028',
      '0',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
        const { text: plain, code } = shown(text);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be there
        expect(plain).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028]/);
        let last = 0;
        for (const [, start, end] of code.matchAll(/(\d+),(\d+),\d+;/g)) {
          expect(Number(start)).toBeGreaterThanOrEqual(last);
          last = Number(end);
        }
        expect(last).toBeLessThanOrEqual(Buffer.byteLength(plain));
      }),
    );
  });
});
