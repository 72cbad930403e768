import { setFlagsFromString } from 'node:v8';

/**
 * How far V8 lets the heaps of this process grow before it looks for old garbage. Rows replaced by newer ones are such
 * garbage: left alone, it would be a third of the process.
 *
 * This is told while the process runs because V8 refuses code that was compiled under other flags: that of Node's own
 * modules, which every worker loads, and that of ours in dist/cache. On the command line, or set while a worker starts,
 * the flag doubles the CPU time of that start (doc/decisions/007).
 */
export const growSlowly = (): void => setFlagsFromString('--heap-growing-percent=20');

/** As V8 would: from the start of a worker until its code is there, and while compiled code is written down. */
export const growFreely = (): void => setFlagsFromString('--heap-growing-percent=0');
