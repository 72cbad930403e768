import { compareTimes, type LogTime, type StampedLine, sinceTime } from './log-time.ts';

/**
 * Where a log was left. A stream opened again with `since` repeats the lines of that second; `accept` lets through
 * only those that have not been seen, whatever their order.
 */
export interface Resume {
  /** Undefined before the first line. */
  readonly since: string | undefined;
  /** Call before a stream that repeats lines. */
  reopen(): void;
  accept(line: StampedLine): boolean;
}

export const createResume = (): Resume => {
  let last: LogTime | undefined;
  /** Lines taken from the first with the time `last` on: two outputs of a process may be stamped out of order. */
  let tail = 0;
  let repeats = 0;
  let reached = false;
  return {
    get since() {
      return last === undefined ? undefined : sinceTime(last);
    },
    reopen: () => {
      repeats = tail;
      reached = false;
    },
    accept: ({ at }) => {
      // The kubelet's own words carry no time and are in no file: they never repeat.
      if (at === undefined) return true;
      const order = last === undefined ? 1 : compareTimes(at, last);
      // Something newer: what was expected before it was rotated away.
      if (order > 0) repeats = 0;
      if (repeats > 0) {
        reached ||= order === 0;
        if (reached) repeats -= 1;
        return false;
      }
      if (order > 0) {
        last = at;
        tail = 0;
      }
      tail += 1;
      return true;
    },
  };
};
