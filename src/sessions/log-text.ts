/** One line of a program's output made fit for a buffer: nothing in it is obeyed, colours become codes. */
import { type Style, styleIndex } from '../protocol/styles.ts';
import { cutText } from '../util/cut-text.ts';
import { longestLine, type RawLine } from './log-lines.ts';

export type LogText = { readonly text: string; readonly code: string };

/** Whatever is not plain: controls but tab, C1, and invisible characters that reorder or hide text. */
const notPlain =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/;
const everyNotPlain = new RegExp(notPlain.source, 'g');

/** CSI, OSC (ended by BEL or ST), and the short escapes. Group 1 is what an SGR sequence sets. */
const escapes =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one
  /\u001b\[([0-9;:]*)m|\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]/g;

/** `␀` for NUL, `␛` for a lone escape, `<202e>` for what has no picture. */
const picture = (char: string): string => {
  const code = char.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '␡' : `<${code.toString(16).padStart(2, '0')}>`;
};

const clean = (text: string): string => (notPlain.test(text) ? text.replace(everyNotPlain, picture) : text);

/** Only what has a meaning here: red is an error whoever writes it. */
const colours: Readonly<Record<number, Style>> = {
  2: 'KubectlMuted',
  31: 'KubectlError',
  32: 'KubectlOk',
  33: 'KubectlWarning',
  34: 'KubectlKey',
  35: 'KubectlNote',
  36: 'KubectlKey',
  90: 'KubectlMuted',
  91: 'KubectlError',
  92: 'KubectlOk',
  93: 'KubectlWarning',
  94: 'KubectlKey',
  95: 'KubectlNote',
  96: 'KubectlKey',
};

/** After an SGR sequence. Colours of 256 and RGB have no role: they end the one before. */
const restyled = (before: Style | undefined, parameters: string): Style | undefined => {
  let style = before;
  const numbers = parameters.split(/[;:]/).map(Number);
  for (let index = 0; index < numbers.length; index++) {
    const number = numbers[index] ?? 0;
    if (number === 38 || number === 48) {
      index += numbers[index + 1] === 5 ? 2 : 4;
      if (number === 38) style = undefined;
    } else if (number === 0 || number === 39) style = undefined;
    else style = colours[number] ?? style;
  }
  return style;
};

const coloured = (line: string): LogText => {
  let text = '';
  let code = '';
  let at = 0;
  let style: Style | undefined;
  let from = 0;
  const add = (piece: string): void => {
    if (piece === '') return;
    const plain = clean(piece);
    const end = at + Buffer.byteLength(plain);
    if (style !== undefined) code += `${at},${end},${styleIndex(style)};`;
    text += plain;
    at = end;
  };
  for (const match of line.matchAll(escapes)) {
    add(line.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[1] !== undefined) style = restyled(style, match[1]);
  }
  add(line.slice(from));
  return { text, code };
};

/** A progress bar rewrites its line: what it wrote last is the line. */
const lastRewrite = (line: string): string => {
  const text = line.replace(/\r+$/, '');
  return text.slice(text.lastIndexOf('\r') + 1);
};

export const logText = ({ text, dropped }: RawLine): LogText => {
  const line = cutText(text.includes('\r') ? lastRewrite(text) : text, longestLine, dropped);
  if (line.includes('\u001b')) return coloured(line);
  return { text: clean(line), code: '' };
};
