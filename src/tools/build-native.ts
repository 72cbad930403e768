/**
 * Builds the native addon and the sidecar into dist/native/: `node src/tools/build-native.ts [--force]`. Results are
 * kept in the cache by content, so that a second checkout, or a branch that comes back, copies them.
 */
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { addonCanExist, builtAddon, builtSidecar, platformName } from '../native/platform.ts';
import failures from './setup/failure.cjs';
import locks from './setup/lock.cjs';
import paths from './setup/paths.cjs';
import progress from './setup/progress.cjs';
import run from './setup/run.cjs';

const { SetupFailure } = failures;
const { cache, contentKey, prune, readText, root } = paths;
const { say, step, warn } = progress;

const fallback = 'Without it describe, drain and rollouts use the kubectl program on PATH.';

/** Old builds are 65 MB each. */
const builds = 4;

type Product = { readonly what: string; readonly file: string; readonly build: () => Promise<string> };

const versionOf = (name: string): string =>
  JSON.parse(readText(join(root, 'node_modules', name, 'package.json')) ?? '{"version":"absent"}').version;

const key = (platform: string): string =>
  contentKey(['native', 'binding.gyp'], {
    keep: (file) => !/(_test\.go|\.md)$/.test(file),
    salt: [platform, ...['node-gyp', 'node-addon-api', 'node-api-headers'].map(versionOf)].join(' '),
  });

const buildFolder = (): string => {
  const folder = join(root, 'build');
  mkdirSync(folder, { recursive: true });
  return folder;
};

const go = (program: 'archive' | 'sidecar', output: string): Promise<string> =>
  run.quiet(process.execPath, ['native/build-go.cjs', program, output], {
    what: `go build of the ${program}`,
    advice: 'The first lines above say why; the Go modules come from where `go env GOPROXY` says.',
  });

const sidecar = async (): Promise<string> => {
  const output = join(buildFolder(), 'sidecar');
  await go('sidecar', output);
  return output;
};

/** node-gyp wants Node's headers as a folder; the package has the files. Nothing is downloaded. */
const headers = (): string => {
  const folder = join(buildFolder(), 'headers');
  const include = join(folder, 'include', 'node');
  cpSync(join(root, 'node_modules', 'node-api-headers', 'include'), include, { recursive: true });
  copyFileSync(join(root, 'native', 'common.gypi'), join(include, 'common.gypi'));
  return folder;
};

const addon = async (): Promise<string> => {
  const gyp = join(root, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const args = [gyp, 'configure', 'build', `--nodedir=${headers()}`, '--release'];
  await run.quiet(process.execPath, args, {
    what: 'node-gyp',
    env: run.withOwnTools(),
    advice: 'The first error above says why.',
  });
  return join(buildFolder(), 'Release', 'kubectl_live.node');
};

/** What a bare machine lacks, in words a person can act on. */
const missing = (platform: string): string[] => {
  const wanted: [string, string[], string][] = [
    ['a C++ compiler', ['g++', 'c++', 'clang++'], 'g++ (Debian: build-essential; macOS: xcode-select --install)'],
    ['make', ['make', 'gmake'], 'make'],
    ['Python 3', ['python3', 'python'], 'python3'],
  ];
  if (!addonCanExist(platform)) return [];
  return wanted
    .filter(([, names]) => !names.some((name) => run.which(name)))
    .map(([what, , how]) => `${what}: install ${how}`);
};

/** A running backend may have the file mapped: it keeps the old one. */
const install = (from: string, to: string): void => {
  mkdirSync(join(to, '..'), { recursive: true });
  const next = `${to}.${process.pid}.new`;
  copyFileSync(from, next);
  chmodSync(next, 0o755);
  renameSync(next, to);
};

const megabytes = (file: string): string => `${(statSync(file).size / 1e6).toFixed(1)} MB`;

const produce = async (products: readonly Product[], kept: string): Promise<void> => {
  for (const { what, file, build } of products) {
    const made = await step(what, build, 'some 2 minutes the first time, then seconds');
    install(made, join(kept, file));
  }
};

/** The products that can be had here; those that cannot are said aloud. */
const plan = (platform: string): readonly Product[] => {
  if (run.which('go') === undefined) {
    throw new SetupFailure(
      'The addon is kubectl’s own Go code, and there is no `go` on PATH.',
      `Install Go 1.21 or newer (from its web site or your package manager). ${fallback}`,
    );
  }
  const products: Product[] = [{ what: 'sidecar', file: builtSidecar(platform), build: sidecar }];
  const lacks = missing(platform);
  if (lacks.length > 0) {
    warn(`The addon cannot be compiled here; the sidecar does the same work a little slower. To have it:`);
    for (const lack of lacks) say(`      ${lack}`);
  } else if (addonCanExist(platform)) {
    products.unshift({ what: 'addon', file: builtAddon(platform), build: addon });
  }
  return products;
};

const main = async (args: readonly string[]): Promise<void> => {
  const platform = platformName();
  const whole = [builtSidecar(platform), ...(addonCanExist(platform) ? [builtAddon(platform)] : [])];
  const kept = join(cache, 'native', key(platform));
  const complete = (): boolean => whole.every((file) => existsSync(join(kept, file)));
  const fresh = !args.includes('--force') && complete();
  if (!fresh) {
    await locks.withLock('native-build', async () => {
      if (!args.includes('--force') && complete()) return;
      const making = `${kept}.${process.pid}`;
      try {
        await produce(plan(platform), making);
        rmSync(kept, { recursive: true, force: true });
        renameSync(making, kept);
      } finally {
        rmSync(making, { recursive: true, force: true });
      }
    });
  }
  for (const file of whole.filter((file) => existsSync(join(kept, file)))) {
    install(join(kept, file), join(root, file));
    say(`  ✓ ${file} ${megabytes(join(root, file))}${fresh ? ' (from the cache)' : ''}`);
  }
  prune(join(cache, 'native'), builds);
};

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error;
  say(`\n${error.message}\n\n${error.advice}`);
  process.exitCode = 1;
}
