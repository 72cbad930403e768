import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { displayWidth, sanitize } from '../../../src/util/width.ts';

describe('display width', () => {
  it('counts cells, not characters', () => {
    const widths: readonly (readonly [string, number])[] = [
      ['', 0],
      ['cart-7d9c', 9],
      ['日本語', 6],
      ['é', 1],
      ['👍', 2],
      ['a→b', 3],
    ];
    for (const [text, width] of widths) expect([text, displayWidth(text)]).toEqual([text, width]);
  });

  it('answers for common characters what the slow way answers', () => {
    for (let code = 0x20; code < 0x3000; code++) {
      if (code >= 0x7f && code <= 0x9f) continue;
      const text = String.fromCharCode(code);
      expect([code.toString(16), displayWidth(text)]).toEqual([code.toString(16), stringWidth(text)]);
    }
    // In a run of such characters each is a cluster of its own.
    const run = 'naïve…│●–ßØ';
    expect(displayWidth(run)).toBe(stringWidth(run));
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
