import type { Clock } from '../util/clock.ts';

export type WatchdogOptions = {
  readonly clock: Clock;
  /** Resolves when the API server answers. One question at a time. */
  readonly alive: () => Promise<void>;
  /** Whether anything is stale; while nothing is, no question is asked. */
  readonly anyStale: () => boolean;
  /** Everything stale goes on at once. */
  readonly resume: () => void;
  /** Every connection may be dead without anyone having been told. */
  readonly wake: () => void;
};

/** How soon a server that is back is noticed, in ms; shorter than the reflectors' longest back-off. */
const beatMs = 2_000;

/** A beat this late means that the process or the machine was asleep, and so were its connections. */
const sleptMs = 20_000;

/**
 * One question for all watches of a context: after an outage the back-offs of the reflectors may be 30 s long, and a
 * machine that wakes up has connections that no longer exist. Returns how to end it.
 */
export const startWatchdog = (options: WatchdogOptions): (() => void) => {
  const { clock, alive, anyStale, resume, wake } = options;
  let ended = false;
  let cancel = (): void => {};
  let asking = false;
  let failed = false;

  const ask = async (): Promise<void> => {
    asking = true;
    try {
      await alive();
      // What is stale although the server has been alive all along has another reason to wait.
      if (failed && !ended) resume();
      failed = false;
    } catch {
      // The stale views say what is wrong; here it only matters that the next answer is news.
      failed = true;
    }
    asking = false;
  };

  const beat = (expected: number): void => {
    if (ended) return;
    if (clock.now() - expected > sleptMs) wake();
    else if (anyStale()) {
      if (!asking) void ask();
    } else failed = false;
    schedule();
  };

  const schedule = (): void => {
    const expected = clock.now() + beatMs;
    cancel = clock.after(beatMs, () => beat(expected));
  };
  schedule();
  return () => {
    ended = true;
    cancel();
  };
};
