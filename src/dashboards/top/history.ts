export type Sample = { readonly at: number; readonly cpu: number; readonly memory: number };

export interface History {
  /** Adds a sample unless that moment is known already; true when it was new. */
  add(key: string, sample: Sample): boolean;
  /** Oldest first. The array is replaced, never changed: it is a row's identity too. */
  of(key: string): readonly Sample[];
  /** Drops samples from before `at`, and the series that have none left. */
  prune(at: number): void;
  forget(key: string): void;
  readonly size: number;
}

const none: readonly Sample[] = [];

/** Samples by object. A sample belongs to the moment the metrics were taken, not to the one they were asked for. */
export const createHistory = (most: number): History => {
  const series = new Map<string, readonly Sample[]>();
  return {
    add: (key, sample) => {
      const known = series.get(key) ?? none;
      const last = known.at(-1);
      if (last !== undefined && sample.at <= last.at) return false;
      series.set(key, [...(known.length >= most ? known.slice(known.length - most + 1) : known), sample]);
      return true;
    },
    of: (key) => series.get(key) ?? none,
    prune: (at) => {
      for (const [key, samples] of series) {
        const first = samples.findIndex((sample) => sample.at >= at);
        if (first < 0) series.delete(key);
        else if (first > 0) series.set(key, samples.slice(first));
      }
    },
    forget: (key) => void series.delete(key),
    get size() {
      return series.size;
    },
  };
};
