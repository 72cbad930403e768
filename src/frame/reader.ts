import type { Line, LineBlocks } from '../protocol/line.ts';

/** Reads lines from the first to the last, and passes over whole blocks. */
export class Reader {
  readonly #blocks: LineBlocks;
  #block = 0;
  #offset = 0;
  #index = 0;
  #line: Line | undefined;

  constructor(blocks: LineBlocks) {
    this.#blocks = blocks;
    this.#settle();
  }

  /** How many lines are before here. */
  get index(): number {
    return this.#index;
  }

  /** The line it is at; undefined at the end. */
  get line(): Line | undefined {
    return this.#line;
  }

  /** The block that begins here; undefined inside of one and at the end. */
  get block(): readonly Line[] | undefined {
    return this.#offset === 0 ? this.#blocks[this.#block] : undefined;
  }

  skipBlock(): void {
    this.#index += this.block?.length ?? 0;
    this.#block += 1;
    this.#settle();
  }

  /** At most as many lines as are left. */
  advance(count: number): void {
    this.#index += count;
    this.#offset += count;
    this.#settle();
  }

  /** The line `distance` further on. */
  peek(distance: number): Line | undefined {
    let offset = this.#offset + distance;
    for (let at = this.#block; at < this.#blocks.length; at++) {
      const block = this.#blocks[at] as readonly Line[];
      if (offset < block.length) return block[offset];
      offset -= block.length;
    }
    return undefined;
  }

  /** How far on this very line is; -1 where it does not come. */
  distanceTo(line: Line): number {
    let passed = -this.#offset;
    for (let at = this.#block; at < this.#blocks.length; at++) {
      const block = this.#blocks[at] as readonly Line[];
      const found = block.indexOf(line, at === this.#block ? this.#offset : 0);
      if (found >= 0) return passed + found;
      passed += block.length;
    }
    return -1;
  }

  /** What is before here. */
  head(): LineBlocks {
    const blocks = this.#blocks.slice(0, this.#block);
    const part = this.#blocks[this.#block]?.slice(0, this.#offset) ?? [];
    return part.length === 0 ? blocks : [...blocks, part];
  }

  /** What is from here on. */
  tail(): LineBlocks {
    if (this.#offset === 0) return this.#blocks.slice(this.#block);
    const part = this.#blocks[this.#block]?.slice(this.#offset) ?? [];
    return [part, ...this.#blocks.slice(this.#block + 1)];
  }

  #settle(): void {
    let block = this.#blocks[this.#block];
    while (block !== undefined && this.#offset >= block.length) {
      this.#offset -= block.length;
      this.#block += 1;
      block = this.#blocks[this.#block];
    }
    this.#line = block?.[this.#offset];
  }
}

export const countLines = (blocks: LineBlocks): number => blocks.reduce((count, block) => count + block.length, 0);
