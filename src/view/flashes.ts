import type { Column, Row } from '../protocol/row.ts';

/** A changed cell stands out this long. */
export const flashMs = 1500;

/** The columns of a row that stand out, by index, and until when (ms since the epoch). */
export type Flash = ReadonlyMap<number, number>;

/** Times pass by themselves and are no news; what an 'ago' column says besides is. */
const differs = (column: Column, before: Row, after: Row, index: number): boolean => {
  const [old, cell] = [before.cells[index], after.cells[index]];
  return old !== cell && column.time !== 'age' && old?.text !== cell?.text;
};

/**
 * What changed of which row a moment ago. Only rows that changed are held, the one whose news ends first in front, so
 * that ending them costs what ends and not what is shown.
 */
export class Flashes {
  readonly #byKey = new Map<string, { readonly cells: Flash; readonly until: number }>();

  /** When the next cells stop standing out; undefined while none do. */
  get next(): number | undefined {
    const [first] = this.#byKey.values();
    return first?.until;
  }

  get(key: string): Flash | undefined {
    return this.#byKey.get(key)?.cells;
  }

  /** Notes what `after` says that `before` did not. */
  note(columns: readonly Column[], before: Row, after: Row, now: number): void {
    const until = now + flashMs;
    const changed = columns.flatMap((column, index) => (differs(column, before, after, index) ? [index] : []));
    if (changed.length === 0) return;
    const held = [...(this.#byKey.get(after.key)?.cells ?? [])].filter(([, end]) => end > now);
    this.#byKey.delete(after.key);
    this.#byKey.set(after.key, {
      cells: new Map([...held, ...changed.map((index) => [index, until] as const)]),
      until,
    });
  }

  forget(key: string): void {
    this.#byKey.delete(key);
  }

  clear(): void {
    this.#byKey.clear();
  }

  /** Keys whose cells stand out no more. */
  end(now: number): readonly string[] {
    const ended: string[] = [];
    for (const [key, { until }] of this.#byKey) {
      if (until > now) break;
      this.#byKey.delete(key);
      ended.push(key);
    }
    return ended;
  }
}
