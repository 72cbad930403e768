'use strict';
/** `npm start`: Neovim with the plugin, on the user's cluster or on the demo cluster. */
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { ensureBundle } = require('./bundle.cjs');
const { SetupFailure } = require('./failure.cjs');
const { ensureLab } = require('./lab.cjs');
const { ensureNative } = require('./native.cjs');
const { ensureNeovim } = require('./neovim.cjs');
const { ensurePackages } = require('./packages.cjs');
const { cache, root } = require('./paths.cjs');
const { say, step } = require('./progress.cjs');
const { foreground } = require('./run.cjs');
const { sweepLabs } = require('./sweep.cjs');

const editorFile = path.join(root, 'src', 'tools', 'start', 'init.lua');
const printFile = path.join(root, 'src', 'tools', 'start', 'print.lua');

/** Whether kubectl would find a cluster: the variable's files, the file at home, or a pod's service account. */
function hasKubeconfig() {
  const named = (process.env.KUBECONFIG ?? '').split(path.delimiter).filter((file) => file !== '');
  const files = named.length > 0 ? named : [path.join(os.homedir(), '.kube', 'config')];
  return files.some((file) => fs.existsSync(file)) || process.env.KUBERNETES_SERVICE_HOST !== undefined;
}

/**
 * @typedef {{ kubeconfig: string, kubectl?: string, state?: string }} Lab what a started lab says of itself
 * @typedef {Lab & { stop: () => Promise<void> }} RunningLab
 */

/**
 * Starts a lab that ends with us: it watches its standard input. What dead ones left goes.
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<RunningLab>}
 */
function startLab(program, args) {
  sweepLabs(path.join(cache, 'labs'));
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['up', '--foreground', ...args], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    const ended = new Promise((done) => child.on('close', done));
    let said = '';
    let log = '';
    child.stderr.on('data', (chunk) => {
      log = (log + chunk).slice(-4000);
    });
    child.stdout.on('data', (chunk) => {
      const before = said.includes('\n');
      said += chunk;
      if (before || !said.includes('\n')) return;
      const stop = async () => {
        child.stdin.end();
        await ended;
      };
      resolve({ ...JSON.parse(said.slice(0, said.indexOf('\n'))), stop });
    });
    child.on('error', reject);
    child.on('close', (code) => {
      reject(new SetupFailure(`The lab ended before it was ready (exit code ${code}):\n${log}`, 'See `npm run lab`.'));
    });
  });
}

/**
 * @param {string[]} args
 * @returns {{ demo: boolean, print: string | undefined, rest: string[] }}
 */
function parse(args) {
  const rest = [...args];
  const demo = rest.includes('--demo');
  if (demo) rest.splice(rest.indexOf('--demo'), 1);
  const at = rest.indexOf('--print');
  if (at === -1) return { demo, print: undefined, rest };
  const [, view] = rest.splice(at, 2);
  if (view === undefined) throw new SetupFailure('--print wants a view', 'For example: npm start -- --print pods');
  return { demo, print: view, rest };
}

/** @param {string[]} args */
async function start(args) {
  const { demo, print, rest } = parse(args);
  if (print === undefined && !process.stdout.isTTY) {
    throw new SetupFailure('This is no terminal', '`npm start -- --print pods` shows a table without one.');
  }
  const node = await ensurePackages();
  await ensureBundle(node);
  const nvim = await ensureNeovim();
  await ensureNative(node, { required: false });
  const lab = demo || !hasKubeconfig() ? await startDemo() : undefined;
  try {
    const env = { ...process.env, ...(lab === undefined ? {} : { KUBECONFIG: lab.kubeconfig }) };
    if (print === undefined) return await foreground(nvim, ['--clean', '-u', editorFile, ...rest], { env });
    const options = { env: { ...env, KUBECTL_LIVE_PRINT: print } };
    return await foreground(nvim, ['--headless', '--clean', '-u', printFile, ...rest], options);
  } finally {
    await lab?.stop();
  }
}

/** The name is that of the context on screen; a second demo beside the first one gets its own. */
async function startDemo() {
  const program = await ensureLab();
  const up = (/** @type {string} */ name) => startLab(program, ['--demo', '--name', name]);
  const lab = await step('demo cluster', () => up('demo').catch(() => up(`demo-${process.pid}`)));
  say(`    KUBECONFIG=${lab.kubeconfig}`);
  return lab;
}

module.exports = { start, startLab, hasKubeconfig };
