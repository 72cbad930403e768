import type { Line, LineBlocks } from '../protocol/line.ts';
import { countLines, Reader } from './reader.ts';

/** `removed` lines at `start` become `lines`; operations apply one after the other. */
export type Operation = { readonly start: number; removed: number; readonly lines: Line[] };

export type Difference = {
  readonly operations: readonly Operation[];
  /** What the client holds once it has applied the operations. */
  readonly result: LineBlocks;
  /** False when the budget ended first: compare `result` with the target again. */
  readonly complete: boolean;
};

export type Budget = { readonly lines: number; readonly bytes: number };

/** Searches for a moved line by object; each looks at the whole list. */
const mostJumps = 4;

const identity = (line: Line): string => (line.key === '' ? line.text : line.key);

const same = (a: Line, b: Line): boolean => a === b || (a.key === b.key && a.text === b.text && a.code === b.code);

/** Where each identity stands in what comes, counted from `from`. */
const positions = (blocks: LineBlocks, from: number): Map<string, number> => {
  const at = new Map<string, number>();
  let index = from;
  for (const block of blocks) for (const line of block) at.set(identity(line), index++);
  return at;
};

/** Most changes are a few rows: looking this far ahead spares the maps of the whole list. */
const lookAhead = 64;

/** After that many looks in vain the lists differ too much for it: the maps are there by then. */
const mostMisses = 8;

/** How many old lines to drop until the target's line comes, or how many target lines until the old one does. */
const nearby = (old: Reader, target: Reader): readonly [number, number] => {
  const was = identity(old.line as Line);
  const is = identity(target.line as Line);
  for (let distance = 1; distance <= lookAhead; distance++) {
    const later = old.peek(distance);
    if (later !== undefined && identity(later) === is) return [distance, 0];
    const next = target.peek(distance);
    if (next !== undefined && identity(next) === was) return [0, distance];
  }
  return [0, 0];
};

/** Collects operations, joining neighbours, and counts what they cost. */
class Script {
  readonly operations: Operation[] = [];
  lines = 0;
  bytes = 0;

  change(at: number, removed: number, line: Line | undefined): void {
    const last = this.operations.at(-1);
    let operation = last;
    if (last === undefined || last.start + last.lines.length !== at) {
      operation = { start: at, removed: 0, lines: [] };
      this.operations.push(operation);
    }
    if (operation === undefined) return;
    operation.removed += removed;
    if (line === undefined) return;
    operation.lines.push(line);
    this.lines += 1;
    this.bytes += line.text.length + line.code.length + line.key.length;
  }
}

const skipBoth = (old: Reader, target: Reader): void => {
  old.advance(1);
  target.advance(1);
};

/** Passes over what both have next in common, whole blocks where they can be told by their identity. */
const skipCommon = (old: Reader, target: Reader): void => {
  for (;;) {
    if (old.block !== undefined && old.block === target.block) {
      old.skipBlock();
      target.skipBlock();
    } else if (old.line !== undefined && old.line === target.line) skipBoth(old, target);
    else return;
  }
};

/**
 * Keyed difference of two lists of lines, from the top, in steps of a budget; what was found out for one step serves
 * the next ones. Any heuristic below may choose a longer script, never a wrong one: each edit keeps «what is before
 * `target` equals the target».
 */
export class Comparison {
  readonly #to: LineBlocks;
  readonly #old: Reader;
  readonly #target: Reader;
  #script = new Script();
  #jumps = 0;
  #misses = 0;
  #oldAt: Map<string, number> | undefined;
  #targetAt: Map<string, number> | undefined;

  constructor(from: LineBlocks, to: LineBlocks) {
    this.#to = to;
    this.#old = new Reader(from);
    this.#target = new Reader(to);
  }

  step(budget: Budget): Difference {
    const old = this.#old;
    const target = this.#target;
    this.#script = new Script();
    const { operations } = this.#script;
    for (skipCommon(old, target); old.line !== undefined || target.line !== undefined; skipCommon(old, target)) {
      if (this.#script.lines >= budget.lines || this.#script.bytes >= budget.bytes) {
        return { operations, result: [...target.head(), ...old.tail()], complete: false };
      }
      if (target.line === undefined) this.#drop(countLines(old.tail()));
      else if (old.line === undefined) this.#insert(target.line);
      else this.#edit(old.line, target.line);
    }
    return { operations, result: this.#to, complete: true };
  }

  #edit(was: Line, is: Line): void {
    if (identity(was) === identity(is)) {
      if (same(was, is)) skipBoth(this.#old, this.#target);
      else this.#replace(is);
      return;
    }
    // The head of a long text was dropped (a full log): found by object, without looking at every line's text.
    const head = is.key === '' && this.#jumps++ < mostJumps ? this.#old.distanceTo(is) : 0;
    if (head > 0) {
      this.#drop(head);
      return;
    }
    const [gap, inserted] = this.#misses < mostMisses ? nearby(this.#old, this.#target) : [0, 0];
    if (gap > 0) this.#drop(gap);
    else if (inserted > 0) this.#insert(is);
    else this.#search(was, is);
  }

  /** The lists differ too much for a look ahead: their lines are found by where they stand in the whole. */
  #search(was: Line, is: Line): void {
    const old = this.#old;
    const target = this.#target;
    this.#misses += 1;
    this.#oldAt ??= positions(old.tail(), old.index);
    this.#targetAt ??= positions(target.tail(), target.index);
    const wanted = this.#targetAt.get(identity(was)) ?? -1;
    const held = this.#oldAt.get(identity(is)) ?? -1;
    const gone = wanted < target.index;
    const fresh = held < old.index;
    if (gone && fresh) this.#replace(is);
    else if (gone || (!fresh && wanted - target.index > held - old.index)) this.#drop(1);
    else this.#insert(is);
  }

  #drop(count: number): void {
    this.#script.change(this.#target.index, count, undefined);
    this.#old.advance(count);
  }

  #insert(line: Line): void {
    this.#script.change(this.#target.index, 0, line);
    this.#target.advance(1);
  }

  #replace(line: Line): void {
    this.#script.change(this.#target.index, 1, line);
    skipBoth(this.#old, this.#target);
  }
}

/** The first step from one list towards the other. */
export const difference = (from: LineBlocks, to: LineBlocks, budget: Budget): Difference =>
  new Comparison(from, to).step(budget);
