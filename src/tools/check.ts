/**
 * Everything that reads the sources without running them: `npm run check [-- name…]`, `--fix` to let the formatters
 * write. Each check is one test in the count of `npm test`.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type GoModule, goModules, runGo } from './go-modules.ts';
import { goEnv } from './setup/go.cjs';
import { completeLock, lockProblems } from './setup/lockfile.cjs';
import { findLuacheck } from './setup/luacheck.cjs';
import { ensureNeovim } from './setup/neovim.cjs';
import paths from './setup/paths.cjs';
import { say, seconds } from './setup/progress.cjs';
import { capture, withOwnTools } from './setup/run.cjs';

export type CheckResult = {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** What a person must read when it did not pass. */
  readonly output: string;
};

type Check = {
  readonly name: string;
  /** Wants compiled Go packages: minutes when nothing was built before. */
  readonly slow?: boolean;
  readonly run: () => Promise<Omit<CheckResult, 'name'>>;
};

const luaFolders = ['lua', 'plugin', 'tests', 'src/tools'];
/** Bytes Neovim waits for when it starts the backend. */
const coreBudget = 100_000;

const passed = { outcome: 'passed', output: '' } as const;
const skipped = (output: string) => ({ outcome: 'skipped', output }) as const;
const failed = (output: string) => ({ outcome: 'failed', output }) as const;

/** A program that must end with 0 and, where it lists offenders, print nothing. */
const program = async (file: string, args: string[], env: NodeJS.ProcessEnv, cwd = paths.root, silent = false) => {
  const { code, output } = await capture(file, args, { cwd, env });
  return code === 0 && !(silent && output.trim() !== '') ? passed : failed(output);
};

const luaFiles = () => luaFolders.flatMap((folder) => paths.listFiles(folder, (file) => file.endsWith('.lua')));

const luacheck = async () => {
  const found = await findLuacheck(await ensureNeovim());
  if (found !== undefined) {
    return program(found.program, [...found.args, '--no-color', '--quiet', '--codes', ...luaFiles()], found.env);
  }
  const advice = 'luacheck is not installed, and this is no Debian system to take it from';
  return process.env.CI === 'true' ? failed(advice) : skipped(advice);
};

const vet = async (module: GoModule) => {
  const { code, output } = await runGo(module, 'vet');
  return code === 0 ? passed : failed(output);
};

const coreSize = async () => {
  const text = paths.readText(join(paths.root, 'dist', 'manifest.json'));
  if (text === undefined) return skipped('there is no bundle');
  const { main } = (JSON.parse(text) as { sizes: { main: number } }).sizes;
  return main <= coreBudget ? passed : failed(`dist/main.js loads ${main} bytes at once; the budget is ${coreBudget}`);
};

const lockFile = async (fix: boolean) => {
  if (fix) completeLock();
  const problems = lockProblems();
  return problems.length === 0 ? passed : failed(problems.join('\n'));
};

const generators = () => readdirSync(import.meta.dirname).filter((name) => /^gen-.*\.ts$/.test(name));
const own = (name: string) => join(paths.root, 'node_modules', '.bin', name);
const env = withOwnTools();

const checks = (fix: boolean): readonly Check[] => [
  { name: 'biome', run: () => program(own('biome'), ['check', ...(fix ? ['--write'] : [])], env) },
  { name: 'types', run: () => program(own('tsc'), ['--noEmit'], env) },
  { name: 'stylua', run: () => program(own('stylua'), [...(fix ? [] : ['--check']), ...luaFiles()], env) },
  { name: 'luacheck', run: luacheck },
  { name: 'core size', run: coreSize },
  { name: 'lock file', run: () => lockFile(fix) },
  ...generators().map((file) => ({
    name: file.replace('.ts', ''),
    run: () => program(process.execPath, [join(import.meta.dirname, file), ...(fix ? [] : ['--check'])], env),
  })),
  ...goModules().map(({ folder }) => ({
    name: `gofmt ${folder}`,
    run: async () => program('gofmt', [fix ? '-w' : '-l', '.'], await goEnv(), join(paths.root, folder), true),
  })),
  ...goModules().map((module) => ({ name: `go vet ${module.folder}`, slow: true, run: () => vet(module) })),
];

const runOne = async ({ name, run }: Check): Promise<CheckResult> => {
  const since = Date.now();
  const { outcome, output } = await run().catch((error: unknown) => failed(String(error)));
  const mark = { passed: '✓', failed: '✗', skipped: '-' }[outcome];
  say(`  ${mark} ${name} ${seconds(since)}`);
  if (outcome !== 'passed') say(output.trimEnd().replace(/^/gm, '    '));
  return { name, outcome, output };
};

export type Selection = { readonly only?: readonly string[]; readonly slow?: boolean; readonly fix?: boolean };

/** Runs the checks two at a time; `slow` chooses the slow ones or the others, absent means all. */
export const runChecks = async ({ only = [], slow, fix = false }: Selection = {}): Promise<readonly CheckResult[]> => {
  const queue = checks(fix).filter(
    (check) =>
      (slow === undefined || slow === (check.slow ?? false)) &&
      (only.length === 0 || only.some((word) => check.name.includes(word))),
  );
  const results: CheckResult[] = [];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results.push(await runOne(next));
  };
  await Promise.all([worker(), worker()]);
  return results;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const args = process.argv.slice(2);
  const only = args.filter((word) => !word.startsWith('--'));
  const fix = args.includes('--fix');
  const results = await runChecks(fix ? { only: ['biome', 'stylua', 'gen-', 'gofmt', 'lock file'], fix } : { only });
  process.exitCode = results.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}
