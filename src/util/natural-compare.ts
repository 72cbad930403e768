/**
 * Order by value, cheap enough for 50,000 rows: names compare as plain strings, everything else is turned into a
 * number or a string whose plain order is the wanted one, once, when the cell is made.
 */

/** Numbers before strings, what is absent last; strings by code unit, as the API server orders names. */
export const compareValues = (a: string | number | undefined, b: string | number | undefined): number => {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  if (typeof b === 'number') return 1;
  return a < b ? -1 : 1;
};

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Digits are padded to this width; longer numbers keep their order by their length being written in front. */
const width = 10;

const paddedNumber = (text: string, start: number, end: number): string => {
  let from = start;
  while (from < end - 1 && text.charCodeAt(from) === 48) from++;
  const digits = text.slice(from, end);
  return digits.length <= width ? digits.padStart(width, '0') : `:${String(digits.length).padStart(5, '0')}${digits}`;
};

/** A key whose plain order compares runs of digits by value: `web-2` before `web-10`, `10.0.0.9` before `10.0.0.10`. */
export const naturalKey = (text: string): string => {
  let key = '';
  let from = 0;
  for (let index = 0; index < text.length; ) {
    if (!isDigit(text.charCodeAt(index))) {
      index++;
      continue;
    }
    let end = index + 1;
    while (end < text.length && isDigit(text.charCodeAt(end))) end++;
    key += text.slice(from, index) + paddedNumber(text, index, end);
    from = end;
    index = end;
  }
  return from === 0 ? text : key + text.slice(from);
};

/** `v1.9.0` before `v1.10.0`; a pre-release (`-rc.1`) before its release, build metadata (`+k3s1`) after it. */
export const versionKey = (text: string): string => {
  const dash = text.indexOf('-');
  const plus = text.indexOf('+');
  const end = dash >= 0 && (plus < 0 || dash < plus) ? dash : plus;
  if (end < 0) return `${naturalKey(text)}~`;
  return naturalKey(text.slice(0, end)) + (end === dash ? '-' : '~') + naturalKey(text.slice(end + 1));
};

/** IPv4 as a number; IPv6 as its 32 hexadecimal digits; undefined for what is neither. */
export const ipValue = (text: string): number | string | undefined =>
  text.includes(':') ? ipv6Value(text) : ipv4Value(text);

const ipv4Value = (text: string): number | undefined => {
  let value = 0;
  let part = 0;
  let digits = 0;
  let parts = 0;
  for (let index = 0; index <= text.length; index++) {
    const code = index < text.length ? text.charCodeAt(index) : 46;
    if (isDigit(code)) {
      part = part * 10 + code - 48;
      if (++digits > 3 || part > 255) return undefined;
      continue;
    }
    if (code !== 46 || digits === 0 || ++parts > 4) return undefined;
    value = value * 256 + part;
    part = 0;
    digits = 0;
  }
  return parts === 4 ? value : undefined;
};

const hexGroups = (text: string): string[] | undefined => {
  if (text === '') return [];
  const groups = text.split(':');
  const last = groups[groups.length - 1] ?? '';
  if (last.includes('.')) {
    const v4 = ipv4Value(last);
    if (v4 === undefined) return undefined;
    groups.splice(-1, 1, Math.floor(v4 / 65_536).toString(16), (v4 % 65_536).toString(16));
  }
  return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) ? groups : undefined;
};

const ipv6Value = (text: string): string | undefined => {
  const [head = '', tail, ...rest] = text.split('::');
  const left = hexGroups(head);
  const right = hexGroups(tail ?? '');
  if (left === undefined || right === undefined || rest.length > 0) return undefined;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...new Array<string>(missing).fill('0'), ...right];
  return groups.map((group) => group.toLowerCase().padStart(4, '0')).join('');
};
