import type { Line } from '../protocol/line.ts';

/** `removed` lines at `start` become `lines`; operations apply one after the other. */
export type Operation = { readonly start: number; removed: number; readonly lines: Line[] };

export type Difference = {
  readonly operations: readonly Operation[];
  /** What the client holds once it has applied the operations. */
  readonly result: readonly Line[];
  /** False when the budget ended first: compare `result` with the target again. */
  readonly complete: boolean;
};

export type Budget = { readonly lines: number; readonly bytes: number };

/** Searches for a moved line by object; each looks at the whole list. */
const mostJumps = 4;

const identity = (line: Line): string => (line.key === '' ? line.text : line.key);

const same = (a: Line, b: Line): boolean => a === b || (a.key === b.key && a.text === b.text && a.code === b.code);

const positions = (lines: readonly Line[], from: number): Map<string, number> => {
  const at = new Map<string, number>();
  for (let index = from; index < lines.length; index++) at.set(identity(lines[index] as Line), index);
  return at;
};

/** Most changes are a few rows: looking this far ahead spares the maps of the whole list. */
const lookAhead = 64;

/** After that many looks in vain the lists differ too much for it: the maps are there by then. */
const mostMisses = 8;

/** How many old lines to drop until the target's line comes, or how many target lines until the old one does. */
const nearby = (old: readonly Line[], i: number, target: readonly Line[], j: number): readonly [number, number] => {
  const was = identity(old[i] as Line);
  const is = identity(target[j] as Line);
  for (let distance = 1; distance <= lookAhead; distance++) {
    const later = old[i + distance];
    if (later !== undefined && identity(later) === is) return [distance, 0];
    const next = target[j + distance];
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

/**
 * Keyed difference of two lists of lines, from the top, within a budget. Any heuristic below may choose a longer
 * script, never a wrong one: each step keeps «what is before `j` equals the target».
 */
export const difference = (old: readonly Line[], target: readonly Line[], budget: Budget): Difference => {
  const script = new Script();
  let i = 0;
  let j = 0;
  let jumps = 0;
  let misses = 0;
  let oldAt: Map<string, number> | undefined;
  let targetAt: Map<string, number> | undefined;
  while (i < old.length || j < target.length) {
    if (script.lines >= budget.lines || script.bytes >= budget.bytes) {
      return { operations: script.operations, result: [...target.slice(0, j), ...old.slice(i)], complete: false };
    }
    const was = old[i];
    const is = target[j];
    if (was !== undefined && is !== undefined && was === is) {
      i++;
      j++;
      continue;
    }
    if (is === undefined) {
      script.change(j, old.length - i, undefined);
      break;
    }
    if (was === undefined) {
      script.change(j++, 0, is);
      continue;
    }
    if (identity(was) === identity(is)) {
      if (!same(was, is)) script.change(j, 1, is);
      i++;
      j++;
      continue;
    }
    // The head of a long text was dropped (a full log): found by object, without looking at every line's text.
    if (is.key === '' && jumps < mostJumps) {
      jumps += 1;
      const held = old.indexOf(is, i);
      if (held > i) {
        script.change(j, held - i, undefined);
        i = held;
        continue;
      }
    }
    const [gap, inserted] = misses < mostMisses ? nearby(old, i, target, j) : [0, 0];
    if (gap > 0) {
      script.change(j, gap, undefined);
      i += gap;
      continue;
    }
    if (inserted > 0) {
      script.change(j++, 0, is);
      continue;
    }
    misses += 1;
    oldAt ??= positions(old, i);
    targetAt ??= positions(target, j);
    const wanted = targetAt.get(identity(was));
    const held = oldAt.get(identity(is));
    const gone = wanted === undefined || wanted < j;
    const fresh = held === undefined || held < i;
    if (gone && fresh) {
      script.change(j++, 1, is);
      i++;
    } else if (gone || (!fresh && (wanted as number) - j > (held as number) - i)) {
      script.change(j, 1, undefined);
      i++;
    } else {
      script.change(j++, 0, is);
    }
  }
  return { operations: script.operations, result: target, complete: true };
};
