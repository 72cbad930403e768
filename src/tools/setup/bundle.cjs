'use strict';
/** dist/: the backend as Neovim starts it. */
const fs = require('node:fs');
const path = require('node:path');
const { contentKey, readText, root } = require('./paths.cjs');
const { step } = require('./progress.cjs');
const { quiet, withOwnTools } = require('./run.cjs');

const stamp = path.join(root, 'dist', '.stamp');

/** Everything that the bundle is made of. */
const bundleKey = () =>
  contentKey(['src', 'package.json', 'package-lock.json', 'tsconfig.json'], {
    keep: (file) => !/^src\/tools\/(?!bundle)/.test(file),
  });

/** @param {string} node */
async function ensureBundle(node) {
  if (readText(stamp) === bundleKey()) return;
  await step('bundle', () =>
    quiet(node, ['src/tools/bundle.ts'], {
      what: 'The bundle',
      env: withOwnTools(),
      advice: 'The message above names the file; `npm run check` shows type errors.',
    }),
  );
}

/** Called by the bundler when it has written everything. */
const markBundled = () => fs.writeFileSync(stamp, bundleKey());

module.exports = { ensureBundle, bundleKey, markBundled, stamp };
