import { Writable } from 'node:stream';
import type { Clock } from '../util/clock.ts';

/** 60 frames a second: a key is drawn at once, a flood of data is not. */
const intervalMs = 16;

/** Everything between is shown at once: a half-drawn frame is never visible, and Neovim redraws 10 ms earlier. */
const begin = '\u001b[?2026h';
const end = '\u001b[?2026l';

/** Alternate screen, no cursor, no wrapping at the right edge. */
const prelude = '\u001b[?1049h\u001b[?25l\u001b[?7l';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the modes Ink sets besides its frames
const modesOnly = /^(\u001b\[\?[0-9;]*[hl])+$/;

export type FrameOutOptions = {
  readonly columns: number;
  readonly rows: number;
  readonly clock: Clock;
  readonly send: (seq: number, data: string) => void;
};

const changedLines = (shown: readonly string[], next: readonly string[]): string => {
  let out = '';
  for (let row = 0; row < Math.max(shown.length, next.length); row++) {
    const line = next[row] ?? '';
    if (line === (shown[row] ?? '')) continue;
    // Erased before it is written: erasing after a full line would eat its last cell.
    out += `\u001b[${row + 1};1H\u001b[0m\u001b[2K${line}`;
  }
  return out;
};

/**
 * Ink's stdout: takes one complete frame a write and sends the lines that changed, at absolute addresses, because
 * Ink's own cursor-relative updates corrupt a float that was resized. One frame is in flight, the newest wins.
 */
export class FrameOut extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  readonly #clock: Clock;
  readonly #send: (seq: number, data: string) => void;
  #latest: string | undefined;
  #shown: readonly string[] = [];
  #prefix = `${prelude}\u001b[2J`;
  #seq = 0;
  #inFlight = false;
  #sentAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;
  #disposed = false;

  constructor({ columns, rows, clock, send }: FrameOutOptions) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
    this.#clock = clock;
    this.#send = send;
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    const frame = String(chunk);
    if (!modesOnly.test(frame)) {
      this.#latest = frame;
      this.#schedule();
    }
    done();
  }

  /** The float's size changed: what was drawn for the old one is dropped. */
  resize(columns: number, rows: number): void {
    if (columns === this.columns && rows === this.rows) return;
    this.columns = columns;
    this.rows = rows;
    this.#latest = undefined;
    this.#shown = [];
    this.#prefix = this.#seq === 0 ? this.#prefix : '\u001b[2J';
    this.emit('resize');
  }

  ack(seq: number): void {
    if (seq !== this.#seq) return;
    this.#inFlight = false;
    this.#schedule();
  }

  dispose(): void {
    this.#disposed = true;
    this.#cancel?.();
  }

  #schedule(): void {
    if (this.#disposed || this.#inFlight || this.#cancel !== undefined || this.#latest === undefined) return;
    const wait = this.#sentAt + intervalMs - this.#clock.now();
    if (wait <= 0) {
      this.#flush();
      return;
    }
    this.#cancel = this.#clock.after(wait, () => {
      this.#cancel = undefined;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#disposed || this.#inFlight || this.#latest === undefined) return;
    const next = this.#latest.split('\n').slice(0, this.rows);
    this.#latest = undefined;
    const data = this.#prefix + changedLines(this.#shown, next);
    this.#shown = next;
    this.#prefix = '';
    if (data === '') return;
    this.#inFlight = true;
    this.#sentAt = this.#clock.now();
    this.#send(++this.#seq, begin + data + end);
  }
}
