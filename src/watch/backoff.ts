/** Waiting times of a reflector, in ms. Tests shorten them; nothing else does. */
export type Limits = {
  /** First and longest back-off; in between it doubles. */
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
  /** A watch this long without a fault starts the back-off anew. */
  readonly healthyMs: number;
  /** A watch shorter than this is never followed by another at once. */
  readonly quickMs: number;
  /** Retry of what only a person can change: rights, a login, a missing resource. */
  readonly slowRetryMs: number;
  /** Pause between lists where watching is not possible. */
  readonly pollMs: number;
  /** A reconnection longer than this is shown as stale. */
  readonly graceMs: number;
  /** Range of the watch's own time-out, in seconds. */
  readonly watchSeconds: readonly [number, number];
  /** Silence allowed beyond the watch's time-out. */
  readonly idleMarginMs: number;
  /** Until the first byte of a list, and longest silence inside one. */
  readonly listMs: number;
  /** A list that has not begun by then is preceded by a page of it. */
  readonly previewMs: number;
  /** Objects of one page where the whole list at once did not come through. */
  readonly pageSize: number;
  /** Work between two breaths of the event loop while a list streams. */
  readonly sliceMs: number;
  /** Events of a watch that arrive within this time of each other are read together. */
  readonly gatherMs: number;
};

export const defaultLimits: Limits = {
  backoffMs: 800,
  backoffMaxMs: 30_000,
  healthyMs: 120_000,
  quickMs: 1_000,
  slowRetryMs: 30_000,
  pollMs: 10_000,
  graceMs: 1_000,
  watchSeconds: [300, 600],
  idleMarginMs: 5_000,
  listMs: 60_000,
  previewMs: 15,
  pageSize: 500,
  sliceMs: 3,
  gatherMs: 12,
};

/** Below this a retry is a hammer, whatever the dice say. */
const leastDelayMs = 50;

/** Full jitter: anything up to the doubled cap, so that the clients of a restarted server do not return as one. */
export const backoffDelay = (attempt: number, random: number, limits: Limits): number => {
  const cap = Math.min(limits.backoffMaxMs, limits.backoffMs * 2 ** Math.min(attempt, 30));
  return Math.max(leastDelayMs, Math.round(cap * random));
};

/** Whole seconds for the watch's `timeoutSeconds`, spread so that a server's watches do not end together. */
export const watchSeconds = (random: number, limits: Limits): number => {
  const [least, most] = limits.watchSeconds;
  return Math.round(least + (most - least) * random);
};
