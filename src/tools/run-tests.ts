/**
 * `npm test [-- pattern…]`: everything, or with patterns only the test files whose path holds one. Ends with the line
 * `N passed, N failed` over checks, vitest and Go. The two long builds run beside what needs neither.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckResult, runChecks } from './check.ts';
import { type Count, countGo, countVitest, sum, unsteadyTests } from './count-tests.ts';
import { type GoModule, goModules, hasGoTests, runGo } from './go-modules.ts';
import { ensureBundle } from './setup/bundle.cjs';
import { ensureLab } from './setup/lab.cjs';
import { ensureNative } from './setup/native.cjs';
import { ensureNeovim } from './setup/neovim.cjs';
import paths from './setup/paths.cjs';
import { began, say, seconds, step } from './setup/progress.cjs';
import { foreground, withOwnTools } from './setup/run.cjs';

const quickProjects = ['unit'];
const slowProjects = ['lua', 'native', 'e2e', 'faults'];

const temporary = join(paths.cache, 'tmp');
mkdirSync(temporary, { recursive: true });
// A run that was killed left its folder behind.
paths.prune(temporary, 20);
const reports = mkdtempSync(join(temporary, 'test-'));
const parts = new Map<string, Count>();

/** A whole run shares its machine with builds and a cluster (tests/patience.ts). */
const wholeRunPatience = '4';

/** So many tests of a whole run may fail once and pass at their second try (doc/decisions/031). */
const mostUnsteady = 3;
const unsteady: string[] = [];

const runVitest = async (name: string, projects: readonly string[], patterns: readonly string[] = []) => {
  const report = join(reports, `${name}.json`);
  const args = [
    ...['run', '--config', 'tests/vitest.config.ts', '--passWithNoTests'],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ...projects.flatMap((project) => ['--project', project]),
    ...(patterns.length === 0 && projects === slowProjects ? ['--retry=1'] : []),
    ...patterns,
  ];
  const vitest = join(paths.root, 'node_modules', 'vitest', 'vitest.mjs');
  const env = withOwnTools(patterns.length > 0 ? {} : { KUBECTL_LIVE_PATIENCE: wholeRunPatience });
  const code = await foreground(process.execPath, [vitest, ...args], { cwd: paths.root, env });
  const text = paths.readText(report);
  parts.set(name, countVitest(text, code));
  unsteady.push(...unsteadyTests(text));
};

const countChecks = (results: readonly CheckResult[]): Count => ({
  passed: results.filter(({ outcome }) => outcome === 'passed').length,
  failed: results.filter(({ outcome }) => outcome === 'failed').length,
  skipped: results.filter(({ outcome }) => outcome === 'skipped').length,
});

/** A build that fails is one failed test, and the tests that need it say so themselves. */
const build = async (name: string, work: () => Promise<unknown>) => {
  try {
    await work();
    parts.set(name, { passed: 1, failed: 0, skipped: 0 });
  } catch (error) {
    const advice = error instanceof Error && 'advice' in error ? `\n${String(error.advice)}` : '';
    say(`${error instanceof Error ? error.message : String(error)}${advice}`);
    parts.set(name, { passed: 0, failed: 1, skipped: 0 });
  }
};

const testGo = async (module: GoModule) => {
  const name = `go test ${module.folder}`;
  // Vet ran as a check of its own.
  const { output, stdout } = await step(name, () => runGo(module, 'test', ['-vet=off', '-json']));
  const count = countGo(stdout);
  if (count.failed > 0) say(count.log === '' ? output : count.log);
  parts.set(name, count);
};

const runAll = async () => {
  const node = process.execPath;
  const builds = async () => {
    await build('addon', () => ensureNative(node, { required: true }));
    await build('lab', ensureLab);
  };
  const quick = async () => {
    await build('bundle', () => ensureBundle(node));
    parts.set('checks', countChecks(await runChecks({ slow: false })));
    await runVitest('unit', quickProjects);
  };
  await build('neovim', ensureNeovim);
  await Promise.all([builds(), quick()]);
  await runVitest('integration', slowProjects);
  parts.set('vet', countChecks(await runChecks({ slow: true })));
  for (const module of goModules().filter(hasGoTests)) await testGo(module);
};

const patterns = process.argv.slice(2);
if (patterns.length > 0) {
  await runVitest('tests', [...quickProjects, ...slowProjects], patterns);
} else {
  await runAll();
}
rmSync(reports, { recursive: true, force: true });

for (const each of unsteady) say(`failed once, then passed: ${each}`);
if (unsteady.length > mostUnsteady) {
  say(`${unsteady.length} tests failed once; more than ${mostUnsteady} are taken for a fault of the project.`);
  parts.set('steadiness', { passed: 0, failed: 1, skipped: 0 });
}
say('');
for (const [name, count] of parts) {
  say(`  ${name}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
}
const total = sum([...parts.values()]);
say(`  ${seconds(began)}`);
const rest = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
process.stdout.write(`${total.passed} passed, ${total.failed} failed${rest}\n`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
