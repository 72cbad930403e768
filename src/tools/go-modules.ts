/** Our Go modules and how they are compiled. Vet and tests use the builds' own settings: others compile it all again. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { goEnv } from './setup/go.cjs';
import paths from './setup/paths.cjs';
import { capture } from './setup/run.cjs';

export type GoModule = { readonly folder: string; readonly flags: readonly string[] };

const all: readonly GoModule[] = [
  // As the sidecar is built; the archive beside it is the same packages behind a C interface.
  { folder: 'native/go', flags: ['-tags', 'netgo osusergo kustomize_disable_go_plugin_support'] },
  { folder: 'tests/cluster', flags: [] },
];

export const goModules = (): readonly GoModule[] =>
  all.filter(({ folder }) => existsSync(join(paths.root, folder, 'go.mod')));

export const hasGoTests = ({ folder }: GoModule): boolean =>
  paths.listFiles(folder, (file) => file.endsWith('_test.go')).length > 0;

/** Runs `go vet` or `go test` over the packages of a module. */
export const runGo = async ({ folder, flags }: GoModule, command: 'vet' | 'test', extra: readonly string[] = []) => {
  const env = { ...(await goEnv()), CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '' };
  const args = [command, '-trimpath', '-buildvcs=false', ...flags, ...extra, './...'];
  return capture('go', args, { cwd: join(paths.root, folder), env });
};
