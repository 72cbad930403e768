import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { displayWidth, sanitize, setAmbiguousWidth } from '../../../src/util/width.ts';

describe('display width', () => {
  it('counts cells, not characters', () => {
    const widths: readonly (readonly [string, number])[] = [
      ['', 0],
      ['cart-7d9c', 9],
      ['日本語', 6],
      ['é', 1],
      ['e\u0301', 1],
      ['👩\u200d💻', 2],
      ['🇩🇪🇫🇷', 4],
      ['❤', 1],
      ['❤\ufe0f', 2],
      ['1\ufe0f\u20e3', 1],
      ['👍🏽', 2],
      ['क्षि', 1],
      ['각', 2],
      ['لا', 1],
      ['👍', 2],
      ['a→b', 3],
    ];
    for (const [text, width] of widths) expect([text, displayWidth(text)]).toEqual([text, width]);
  });

  it('answers for common characters what the slow way answers', () => {
    // A character that is not common makes the whole text go the slow way.
    const [slow, most] = ['\u2603', displayWidth('\u2603')];
    for (let code = 0x20; code < 0x3000; code++) {
      const text = String.fromCharCode(code);
      if (sanitize(text) !== text || /[\p{M}\u0e33\u0eb3]/u.test(text)) continue;
      expect([code.toString(16), displayWidth(text)]).toEqual([
        code.toString(16),
        displayWidth(`${slow}${text}`) - most,
      ]);
    }
    expect(displayWidth('naïve…│●–ßØ')).toBe(11);
  });

  it('knows that some characters are wide where the editor says so', () => {
    onTestFinished(() => setAmbiguousWidth('single'));
    const widths = () => ['●', '…', 'é', 'a', '日'].map(displayWidth);
    expect(widths()).toEqual([1, 1, 1, 1, 2]);
    setAmbiguousWidth('double');
    expect(widths()).toEqual([2, 2, 2, 1, 2]);
  });
});

describe('sanitize', () => {
  it('shows what would break a line or drive the terminal', () => {
    expect(sanitize('a\nb\r\tc')).toBe('a\\nb\\r c');
    expect(sanitize('\u001b[31mred\u0007\u0000\u007f')).toBe('^[[31mred^G^@^?');
    expect(sanitize('\u009b31m')).toBe('<9b>31m');
    expect(sanitize('evil\u202Egnp.exe')).toBe('evil<202e>gnp.exe');
    expect(sanitize('a\u2028b\u200bc\ufeff')).toBe('a<2028>b<200b>c<feff>');
  });

  it('shows joiners that join nothing, and gives what leans on its neighbour one of its own', () => {
    expect(sanitize('ad\u200dmin')).toBe('ad<200d>min');
    expect(sanitize('\u200b\u200d')).toBe('<200b><200d>');
    expect(sanitize('\u0301x')).toBe('\u25cc\u0301x');
    expect(sanitize('می\u200cخواهم')).toBe('می\u200cخواهم');
  });

  it('keeps words of any script, joined emoji included', () => {
    for (const text of ['日本語', 'שלום', '👩‍💻', 'Straße', 'plain']) expect(sanitize(text)).toBe(text);
  });

  it('replaces half a surrogate pair', () => {
    expect(sanitize('x\ud800y')).toBe('x\ufffdy');
  });

  it('never leaves a control character, and changes nothing twice', () => {
    const code = fc.oneof(
      fc.integer({ min: 0, max: 0xff }),
      fc.integer({ min: 0x2000, max: 0x206f }),
      fc.integer({ min: 0x300, max: 0x36f }),
      fc.integer({ min: 0, max: 0xffff }),
    );
    fc.assert(
      fc.property(fc.array(code), (codes) => {
        const text = String.fromCharCode(...codes);
        const clean = sanitize(text);
        expect(clean).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        expect(sanitize(clean)).toBe(clean);
      }),
    );
  });
});
