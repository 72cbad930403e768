import { Readable } from 'node:stream';

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one
const mouseReport = /\u001b\[<\d+;\d+;\d+[Mm]/g;

/** CSI (with the legacy `[[A`), SS3, Alt+key, or one character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one
const oneKey = /\u001b\[\[?[0-?]*[ -/]*[@-~]|\u001bO[0-9;]*[@-~]|\u001b[^\u001b[O]|\u001b\[?|[^\u001b]/gsu;

const loneEscape = '\u001b';

/**
 * A lone escape as the kitty protocol writes it: Ink takes that at once, but would wait 20 ms for the rest of a plain
 * one, and glue a key typed meanwhile to it.
 */
const escapeKey = '\u001b[27u';

/** Keys in what an editor sent, mouse reports left out. */
export const splitKeys = (bytes: string): readonly string[] =>
  (bytes.replace(mouseReport, '').match(oneKey) ?? []).map((key) => (key === loneEscape ? escapeKey : key));

/**
 * Ink's stdin. Object mode keeps keys apart: in byte mode Node joins what waits in the buffer, and Ink takes ten `j`
 * in one chunk for a paste.
 */
export class KeyIn extends Readable {
  readonly isTTY = true;

  constructor() {
    super({ objectMode: true });
  }

  override _read(): void {}

  override setEncoding(): this {
    return this;
  }

  setRawMode(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  feed(bytes: string): void {
    for (const key of splitKeys(bytes)) this.push(key);
  }

  dispose(): void {
    this.destroy();
  }
}
