'use strict';
/** The native addon (kubectl's own Go code) and its sidecar. Without them describe falls back to the kubectl program. */
const fs = require('node:fs');
const path = require('node:path');
const { SetupFailure } = require('./failure.cjs');
const { goEnv } = require('./go.cjs');
const { withLock } = require('./lock.cjs');
const { contentKey, readText, root } = require('./paths.cjs');
const { step, warn } = require('./progress.cjs');
const { quiet, which, withOwnTools } = require('./run.cjs');

const builder = 'src/tools/build-native.ts';
const stamp = path.join(root, 'build', '.kubectl-live');
const advice = 'It wants Go 1.21 or newer, a C++ compiler (g++ or clang++), make and python3.';

const nativeKey = () =>
  contentKey(['native', 'binding.gyp', builder, 'package-lock.json'], {
    keep: (file) => !/(_test\.go|\.md)$/.test(file),
    salt: `${process.platform}-${process.arch}`,
  });

/** @param {string} node */
async function build(node) {
  if (['g++', 'c++', 'clang++'].every((name) => which(name) === undefined)) {
    throw new SetupFailure('The addon: there is no C++ compiler on PATH', advice);
  }
  const go = await goEnv();
  await step(
    'native addon',
    () => quiet(node, [builder], { what: 'The build of the addon', env: withOwnTools({ PATH: go.PATH }), advice }),
    'some 2 minutes the first time',
  );
}

/**
 * @param {string} node
 * @param {{ required: boolean }} options a build that fails is an error only where it is required
 * @returns {Promise<boolean>} whether there is an addon
 */
async function ensureNative(node, { required }) {
  if (!fs.existsSync(path.join(root, builder))) return false;
  const key = nativeKey();
  if (readText(stamp) === key) return true;
  try {
    await withLock('native', async () => {
      if (readText(stamp) === key) return;
      await build(node);
      fs.mkdirSync(path.dirname(stamp), { recursive: true });
      fs.writeFileSync(stamp, key);
    });
    return true;
  } catch (error) {
    if (required || !(error instanceof SetupFailure)) throw error;
    warn(`${error.message}\n    ${error.advice}\n    Without it describe and drain use the kubectl on PATH.`);
    return false;
  }
}

module.exports = { ensureNative, nativeKey };
