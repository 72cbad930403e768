'use strict';
/** The native addon (kubectl's own Go code) and its sidecar. Without them describe falls back to the kubectl program. */
const fs = require('node:fs');
const path = require('node:path');
const { SetupFailure } = require('./failure.cjs');
const { goEnv } = require('./go.cjs');
const { contentKey, readText, root } = require('./paths.cjs');
const { warn } = require('./progress.cjs');
const { foreground, which, withOwnTools } = require('./run.cjs');

const builder = path.join('src', 'tools', 'build-native.ts');
const stamp = path.join(root, 'dist', 'native', '.stamp');

/** A compiler that was installed since counts as a change: the addon can then be built. */
const nativeKey = () =>
  contentKey(['native', 'binding.gyp', builder, 'package-lock.json'], {
    keep: (file) => !/(_test\.go|\.md)$/.test(file),
    salt: [process.platform, process.arch, ...['g++', 'c++', 'clang++', 'make', 'python3'].map(which)].join(' '),
  });

/**
 * Calls the builder when something changed; it says itself what it does and what is missing.
 * @param {string} node
 * @param {{ required: boolean }} options a build that fails is an error only where it is required
 * @returns {Promise<boolean>} whether there is an addon, or a sidecar in its place
 */
async function ensureNative(node, { required }) {
  const key = nativeKey();
  if (readText(stamp) === key) return true;
  const advice = 'It wants Go 1.21 or newer, a C++ compiler, make and python3. Without it describe uses kubectl.';
  try {
    const { PATH } = await goEnv();
    const code = await foreground(node, [builder], { cwd: root, env: withOwnTools({ PATH }), background: true });
    if (code !== 0) throw new SetupFailure(`The build of the addon failed (exit code ${code})`, advice);
    fs.mkdirSync(path.dirname(stamp), { recursive: true });
    fs.writeFileSync(stamp, key);
    return true;
  } catch (error) {
    if (required || !(error instanceof SetupFailure)) throw error;
    warn(`${error.message}. ${error.advice}`);
    return false;
  }
}

module.exports = { ensureNative };
