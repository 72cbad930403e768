import { flushCompileCache } from 'node:module';
import type { Clock } from './clock.ts';
import { growFreely, growSlowly } from './heap-growth.ts';

/** By then the first screen is there, and what it took has been compiled. */
const startMs = 5000;

/**
 * Writes down the code that V8 has compiled, for the next start. Node would do so when the thread ends, but an editor
 * that is closed does not wait for that. Nothing happens where Node keeps no code, or has it already.
 */
export const keepCode = (clock: Clock): void => {
  clock.after(startMs, () => {
    growFreely();
    flushCompileCache();
    growSlowly();
  });
};
