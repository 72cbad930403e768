import type { Clock } from '../util/clock.ts';

const firstMs = 500;
const mostMs = 30_000;
/** One that lived this long had no trouble starting. */
const healthyMs = 2 * 60_000;

type Trouble = { attempts: number; at: number; cancel: () => void };

/** When what ended is started again: after half a second, then less and less often while it keeps ending. */
export const createRestarts = (clock: Clock) => {
  const troubles = new Map<string, Trouble>();
  return {
    /** Returns how long it waits, in ms. */
    ended: (name: string, start: () => void): number => {
      const before = troubles.get(name);
      before?.cancel();
      const now = clock.now();
      const attempts = before === undefined || now - before.at > healthyMs ? 0 : before.attempts + 1;
      const wait = Math.min(mostMs, firstMs * 2 ** attempts);
      troubles.set(name, { attempts, at: now, cancel: clock.after(wait, start) });
      return wait;
    },
  };
};
