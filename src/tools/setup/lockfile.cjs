'use strict';
/**
 * package-lock.json on a registry that does not carry every platform: npm leaves an optional package out of the lock
 * when the registry has none, and `npm ci` then refuses the lock, on this platform and on all others. The entries are
 * added with what their names say, so that each platform takes or leaves them as usual.
 */
const fs = require('node:fs');
const path = require('node:path');
const { root } = require('./paths.cjs');

const file = path.join(root, 'package-lock.json');

/**
 * @typedef {{ version: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[],
 *   resolved?: string, optionalDependencies?: Record<string, string> }} Entry
 * @typedef {{ packages: Record<string, Entry> }} Lock
 */

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/**
 * What a platform package restricts itself to, by its name: `@scope/cli-linux-arm64-musl`.
 * @param {string} name
 * @returns {Pick<Entry, 'os' | 'cpu' | 'libc'>}
 */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  const musl = words.includes('musl');
  const glibc = words.includes('gnu') || words.includes('gnueabihf');
  return {
    ...(os === undefined ? {} : { os: [os] }),
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(musl || glibc ? { libc: [musl ? 'musl' : 'glibc'] } : {}),
  };
}

/** @returns {Lock} */
const readLock = () => JSON.parse(fs.readFileSync(file, 'utf8'));

/**
 * Entries that the lock lacks, by their place in node_modules.
 * @param {Lock} lock
 * @returns {Record<string, Entry>}
 */
function missingEntries(lock) {
  /** @type {Record<string, Entry>} */
  const missing = {};
  for (const { dev, optionalDependencies = {} } of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const place = `node_modules/${name}`;
      const nested = Object.keys(lock.packages).some((known) => known === place || known.endsWith(`/${place}`));
      // A platform package is pinned exactly; a range has an entry wherever the registry has any version.
      if (nested || !/^\d/.test(version)) continue;
      const { os, cpu, libc } = platformOf(name);
      // In npm's order, so that npm does not move the lines about.
      missing[place] = {
        version,
        ...(cpu === undefined ? {} : { cpu }),
        ...(dev ? { dev } : {}),
        ...(libc === undefined ? {} : { libc }),
        optional: true,
        ...(os === undefined ? {} : { os }),
      };
    }
  }
  return missing;
}

/** Writes the entries that are missing, in npm's order. */
function completeLock() {
  const lock = readLock();
  const all = { ...lock.packages, ...missingEntries(lock) };
  const names = Object.keys(all).sort((a, b) => a.localeCompare(b, 'en'));
  const packages = Object.fromEntries(names.map((name) => [name, all[name]]));
  fs.writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
}

/** What is wrong with the lock, one line each: entries that are missing, addresses of a registry. */
function lockProblems() {
  const lock = readLock();
  const lacking = Object.keys(missingEntries(lock)).map((place) => `${place} is missing: run npm run fix`);
  const addressed = Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined);
  return [...lacking, ...addressed.map(([place]) => `${place} names a download address: see .npmrc`)];
}

module.exports = { completeLock, lockProblems, missingEntries };
