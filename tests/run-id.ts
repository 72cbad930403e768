import { performance } from 'node:perf_hooks';

/**
 * Process ids come again within one run where Linux has 32,768 of them: the second of the day in which the process began
 * is told as well. It is the same whoever in the process loads this file.
 */
const moment = (Math.floor(performance.timeOrigin / 1000) % 86_400) * 194 + (process.pid % 194);

/**
 * Tells the names of one test process from those of another that uses the same lab. Always five characters, of which the
 * first is a digit: names end in titles, columns and messages, which are cut or broken.
 */
export const runId = moment.toString(36).padStart(5, '0');

let ghosts = 0;

/**
 * The name of a node that does not exist and that nobody has heard of: the garbage collector deletes pods of one that it
 * has missed for 40 s, whichever test's pods made it look for the node.
 */
export const ghostNode = (): string => {
  ghosts += 1;
  return `ghost-${runId}-${ghosts}`;
};
