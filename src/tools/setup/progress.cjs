'use strict';
/** What set-up says: one line a step on stderr, nothing for a step that had nothing to do. */

const began = Date.now();

/** @param {number} since ms since the epoch */
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** @param {string} text */
const say = (text) => {
  process.stderr.write(`${text}\n`);
};

/**
 * Runs one step and says how long it took.
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @param {string} [expected] said at the start, for steps that take minutes: how long, the first time
 * @returns {Promise<T>}
 */
async function step(label, work, expected) {
  const since = Date.now();
  if (expected !== undefined) say(`  … ${label} (${expected})`);
  try {
    const result = await work();
    say(`  ✓ ${label} ${seconds(since)}`);
    return result;
  } catch (error) {
    say(`  ✗ ${label} ${seconds(since)}`);
    throw error;
  }
}

/** @param {string} text */
const warn = (text) => say(`  ! ${text}`);

module.exports = { began, seconds, say, step, warn };
