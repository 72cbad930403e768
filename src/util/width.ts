import stringWidth from 'string-width';

const isPlain = (text: string): boolean => {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
};

/** Characters of tables and of European names that every terminal draws in one cell. */
const isNarrow = (code: number): boolean =>
  (code >= 0x20 && code <= 0x7e) ||
  (code >= 0xa1 && code <= 0x2ff && code !== 0xad) ||
  (code >= 0x2010 && code <= 0x2027) ||
  (code >= 0x2500 && code <= 0x25cf);

/** What string-width needs before its first answer costs 25 ms, so that it is asked only where there is a question. */
const isAllNarrow = (text: string): boolean => {
  for (let index = 0; index < text.length; index++) if (!isNarrow(text.charCodeAt(index))) return false;
  return true;
};

/** Screen cells a text takes. Pass sanitized text: a control character has no width of its own. */
export const displayWidth = (text: string): number =>
  isAllNarrow(text) ? text.length : stringWidth(text, { countAnsiEscapeCodes: true });

const hex = (code: number): string => `<${code.toString(16).padStart(2, '0')}>`;

/** Invisible characters that reorder, hide or break text: bidi controls, zero-width spaces, line separators, C1. */
const isDeceptive = (code: number): boolean =>
  (code >= 0x80 && code <= 0x9f) ||
  code === 0x061c ||
  code === 0x180e ||
  code === 0x200b ||
  code === 0x200e ||
  code === 0x200f ||
  (code >= 0x2028 && code <= 0x202e) ||
  (code >= 0x2060 && code <= 0x206f) ||
  code === 0xfeff ||
  (code >= 0xfff9 && code <= 0xfffb);

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
 * shown instead of obeyed: `^[` for escape (as kubectl prints it), `\n`, `<202e>`. Emoji and joiners are kept.
 */
export const sanitize = (text: string): string => {
  if (isPlain(text)) return text;
  let clean = '';
  let from = 0;
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  for (let index = 0; index < whole.length; index++) {
    const code = whole.charCodeAt(index);
    const control = code < 0x20 || code === 0x7f;
    if (!control && !isDeceptive(code)) continue;
    clean += whole.slice(from, index) + (control ? visibleControl(code) : hex(code));
    from = index + 1;
  }
  return from === 0 ? whole : clean + whole.slice(from);
};
