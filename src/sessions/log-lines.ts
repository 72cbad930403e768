/** Bytes of a log stream into lines, whatever the chunks are: no character is ever cut in two. */

/** Characters of a line that are kept; of a longer one the rest is counted. */
export const longestLine = 10_000;

/** Four bytes are the most a character takes. */
const mostBytes = 4 * longestLine + 64;

export type RawLine = {
  readonly text: string;
  /** Bytes of the line that were thrown away because it was too long to keep. */
  readonly dropped: number;
};

export interface LineSplitter {
  push(chunk: Uint8Array): readonly RawLine[];
  /** The last line, when it had no end. */
  end(): readonly RawLine[];
}

const newline = 10;

export const createLineSplitter = (): LineSplitter => {
  let parts: Buffer[] = [];
  let held = 0;
  let dropped = 0;

  const hold = (bytes: Buffer): void => {
    const room = mostBytes - held;
    if (bytes.length > room) dropped += bytes.length - room;
    if (room <= 0 || bytes.length === 0) return;
    // A copy: a slice would keep the whole chunk alive while the line waits for its end.
    const kept = Buffer.from(bytes.subarray(0, room));
    parts.push(kept);
    held += kept.length;
  };

  const release = (): RawLine => {
    const line = { text: Buffer.concat(parts).toString('utf8'), dropped };
    parts = [];
    held = 0;
    dropped = 0;
    return line;
  };

  return {
    push: (chunk) => {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      const last = bytes.lastIndexOf(newline);
      if (last < 0) {
        hold(bytes);
        return [];
      }
      const lines: RawLine[] = [];
      let from = 0;
      if (held > 0 || dropped > 0) {
        const first = bytes.indexOf(newline);
        hold(bytes.subarray(0, first));
        lines.push(release());
        from = first + 1;
      }
      if (from <= last) {
        // One decoding for all whole lines: a newline byte is never part of a character.
        for (const text of bytes.toString('utf8', from, last).split('\n')) lines.push({ text, dropped: 0 });
      }
      hold(bytes.subarray(last + 1));
      return lines;
    },
    end: () => (held > 0 || dropped > 0 ? [release()] : []),
  };
};
