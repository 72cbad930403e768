import type { Clock } from '../util/clock.ts';
import type { Transport } from './transport.ts';

/** Clocks that differ by less are taken for the same: an answer travels, and its date has whole seconds. */
const sameMs = 5_000;
const steadyMs = 2_000;

/** How far the server's clock is ahead of ours, from the dates of its answers; 0 while that is unknown or little. */
export const createSkew = (clock: Clock) => {
  let skew = 0;
  return {
    heard: (date: string | undefined): void => {
      const server = date === undefined ? Number.NaN : Date.parse(date) + 500;
      if (Number.isNaN(server)) return;
      const seen = server - clock.now();
      if (Math.abs(seen) < sameMs) skew = 0;
      // Ages must not jump back and forth with every answer.
      else if (Math.abs(seen - skew) > steadyMs) skew = seen;
    },
    ms: (): number => skew,
  };
};

/** Time as the server has it: what it dated is as old as it says, whatever the clock of this machine. */
export const serverClock = (transport: Transport, clock: Clock): Clock => ({
  now: () => clock.now() + (transport.skewMs?.() ?? 0),
  after: clock.after,
});
