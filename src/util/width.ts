import { eastAsianWidth } from 'get-east-asian-width';
import { graphemes } from './graphemes.ts';

const isPlain = (text: string): boolean => {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
};

/** Characters of tables and of European names that take one cell, where 'ambiwidth' is `single`. */
const isNarrow = (code: number): boolean =>
  (code >= 0x20 && code <= 0x7e) ||
  (code >= 0xa1 && code <= 0x2ff && code !== 0xad) ||
  (code >= 0x2010 && code <= 0x2027) ||
  (code >= 0x2500 && code <= 0x25cf);

let ambiguousAsWide = false;

/** As the editor's 'ambiwidth' says: whether characters that are wide in East Asian fonts only take two cells. */
export const setAmbiguousWidth = (ambiwidth: 'single' | 'double'): void => {
  ambiguousAsWide = ambiwidth === 'double';
};

const isAllNarrow = (text: string): boolean => {
  if (ambiguousAsWide) return isPlain(text);
  for (let index = 0; index < text.length; index++) if (!isNarrow(text.charCodeAt(index))) return false;
  return true;
};

const emoji = /\p{Emoji}/u;

/** Neovim's utf_char2cells(): older emoji have the width of the symbols they were before they were emoji. */
const cellsOf = (code: number): number =>
  code >= 0x1f1e6 && emoji.test(String.fromCodePoint(code)) ? 2 : eastAsianWidth(code, { ambiguousAsWide });

/** Where one of these is, several characters may share cells. */
const combining =
  /[\p{M}\p{Cf}\p{Emoji_Modifier}\p{Regional_Indicator}\u0627\u0e33\u0eb3\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb\uff9e\uff9f]/u;

const lam = '\u0644';
/** The forms of alef that 'arabicshape' draws into the lam before them. */
const alef = /^[\u0622\u0623\u0625\u0627]/;
const asciiAfter = /[ -~]/g;

/** The first character decides; the emoji presentation of a symbol makes it wide, of a digit it does not. */
const clusterCells = (cluster: string): number => {
  const first = cluster.codePointAt(0) ?? 0;
  // What announces a number, as U+0600 does, is not joined to digits of ASCII.
  const apart = cluster.length > 1 ? (cluster.slice(1).match(asciiAfter)?.length ?? 0) : 0;
  if (first > 0x7e && cluster.includes('\ufe0f') && emoji.test(String.fromCodePoint(first))) return 2 + apart;
  return cellsOf(first) + apart;
};

const clustersCells = (text: string): number => {
  let width = 0;
  let before = '';
  for (const letter of graphemes(text)) {
    if (!(before === lam && alef.test(letter))) width += clusterCells(letter);
    before = letter;
  }
  return width;
};

/**
 * Screen cells a text takes in Neovim from 0.11 on, as strdisplaywidth() counts them; 0.10 counts the parts of joined
 * emoji one by one. Pass sanitized text: a control character has no width of its own.
 */
export const displayWidth = (text: string): number => {
  if (isAllNarrow(text)) return text.length;
  if (combining.test(text)) return clustersCells(text);
  let width = 0;
  for (const character of text) width += cellsOf(character.codePointAt(0) ?? 0);
  return width;
};

const hex = (code: number): string => `<${code.toString(16).padStart(2, '0')}>`;

/**
 * Invisible characters that reorder, hide or break text: bidi controls, zero-width spaces, line separators, C1; and
 * those that Neovim shows as their number.
 */
const isDeceptive = (code: number): boolean =>
  (code >= 0x80 && code <= 0x9f) ||
  code === 0x061c ||
  code === 0x070f ||
  (code >= 0x180b && code <= 0x180e) ||
  code === 0x200b ||
  code === 0x200e ||
  code === 0x200f ||
  (code >= 0x2028 && code <= 0x202e) ||
  (code >= 0x2060 && code <= 0x206f) ||
  code === 0xfeff ||
  (code >= 0xfff9 && code <= 0xfffb) ||
  code >= 0xfffe;

/** Joiners belong between emoji and inside words of scripts that need them; elsewhere they hide in a name. */
const isJoiner = (code: number): boolean => code === 0x200c || code === 0x200d;
const firstJoined = 0x300;

/** What would be drawn over the character before it, which at the start of a cell is another cell's. */
const leans = /^[\p{M}\p{Emoji_Modifier}\u{e0020}-\u{e007f}\uff9e\uff9f]/u;
const placeholder = '\u25cc';

const visibleControl = (code: number): string => {
  switch (code) {
    case 0x09:
      return ' ';
    case 0x0a:
      return '\\n';
    case 0x0d:
      return '\\r';
    case 0x7f:
      return '^?';
    default:
      return `^${String.fromCharCode(code + 64)}`;
  }
};

/**
 * Text fit for one line of a buffer: whatever could break the line, drive a terminal or reorder what is read is
 * shown instead of obeyed: `^[` for escape (as kubectl prints it), `\n`, `<202e>`. Emoji are kept; what leans on the character before
 * gets one of its own.
 */
export const sanitize = (text: string): string => {
  if (isPlain(text)) return text;
  let clean = '';
  let from = 0;
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  for (let index = 0; index < whole.length; index++) {
    const code = whole.charCodeAt(index);
    const control = code < 0x20 || code === 0x7f;
    const alone = index === from || whole.charCodeAt(index - 1) < firstJoined;
    if (!control && !isDeceptive(code) && !(alone && isJoiner(code))) continue;
    clean += whole.slice(from, index) + (control ? visibleControl(code) : hex(code));
    from = index + 1;
  }
  const line = from === 0 ? whole : clean + whole.slice(from);
  return leans.test(line) ? placeholder + line : line;
};
