import { asBuffer, createUnfinished, type Unfinished } from './bytes.ts';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Outside strings, `"items":[` can only be a key with its array: inside a string the second quote would be escaped.
 */
const arrayKey = /"(?:items|rows)"\s*:\s*$/;

export type ItemSplitter = {
  /** The items that the chunk completes, as bytes. */
  push(chunk: Uint8Array): readonly Buffer[];
  /** The JSON around the items so far, with an empty array in their place; undefined before the array begins. */
  readonly head: string | undefined;
  /** Everything but the items, once the outermost value has been closed. */
  readonly whole: string | undefined;
};

type Scan = {
  /** Around the array, between two of its elements, or inside one. */
  place: 'around' | 'between' | 'inside';
  /** Open brackets: of the response while around, of the element while inside. */
  depth: number;
  quoted: boolean;
  escaped: boolean;
  closed: boolean;
  head: string | undefined;
  readonly around: Buffer[];
  readonly unfinished: Unfinished;
};

/** Returns the offset where the array's elements begin, or the chunk's length. */
const scanAround = (scan: Scan, chunk: Buffer, from: number): number => {
  for (let at = from; at < chunk.length; at++) {
    const byte = chunk[at] as number;
    if (scan.quoted) {
      if (scan.escaped) scan.escaped = false;
      else if (byte === backslash) scan.escaped = true;
      else if (byte === quote) scan.quoted = false;
    } else if (byte === quote) scan.quoted = true;
    else if (byte === openBrace) scan.depth++;
    else if (byte === closeBrace || byte === closeBracket) {
      scan.depth--;
      if (scan.depth === 0) scan.closed = true;
    } else if (byte === openBracket) {
      scan.depth++;
      if (scan.depth !== 2 || scan.head !== undefined) continue;
      const before = Buffer.concat([...scan.around, chunk.subarray(from, at)]).toString('utf8');
      if (!arrayKey.test(before)) continue;
      scan.head = `${before}[]}`;
      scan.around.push(chunk.subarray(from, at + 1));
      scan.place = 'between';
      return at + 1;
    }
  }
  scan.around.push(chunk.subarray(from));
  return chunk.length;
};

const scanBetween = (scan: Scan, chunk: Buffer, from: number): number => {
  for (let at = from; at < chunk.length; at++) {
    const byte = chunk[at] as number;
    if (byte === comma || isSpace(byte)) continue;
    const ends = byte === closeBracket;
    scan.place = ends ? 'around' : 'inside';
    scan.depth = ends ? 2 : 0;
    return at;
  }
  return chunk.length;
};

/** The hot loop, hence the local copies: returns the offset behind the element, or -1 when it goes on. */
const scanInside = (scan: Scan, chunk: Buffer, from: number): number => {
  const length = chunk.length;
  let { depth, quoted, escaped } = scan;
  let at = from;
  let end = -1;
  while (end < 0 && at < length) {
    const byte = chunk[at++] as number;
    if (quoted) {
      if (escaped) escaped = false;
      else if (byte === backslash) escaped = true;
      else if (byte === quote) {
        quoted = false;
        if (depth === 0) end = at;
      }
    } else if (byte === quote) quoted = true;
    else if (byte === openBrace || byte === openBracket) depth++;
    else if (byte === closeBrace || byte === closeBracket) {
      // At depth 0 this closes the array behind a bare value such as `null`.
      if (depth === 0) end = at - 1;
      else if (--depth === 0) end = at;
    } else if (byte === comma && depth === 0) end = at - 1;
  }
  scan.depth = depth;
  scan.quoted = quoted;
  scan.escaped = escaped;
  return end;
};

const split = (scan: Scan, chunk: Buffer): readonly Buffer[] => {
  const items: Buffer[] = [];
  let at = 0;
  while (at < chunk.length) {
    if (scan.place === 'around') at = scanAround(scan, chunk, at);
    else if (scan.place === 'between') at = scanBetween(scan, chunk, at);
    else {
      const end = scanInside(scan, chunk, at);
      if (end < 0) {
        scan.unfinished.add(chunk.subarray(at));
        break;
      }
      items.push(scan.unfinished.take(chunk.subarray(at, end)));
      scan.place = 'between';
      at = end;
    }
  }
  return items;
};

/**
 * Finds the elements of the top-level `items` (List) or `rows` (Table) array in the bytes of a response, wherever
 * the chunks are cut and whether the metadata comes before or after them.
 */
export const createItemSplitter = (): ItemSplitter => {
  const scan: Scan = {
    place: 'around',
    depth: 0,
    quoted: false,
    escaped: false,
    closed: false,
    head: undefined,
    around: [],
    unfinished: createUnfinished(),
  };
  return {
    push: (chunk) => split(scan, asBuffer(chunk)),
    get head() {
      return scan.head;
    },
    get whole() {
      return scan.closed ? Buffer.concat(scan.around).toString('utf8') : undefined;
    },
  };
};
