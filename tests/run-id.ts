/**
 * Tells the names of one test process from those of another that uses the same lab. Always five characters, whatever the
 * process id (Linux has up to 4,194,304): names end in titles, columns and messages, which are cut or broken.
 */
export const runId = process.pid.toString(36).padStart(5, '0');
