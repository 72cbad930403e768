/** A sorted array under a total order, kept by insertion: readers see a new array after each change. */

export type Compare<T> = (a: T, b: T) => number;

/** First position whose element is not before `wanted`. */
export const lowerBound = <T>(sorted: readonly T[], wanted: T, compare: Compare<T>): number => {
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

/** Below this many changes binary search beats one pass over the whole array. */
const fewChanges = 256;

/**
 * `removed` are elements by identity, those that are not in `sorted` count for nothing; `added` are new ones in any
 * order. `compare` is a total order: of two elements that differ none is like the other.
 */
export const reorder = <T>(
  sorted: readonly T[],
  removed: ReadonlySet<T>,
  added: readonly T[],
  compare: Compare<T>,
): readonly T[] => {
  if (removed.size === 0 && added.length === 0) return sorted;
  if (removed.size + added.length > fewChanges) {
    const kept = removed.size === 0 ? sorted : sorted.filter((element) => !removed.has(element));
    return mergeSorted(kept, [...added].sort(compare), compare);
  }
  const result = [...sorted];
  for (const element of removed) {
    const at = lowerBound(result, element, compare);
    if (result[at] === element) result.splice(at, 1);
  }
  for (const element of added) result.splice(lowerBound(result, element, compare), 0, element);
  return result;
};
