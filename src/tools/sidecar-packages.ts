/**
 * `npm run sidecar-packages`: makes the packages of platforms that cannot load the addon, into npm/ beside those that
 * @napi-rs/cli makes, and names them in package.json. Pure Go, so any machine compiles for all of them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { platformPackage, sidecarFile } from '../native/platform.ts';
import paths from './setup/paths.cjs';
import progress from './setup/progress.cjs';
import run from './setup/run.cjs';

type Platform = {
  readonly os: string;
  readonly cpu: string;
  readonly libc?: string;
  readonly goos: string;
  readonly goarch: string;
};

const platforms: Readonly<Record<string, Platform>> = {
  'linux-x64-musl': { os: 'linux', cpu: 'x64', libc: 'musl', goos: 'linux', goarch: 'amd64' },
  'linux-arm64-musl': { os: 'linux', cpu: 'arm64', libc: 'musl', goos: 'linux', goarch: 'arm64' },
  'win32-x64-msvc': { os: 'win32', cpu: 'x64', goos: 'windows', goarch: 'amd64' },
};

const manifestFile = join(paths.root, 'package.json');
const manifest = JSON.parse(paths.readText(manifestFile) ?? '{}');

const make = async (name: string, { os, cpu, libc, goos, goarch }: Platform): Promise<void> => {
  const folder = join(paths.root, 'npm', name);
  const file = sidecarFile(name);
  mkdirSync(folder, { recursive: true });
  await run.quiet(process.execPath, ['native/build-go.cjs', 'sidecar', join(folder, file)], {
    what: `go build of the sidecar for ${name}`,
    env: { ...process.env, GOOS: goos, GOARCH: goarch },
    advice: 'The first lines above say why.',
  });
  const described = {
    name: platformPackage(name),
    version: manifest.version,
    description: `kubectl's code for ${manifest.name} on ${name}, as a program of its own`,
    license: manifest.license,
    os: [os],
    cpu: [cpu],
    ...(libc === undefined ? {} : { libc: [libc] }),
    files: [file],
    engines: manifest.engines,
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(described, null, 2)}\n`);
};

for (const [name, platform] of Object.entries(platforms)) {
  await progress.step(name, () => make(name, platform), 'some minutes the first time');
}
const optional = Object.keys(platforms).map((name) => [platformPackage(name), manifest.version]);
manifest.optionalDependencies = { ...manifest.optionalDependencies, ...Object.fromEntries(optional) };
writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
