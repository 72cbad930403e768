'use strict';
/** One builder at a time: two runs that need the same thing share one build of it. */
const fs = require('node:fs');
const path = require('node:path');
const { cache, readText } = require('./paths.cjs');
const { say } = require('./progress.cjs');

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A holder touches its lock while it works, so a lock left by a machine that went down does not hold for ever. */
const heartbeat = 5_000;
const staleAfter = 30_000;

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * The pid that holds the lock (0 when it cannot be read just now), or undefined once the lock is ours.
 * @param {string} file
 * @returns {number | undefined}
 */
function tryLock(file) {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
    return undefined;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  const holder = Number.parseInt(readText(file) ?? '', 10);
  const stale = stat !== undefined && Date.now() - stat.mtimeMs > staleAfter;
  if (stale || (holder > 0 && !alive(holder))) fs.rmSync(file, { force: true });
  return Number.isNaN(holder) ? 0 : holder;
}

/**
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withLock(name, work) {
  const folder = path.join(cache, 'locks');
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  let told = false;
  for (let holder = tryLock(file); holder !== undefined; holder = tryLock(file)) {
    if (!told && holder > 0) {
      say(`  … ${name}: waiting for process ${holder}, which is making it`);
      told = true;
    }
    await sleep(300);
  }
  const beat = setInterval(() => fs.utimesSync(file, new Date(), new Date()), heartbeat);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    fs.rmSync(file, { force: true });
  }
}

module.exports = { withLock };
