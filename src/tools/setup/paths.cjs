'use strict';
/** Where things are. Everything that set-up makes and a checkout does not need lives in `cache`, keyed by content. */
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..', '..');

const cache = path.resolve(
  process.env.KUBECTL_LIVE_CACHE ||
    path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'kubectl-live'),
);

const ignored = new Set(['node_modules', '.git', 'dist', 'build']);

/**
 * Every file below `entry`, sorted, relative to the root with forward slashes.
 * @param {string} entry a file or folder relative to the root; absent is empty
 * @param {(file: string) => boolean} [keep]
 * @returns {string[]}
 */
function listFiles(entry, keep = () => true) {
  const absolute = path.join(root, entry);
  const stat = fs.statSync(absolute, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (stat.isFile()) return keep(entry) ? [entry] : [];
  return fs
    .readdirSync(absolute)
    .filter((name) => !ignored.has(name))
    .sort()
    .flatMap((name) => listFiles(`${entry}/${name}`, keep));
}

/**
 * A key that changes when any of the files does: 16 hex digits.
 * @param {string[]} entries files and folders relative to the root
 * @param {{ keep?: (file: string) => boolean, salt?: string }} [options]
 * @returns {string}
 */
function contentKey(entries, { keep, salt = '' } = {}) {
  const hash = crypto.createHash('sha256').update(salt);
  for (const entry of entries) {
    for (const file of listFiles(entry, keep)) {
      hash.update(`\0${file}\0`).update(fs.readFileSync(path.join(root, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * @param {string} file
 * @returns {string | undefined}
 */
function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Keeps the `keep` newest entries of a folder of the cache: old labs and addons are 150 MB each.
 * @param {string} folder
 * @param {number} keep
 */
function prune(folder, keep) {
  const entries = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  entries
    .map((name) => ({ file: path.join(folder, name), at: fs.statSync(path.join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at)
    .slice(keep)
    .forEach(({ file }) => {
      fs.rmSync(file, { recursive: true, force: true });
    });
}

module.exports = { root, cache, listFiles, contentKey, readText, prune };
