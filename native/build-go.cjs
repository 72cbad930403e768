'use strict';
/**
 * Builds one of the two Go programs: `node native/build-go.cjs archive|sidecar OUTPUT`. The one place that holds the
 * flags; binding.gyp and src/tools/build-native.ts both come here. Other platforms: set GOOS and GOARCH.
 */
const { spawnSync } = require('node:child_process');
const path = require('node:path');

/** Pure Go look-ups of names and users (no libc state shared with Node), and no kustomize plugins: 3.5 MB less. */
const tags = 'netgo osusergo kustomize_disable_go_plugin_support';

const programs = {
  archive: { cgo: '1', flags: ['-buildmode=c-archive'] },
  sidecar: { cgo: '0', flags: [] },
};

const [name = '', output = ''] = process.argv.slice(2);
const program = Object.hasOwn(programs, name) ? programs[/** @type {keyof typeof programs} */ (name)] : undefined;
if (program === undefined || output === '') {
  process.stderr.write('usage: build-go.cjs archive|sidecar OUTPUT\n');
  process.exit(2);
}
const args = ['build', '-trimpath', '-buildvcs=false', '-tags', tags, '-ldflags', '-s -w', ...program.flags];
const { status, error } = spawnSync('go', [...args, '-o', path.resolve(output), `./${name}`], {
  cwd: path.join(__dirname, 'go'),
  env: { ...process.env, CGO_ENABLED: program.cgo, GOWORK: 'off', GOFLAGS: '' },
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (error !== undefined) process.stderr.write(`go did not start: ${error.message}\n`);
process.exit(status ?? 1);
