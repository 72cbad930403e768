/** The backend aligns columns by counting cells; only Neovim knows how many a text takes. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { displayWidth, sanitize, setAmbiguousWidth } from '../../src/util/width.ts';
import { type Editor, startEditor } from './harness.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await startEditor();
});
afterAll(async () => {
  setAmbiguousWidth('single');
  await editor.dispose();
});

const inNeovim = (texts: readonly string[]): Promise<number[]> =>
  editor.lua<number[]>('return vim.tbl_map(vim.fn.strdisplaywidth, ...)', texts);

/** Joined emoji are clusters since 0.11. */
const joins = (): Promise<boolean> => editor.lua<boolean>(`return vim.fn.has('nvim-0.11') == 1`);

const words = [
  'cart-7d9c',
  'naïve…│●–ßØ',
  '日本語',
  'ｆｕｌｌ',
  '한국어',
  'שָׁלוֹם',
  'مرحبا السلام',
  'Ελλάδα',
  'Việt',
  'e\u0301\u0302x',
  '→⇄▲▼◐⊘✓',
  '½±×',
  '「」',
  '👍',
  '❤',
  '🅰',
  '☃',
  '⚠',
];
const joined = [
  'กำ',
  'ﾊﾟ',
  '🏽',
  '\u{e0067}',
  '👩\u200d💻',
  '👨\u200d👩\u200d👧\u200d👦',
  '❤\ufe0f',
  '1\ufe0f\u20e3',
  '🇩🇪🇫🇷',
  '👍🏽',
  '🧑🏽\u200d🚀',
  '🏴\u200d☠\ufe0f',
  'क्षि',
  'हिन्दी',
  'தமிழ்',
  '각',
  '⚠\ufe0f ok',
  '©\ufe0f',
  'لا',
];
const rough = [
  '\u001b[31mred',
  'a\nb\tc\r',
  '\u0007\u0000\u007f',
  'x\u202egnp',
  '\u200b\u200d\ufeff',
  '\u0301first',
  '\ud800half',
  '\u00ad',
  '\u3164',
  '\u070f\u180b\ufffe',
];

test.each(['single', 'double'] as const)(
  "cells are counted as Neovim counts them, 'ambiwidth' %s",
  async (ambiwidth) => {
    await editor.command(`set ambiwidth=${ambiwidth}`);
    setAmbiguousWidth(ambiwidth);
    const texts = [...words, ...rough, ...((await joins()) ? joined : [])].map(sanitize);
    const counted = texts.map((text) => [text, displayWidth(text)]);
    const widths = await inNeovim(texts);
    expect(counted).toEqual(texts.map((text, index) => [text, widths[index]]));
  },
);

test('any mixture of them, in a line between other cells', async ({ skip }) => {
  if (!(await joins())) skip('Neovim 0.10 counts the parts of clusters one by one');
  await editor.command('set ambiwidth=single');
  setAmbiguousWidth('single');
  const pool = [...words, ...rough, ...joined];
  const text = fc.array(fc.constantFrom(...pool, ' ', '  ', '-'), { maxLength: 6 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 20, maxLength: 20 }), async (texts) => {
      const lines = texts.map((each) => `a  ${sanitize(each)}  b`);
      const widths = await inNeovim(lines);
      expect(texts.map((each) => 6 + displayWidth(sanitize(each)))).toEqual(widths);
    }),
    { numRuns: 60 },
  );
});
