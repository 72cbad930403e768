/**
 * Tells the names of one test process from those of another that uses the same lab. Always five characters, whatever the
 * process id (Linux has up to 4,194,304): names end in titles, columns and messages, which are cut or broken.
 */
export const runId = process.pid.toString(36).padStart(5, '0');

let ghosts = 0;

/**
 * The name of a node that does not exist and that nobody has heard of: the garbage collector deletes pods of one that it
 * has missed for 40 s, whichever test's pods made it look for the node.
 */
export const ghostNode = (): string => {
  ghosts += 1;
  return `ghost-${runId}-${ghosts}`;
};
