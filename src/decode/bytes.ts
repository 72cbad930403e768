/** The same bytes with Buffer's methods; nothing is copied. */
export const asBuffer = (chunk: Uint8Array): Buffer =>
  Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);

/** The bytes of one unfinished item. */
export type Unfinished = {
  readonly length: number;
  add(bytes: Buffer): void;
  /** Everything added so far followed by `last`; empties the list. */
  take(last: Buffer): Buffer;
};

/** A list of chunks, joined once: joining on every chunk is quadratic when a big item comes in tiny pieces. */
export const createUnfinished = (): Unfinished => {
  let parts: Buffer[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    add: (bytes) => {
      if (bytes.length === 0) return;
      parts.push(bytes);
      length += bytes.length;
    },
    take: (last) => {
      if (parts.length === 0) return last;
      const whole = Buffer.concat([...parts, last], length + last.length);
      parts = [];
      length = 0;
      return whole;
    },
  };
};
