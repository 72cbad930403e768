'use strict';
/**
 * Debian packages without touching the system: a private apt configuration downloads them, dpkg unpacks them into a
 * folder of the cache. Works for any user; nothing is installed.
 */
const fs = require('node:fs');
const path = require('node:path');
const { SetupFailure } = require('./failure.cjs');
const { cache, readText } = require('./paths.cjs');
const { capture, quiet, which } = require('./run.cjs');

const advice = 'Debian packages are only to be had where apt-get and dpkg are, with the package mirror reachable.';

const available = () => which('apt-get') !== undefined && which('dpkg') !== undefined;

/** The address of the mirror that this machine uses already, and its keyring if the list names one. */
function systemMirror() {
  const folder = '/etc/apt/sources.list.d';
  const files = fs.existsSync(folder) ? fs.readdirSync(folder).map((name) => path.join(folder, name)) : [];
  for (const file of [...files, '/etc/apt/sources.list']) {
    const text = readText(file) ?? '';
    if (file.endsWith('.sources')) {
      const uri = /^URIs:\s*(\S+)/m.exec(text)?.[1];
      if (uri !== undefined && /^Suites:.*\b(bookworm|trixie|forky|sid)\b/m.test(text)) {
        return { uri, signedBy: /^Signed-By:\s*(\S+)/m.exec(text)?.[1] };
      }
    } else if (file.endsWith('.list')) {
      const line = /^deb\s+(?:\[(.*?)\]\s+)?(\S+)\s+(bookworm|trixie|forky|sid)\b/m.exec(text);
      if (line?.[2] !== undefined) return { uri: line[2], signedBy: /signed-by=(\S+)/.exec(line[1] ?? '')?.[1] };
    }
  }
  return undefined;
}

/**
 * Options for apt-get that keep every file it reads or writes in `folder`. With a suite, the system's own mirror is
 * asked for that suite and the status is empty, so that a simulated install lists the whole closure.
 * @param {string} folder
 * @param {string} [suite] such as 'forky'; without one the system's own sources are used
 * @returns {string[]}
 */
function privateOptions(folder, suite) {
  for (const name of ['lists/partial', 'cache/archives/partial', 'empty.d']) {
    fs.mkdirSync(path.join(folder, name), { recursive: true });
  }
  fs.writeFileSync(path.join(folder, 'status'), '');
  const options = {
    'Dir::State': folder,
    'Dir::State::lists': path.join(folder, 'lists'),
    'Dir::State::status': path.join(folder, 'status'),
    'Dir::Cache': path.join(folder, 'cache'),
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
    'APT::Install-Recommends': 'false',
  };
  const args = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  if (suite === undefined) return args;
  const mirror = systemMirror();
  if (mirror === undefined) throw new SetupFailure(`apt has no Debian mirror to take ${suite} from`, advice);
  const signed = mirror.signedBy === undefined ? '' : `[signed-by=${mirror.signedBy}] `;
  fs.writeFileSync(path.join(folder, 'sources.list'), `deb ${signed}${mirror.uri} ${suite} main\n`);
  const sources = ['-o', `Dir::Etc::sourcelist=${path.join(folder, 'sources.list')}`];
  return [...args, ...sources, '-o', `Dir::Etc::sourceparts=${path.join(folder, 'empty.d')}`];
}

/** @typedef {{ suite?: string, wanted: (name: string) => boolean }} Closure */

/**
 * Downloads packages and unpacks them all into `target`.
 * @param {string[]} packages
 * @param {string} target
 * @param {Closure} [closure] take the packages' dependencies too, those whose names are wanted
 */
async function unpackPackages(packages, target, closure) {
  if (!available()) throw new SetupFailure(`${packages.join(', ')}: this is not a Debian system`, advice);
  const folder = path.join(cache, 'tmp', `apt-${process.pid}-${Date.now()}`);
  fs.mkdirSync(path.join(folder, 'debs'), { recursive: true });
  try {
    const options = privateOptions(folder, closure?.suite);
    const what = `Debian packages ${packages.join(', ')}`;
    // Its exit code says little: hooks of the system's configuration may fail here. What was not fetched shows below.
    await capture('apt-get', [...options, '-qq', 'update']);
    let names = packages;
    if (closure !== undefined) {
      const plan = await quiet('apt-get', [...options, '-qq', '-s', 'install', ...packages], { what, advice });
      names = [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? '').filter(closure.wanted);
    }
    const debs = path.join(folder, 'debs');
    await quiet('apt-get', [...options, '-qq', 'download', ...names], { what, advice, cwd: debs });
    fs.mkdirSync(target, { recursive: true });
    for (const deb of fs.readdirSync(debs)) {
      await quiet('dpkg', ['-x', path.join(debs, deb), target], { what, advice });
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { available, unpackPackages };
