'use strict';
/**
 * What labs with a made-up name leave behind: their logs, for whoever wants to know why, and all of their state where
 * the supervisor was killed. Labs that somebody named are not touched, whatever their state.
 */
const fs = require('node:fs');
const path = require('node:path');
const { readText } = require('./paths.cjs');

/** Names that tests, the benchmarks and the demo make from a process id: they go on with a digit, those of people hardly. */
const madeUp = /^(test|faults|outage|bench|demo)-\d[0-9a-z]{0,6}$/;

/** Logs of the last runs are kept, and whatever is so young, in ms: it may be starting or ending. */
const keptLogs = 6;
const youngMs = 3_600_000;

/**
 * Whether the supervisor lives that a lab's record names. A process id that somebody else has by now spares the folder
 * for once.
 * @param {string} folder
 */
function lives(folder) {
  const record = readText(path.join(folder, 'lab.json'));
  if (record === undefined) return false;
  try {
    return process.kill(JSON.parse(record).pids.supervisor, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * Removes the folders of dead labs.
 * @param {string} labs the folder of all labs
 * @param {number} now
 * @returns {string[]} the names of those that went
 */
function sweepLabs(labs, now = Date.now()) {
  const names = fs.existsSync(labs) ? fs.readdirSync(labs) : [];
  const gone = names
    .filter((name) => madeUp.test(name) && !lives(path.join(labs, name)))
    .map((name) => ({ name, at: fs.statSync(path.join(labs, name), { throwIfNoEntry: false })?.mtimeMs ?? now }))
    .sort((a, b) => b.at - a.at)
    .slice(keptLogs)
    .filter(({ at }) => now - at > youngMs)
    .map(({ name }) => name);
  for (const name of gone) fs.rmSync(path.join(labs, name), { recursive: true, force: true });
  return gone;
}

module.exports = { sweepLabs };
