'use strict';
/**
 * The one door to everything: `node src/tools/bootstrap.cjs <command>`. It runs under any Node, depends on nothing, and
 * provisions what the command needs before it hands over to the project's own Node.
 */
const fs = require('node:fs');
const path = require('node:path');
const { ensureBundle } = require('./setup/bundle.cjs');
const { SetupFailure } = require('./setup/failure.cjs');
const { goEnv } = require('./setup/go.cjs');
const { ensureLab } = require('./setup/lab.cjs');
const { ensureNative } = require('./setup/native.cjs');
const { ensureNeovim } = require('./setup/neovim.cjs');
const { ensurePackages } = require('./setup/packages.cjs');
const { root } = require('./setup/paths.cjs');
const { say } = require('./setup/progress.cjs');
const { foreground, withOwnTools } = require('./setup/run.cjs');
const { start } = require('./setup/start.cjs');

/** @typedef {(args: string[]) => Promise<number>} Command the exit code */

/**
 * Runs one of the project's own tools under its own Node.
 * @param {string} tool
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
async function tool(tool, args, env) {
  const node = await ensurePackages();
  return foreground(node, [path.join('src', 'tools', tool), ...args], { cwd: root, env: withOwnTools(env) });
}

/** @type {Command} What a plugin manager calls after an update: lazy.nvim's `build`. */
async function setup(args) {
  const node = await ensurePackages();
  await ensureBundle(node);
  if (!args.includes('--no-native')) await ensureNative(node, { required: false });
  return 0;
}

/** @type {Command} The editor with the plugin, on the user's own kubeconfig and configuration. */
async function nvim(args) {
  await setup([]);
  return foreground(await ensureNeovim(), ['--cmd', `set rtp^=${root.replace(/[ ,\\]/g, '\\$&')}`, ...args]);
}

/** @type {Command} */
async function lab(args) {
  return foreground(await ensureLab(), args);
}

/** @type {Command} */
async function bench(args) {
  const main = path.join('tests', 'bench', 'main.ts');
  if (!fs.existsSync(path.join(root, main))) throw new SetupFailure(`There is no ${main}`, 'Take a complete checkout.');
  await setup([]);
  const env = { KUBECTL_LIVE_NVIM: await ensureNeovim(), KUBECTL_LIVE_LAB: await ensureLab() };
  return foreground(await ensurePackages(), [main, ...args], { cwd: root, env: withOwnTools(env) });
}

/** @type {Command} Runs every generator; with --check they only compare. */
async function gen(args) {
  const generators = fs.readdirSync(__dirname).filter((name) => /^gen-.*\.ts$/.test(name));
  let worst = 0;
  for (const generator of generators.sort()) worst = Math.max(worst, await tool(generator, args));
  return worst;
}

/** @type {Record<string, Command>} */
const commands = {
  setup,
  start,
  test: async (args) => tool('run-tests.ts', args, await goEnv().catch(() => ({}))),
  check: async (args) => tool('check.ts', args, await goEnv().catch(() => ({}))),
  fix: (args) => tool('check.ts', ['--fix', ...args]),
  bench,
  lab,
  nvim,
  gen,
};

async function main() {
  const [name = '', ...args] = process.argv.slice(2);
  const command = commands[name];
  if (command === undefined) {
    say(`usage: node src/tools/bootstrap.cjs ${Object.keys(commands).join(' | ')}`);
    return 2;
  }
  try {
    return await command(args);
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    say(`\n${error.message}\n\n${error.advice}`);
    return 1;
  }
}

main().then((code) => {
  process.exitCode = code;
});
