import type { Clock } from '../util/clock.ts';

/** Lines on no screen are drawn this far apart: a frame costs more than what is in it (doc/decisions/030). */
const unseenMs = 100;

/** When lines are drawn that nobody sees: at once where the last drawing is that long ago, else a little later. */
export interface Unseen {
  /** There are such lines. */
  draw(): void;
  /** Everything has been drawn. */
  drawn(): void;
  /** Whether some are still to be drawn. */
  readonly waits: boolean;
  end(): void;
}

export const createUnseen = (clock: Clock, draw: () => void): Unseen => {
  let cancel: (() => void) | undefined;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const end = (): void => {
    cancel?.();
    cancel = undefined;
  };
  return {
    draw: () => {
      if (cancel !== undefined) return;
      // A clock that was set back must not hold lines back.
      const wait = Math.min(unseenMs, drawnAt + unseenMs - clock.now());
      if (wait <= 0) draw();
      else cancel = clock.after(wait, draw);
    },
    drawn: () => {
      end();
      drawnAt = clock.now();
    },
    get waits() {
      return cancel !== undefined;
    },
    end,
  };
};
