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
 * Keyed difference of two lists of lines, from the top, within a budget. Any heuristic below may choose a longer
 * script, never a wrong one: each step keeps «what is before `target` equals the target».
 */
export const difference = (from: LineBlocks, to: LineBlocks, budget: Budget): Difference => {
  const script = new Script();
  const old = new Reader(from);
  const target = new Reader(to);
  let jumps = 0;
  let misses = 0;
  let oldAt: Map<string, number> | undefined;
  let targetAt: Map<string, number> | undefined;
  const drop = (count: number): void => {
    script.change(target.index, count, undefined);
    old.advance(count);
  };
  const insert = (line: Line): void => {
    script.change(target.index, 0, line);
    target.advance(1);
  };
  const replace = (line: Line): void => {
    script.change(target.index, 1, line);
    skipBoth(old, target);
  };
  for (skipCommon(old, target); old.line !== undefined || target.line !== undefined; skipCommon(old, target)) {
    if (script.lines >= budget.lines || script.bytes >= budget.bytes) {
      return { operations: script.operations, result: [...target.head(), ...old.tail()], complete: false };
    }
    const was = old.line;
    const is = target.line;
    if (is === undefined) {
      drop(countLines(old.tail()));
      break;
    }
    if (was === undefined) {
      insert(is);
      continue;
    }
    if (identity(was) === identity(is)) {
      if (!same(was, is)) replace(is);
      else skipBoth(old, target);
      continue;
    }
    // The head of a long text was dropped (a full log): found by object, without looking at every line's text.
    const head = is.key === '' && jumps++ < mostJumps ? old.distanceTo(is) : 0;
    if (head > 0) {
      drop(head);
      continue;
    }
    const [gap, inserted] = misses < mostMisses ? nearby(old, target) : [0, 0];
    if (gap > 0) {
      drop(gap);
      continue;
    }
    if (inserted > 0) {
      insert(is);
      continue;
    }
    misses += 1;
    oldAt ??= positions(old.tail(), old.index);
    targetAt ??= positions(target.tail(), target.index);
    const wanted = targetAt.get(identity(was)) ?? -1;
    const held = oldAt.get(identity(is)) ?? -1;
    const gone = wanted < target.index;
    const fresh = held < old.index;
    if (gone && fresh) replace(is);
    else if (gone || (!fresh && wanted - target.index > held - old.index)) drop(1);
    else insert(is);
  }
  return { operations: script.operations, result: to, complete: true };
};
