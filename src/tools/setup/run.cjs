'use strict';
/** Child processes: either quiet, with their output kept for the case that they fail, or in the foreground. */
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { root } = require('./paths.cjs');
const { SetupFailure } = require('./failure.cjs');

const ownBin = path.join(root, 'node_modules', '.bin');

/**
 * The environment with the project's own tools first on PATH.
 * @param {NodeJS.ProcessEnv} [extra]
 * @returns {NodeJS.ProcessEnv}
 */
const withOwnTools = (extra = {}) => {
  const env = { ...process.env, ...extra };
  return { ...env, PATH: [ownBin, ...searchPath(env.PATH)].join(path.delimiter) };
};

/** PATH without the project's own tools: npm must not run on a Node that it is about to replace. */
const searchPath = (value = process.env.PATH ?? '') =>
  value.split(path.delimiter).filter((folder) => folder !== ownBin);

/**
 * Where a program is on PATH (the project's own tools left out).
 * @param {string} name
 * @returns {string | undefined}
 */
function which(name) {
  for (const folder of searchPath()) {
    const file = path.join(folder, name);
    try {
      fs.accessSync(file, fs.constants.X_OK);
      if (fs.statSync(file).isFile()) return file;
    } catch {
      // Not here: the next folder may have it.
    }
  }
  return undefined;
}

/**
 * Long builds run beside tests that measure time: they get what is left of the processors.
 * @param {import('node:child_process').ChildProcess} child
 */
function giveWay({ pid }) {
  try {
    if (pid !== undefined) os.setPriority(pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system does not let us.
  }
}

/** @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, background?: boolean }} RunOptions */

/**
 * Runs a program with its output captured.
 * @param {string} program
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string, stdout: string }>} `output` is stdout and stderr as they came
 */
function capture(program, args, { cwd = root, env = process.env, background = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    if (background) giveWay(child);
    /** @type {Buffer[]} */
    const all = [];
    /** @type {Buffer[]} */
    const out = [];
    child.stdout.on('data', (chunk) => {
      all.push(chunk);
      out.push(chunk);
    });
    child.stderr.on('data', (chunk) => all.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({
        code: code ?? 1,
        output: Buffer.concat(all).toString('utf8'),
        stdout: Buffer.concat(out).toString('utf8'),
      });
    });
  });
}

/** The reason stands at the start of a log or at its end. */
const logHead = 15;
const logTail = 30;

/** @param {string} log */
function excerpt(log) {
  const lines = log.trimEnd().split('\n');
  if (lines.length <= logHead + logTail) return lines.join('\n');
  return [...lines.slice(0, logHead), '…', ...lines.slice(-logTail)].join('\n');
}

/**
 * Runs a program quietly; a failure shows the end of its output and the advice.
 * @param {string} program
 * @param {string[]} args
 * @param {RunOptions & { what: string, advice: string }} options
 * @returns {Promise<string>} stdout
 */
async function quiet(program, args, { what, advice, ...options }) {
  const { code, output, stdout } = await capture(program, args, options).catch((error) => {
    throw new SetupFailure(`${what}: ${program} did not start (${error.message})`, advice);
  });
  if (code !== 0) {
    throw new SetupFailure(`${what} failed (exit code ${code}):\n${excerpt(output)}`, advice);
  }
  return stdout;
}

/**
 * Runs a program in the foreground, its exit code being ours.
 * @param {string} program
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
function foreground(program, args, { cwd = process.cwd(), env = process.env, background = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: 'inherit' });
    if (background) giveWay(child);
    // A terminal sends ^C to both; a supervisor sends SIGTERM to us only.
    const pass = () => child.kill('SIGTERM');
    const ignore = () => {};
    process.on('SIGTERM', pass);
    process.on('SIGINT', ignore);
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('SIGTERM', pass);
      process.off('SIGINT', ignore);
      resolve(code ?? 1);
    });
  });
}

module.exports = { withOwnTools, searchPath, which, capture, quiet, foreground };
