/** Time as a dependency, so that tests own it. Milliseconds since the epoch throughout. */
export interface Clock {
  now(): number;
  /** Runs `task` once after `ms`; the returned function cancels it and is idempotent. */
  after(ms: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
