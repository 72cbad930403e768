/** Sorted items in blocks, so that a change of one among 50,000 costs what a block costs and not what they all cost. */

export type Compare<T> = (a: T, b: T) => number;

/** Part of a sequence. Whoever changes what an item looks like drops `seen`, which is what was made of the block. */
export type Block<T, S> = { readonly items: T[]; seen: S | undefined };

/** Blocks are made this long, and halved at twice the length; emptied ones go, short ones stay. */
const blockLength = 256;

/** Below this many changes one search each beats a pass over all items. */
const fewChanges = 256;

/** First position in `sorted` whose element is not before `wanted`. */
const lowerBound = <T>(sorted: readonly T[], wanted: T, compare: Compare<T>): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(sorted[middle] as T, wanted) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};

const mergeSorted = <T>(a: readonly T[], b: readonly T[], compare: Compare<T>): T[] => {
  const merged: T[] = new Array(a.length + b.length);
  let i = 0;
  let j = 0;
  for (let at = 0; at < merged.length; at++) {
    const takeA = j >= b.length || (i < a.length && compare(a[i] as T, b[j] as T) <= 0);
    merged[at] = takeA ? (a[i++] as T) : (b[j++] as T);
  }
  return merged;
};

/** `place` is told the block an item is in, whenever it changes; undefined once the item is in none. */
export type Place<T, S> = (item: T, block: Block<T, S> | undefined) => void;

/**
 * Items under a total order: of two items that differ none is like the other. An item may change as long as its place
 * in that order does not; one that moves is removed as it was and added as it is.
 */
export class Sequence<T, S> {
  readonly #place: Place<T, S>;
  readonly #compare: Compare<T>;
  #blocks: Block<T, S>[] = [];
  #length = 0;

  constructor(compare: Compare<T>, place: Place<T, S> = () => undefined) {
    this.#compare = compare;
    this.#place = place;
  }

  get length(): number {
    return this.#length;
  }

  get blocks(): readonly Block<T, S>[] {
    return this.#blocks;
  }

  toArray(): T[] {
    return this.#blocks.flatMap(({ items }) => items);
  }

  /** Items `from` up to and without `to`. */
  slice(from: number, to: number): T[] {
    const found: T[] = [];
    let start = 0;
    for (const { items } of this.#blocks) {
      if (start >= to) break;
      if (start + items.length > from) found.push(...items.slice(Math.max(0, from - start), to - start));
      start += items.length;
    }
    return found;
  }

  /** Holds these items and no others; they are in order already. The order may be another one from now on. */
  reset(sorted: readonly T[]): void {
    for (const { items } of this.#blocks) for (const item of items) this.#place(item, undefined);
    this.#blocks = [];
    this.#length = 0;
    this.#append(sorted);
  }

  /** `removed` items that are not here count for nothing; `added` ones come in any order. */
  change(removed: ReadonlySet<T>, added: readonly T[]): void {
    if (removed.size + added.length <= fewChanges) {
      for (const item of removed) this.#remove(item);
      for (const item of added) this.#insert(item);
      return;
    }
    const fresh = [...added].sort(this.#compare);
    const last = this.#blocks.at(-1)?.items.at(-1);
    if (removed.size === 0 && (last === undefined || this.#compare(last, fresh[0] as T) < 0)) {
      this.#append(fresh);
      return;
    }
    const kept = removed.size === 0 ? this.toArray() : this.toArray().filter((item) => !removed.has(item));
    this.reset(mergeSorted(kept, fresh, this.#compare));
  }

  #append(sorted: readonly T[]): void {
    let from = 0;
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.items.length < blockLength) {
      for (; from < sorted.length && last.items.length < blockLength; from++) this.#put(last, sorted[from] as T);
      last.seen = undefined;
    }
    for (; from < sorted.length; from += blockLength) {
      const block: Block<T, S> = { items: [], seen: undefined };
      for (const item of sorted.slice(from, from + blockLength)) this.#put(block, item);
      this.#blocks.push(block);
    }
    this.#length += sorted.length;
  }

  #put(block: Block<T, S>, item: T): void {
    block.items.push(item);
    this.#place(item, block);
  }

  /** The last block whose first item is not after `item`; the first block where there is none. */
  #blockOf(item: T): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#compare(this.#blocks[middle]?.items[0] as T, item) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #remove(item: T): void {
    const at = this.#blockOf(item);
    const block = this.#blocks[at];
    if (block === undefined) return;
    const index = lowerBound(block.items, item, this.#compare);
    if (block.items[index] !== item) return;
    block.items.splice(index, 1);
    block.seen = undefined;
    if (block.items.length === 0) this.#blocks.splice(at, 1);
    this.#length -= 1;
    this.#place(item, undefined);
  }

  #insert(item: T): void {
    const at = this.#blockOf(item);
    const block = this.#blocks[at];
    if (block === undefined) {
      this.#append([item]);
      return;
    }
    block.items.splice(lowerBound(block.items, item, this.#compare), 0, item);
    block.seen = undefined;
    this.#length += 1;
    this.#place(item, block);
    if (block.items.length < 2 * blockLength) return;
    const half: Block<T, S> = { items: [], seen: undefined };
    for (const moved of block.items.splice(blockLength)) this.#put(half, moved);
    this.#blocks.splice(at + 1, 0, half);
  }
}
