import type { Clock } from '../../src/util/clock.ts';

export interface FakeClock extends Clock {
  /** Moves time forward, running what falls due on the way, in order. */
  advance(ms: number): void;
}

export const fakeClock = (start = 0): FakeClock => {
  let now = start;
  let id = 0;
  const timers = new Map<number, { at: number; task: () => void }>();
  const due = (until: number) =>
    [...timers].filter(([, timer]) => timer.at <= until).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
  return {
    now: () => now,
    after: (ms, task) => {
      const key = ++id;
      timers.set(key, { at: now + ms, task });
      return () => timers.delete(key);
    },
    advance: (ms) => {
      const until = now + ms;
      for (let next = due(until); next !== undefined; next = due(until)) {
        timers.delete(next[0]);
        now = next[1].at;
        next[1].task();
      }
      now = until;
    },
  };
};
