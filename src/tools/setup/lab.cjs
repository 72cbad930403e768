'use strict';
/** The lab: a whole Kubernetes in one binary, built from tests/cluster. */
const fs = require('node:fs');
const path = require('node:path');
const { SetupFailure } = require('./failure.cjs');
const { goEnv } = require('./go.cjs');
const { withLock } = require('./lock.cjs');
const { cache, contentKey, prune } = require('./paths.cjs');
const { step } = require('./progress.cjs');
const { quiet } = require('./run.cjs');

const source = 'tests/cluster';

/** Tests and notes do not change the binary. */
const inBinary = (/** @type {string} */ file) => !/(_test\.go|\.md)$/.test(file);

/** @returns {Promise<string>} the lab's program */
async function ensureLab() {
  const given = process.env.KUBECTL_LIVE_LAB;
  if (given) return given;
  const folder = path.join(cache, 'lab', contentKey([source], { keep: inBinary, salt: process.arch }));
  const file = path.join(folder, 'lab');
  if (fs.existsSync(file)) return file;
  return withLock('lab', async () => {
    if (fs.existsSync(file)) return file;
    const build = async () => {
      fs.mkdirSync(folder, { recursive: true });
      await quiet('bash', [`${source}/build.sh`, file], {
        what: 'The build of the lab (a Kubernetes from its Go modules)',
        env: await goEnv(),
        background: true,
        advice: 'It wants Go, 5 GB of disk and the Go module proxy (or a filled module cache).',
      });
      if (!fs.existsSync(file))
        throw new SetupFailure(`${source}/build.sh made no ${file}`, 'This is a bug: report it.');
    };
    await step('lab cluster', build, 'some 6 minutes the first time');
    prune(path.join(cache, 'lab'), 3);
    return file;
  });
}

module.exports = { ensureLab };
