/**
 * Writes the registry of dashboards, src/dashboards/index.generated.ts: one entry a component file of the folder that
 * exports a dashboard. With --check nothing is written; exit code 1 says that the file is not what it would be.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../dashboards');
const target = join(folder, 'index.generated.ts');

const files = readdirSync(folder)
  .filter((file) => file.endsWith('.tsx') && /^export default /m.test(readFileSync(join(folder, file), 'utf8')))
  .sort();

const variable = (file: string): string =>
  file.slice(0, -'.tsx'.length).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

const wanted = [
  '/** Written by src/tools/gen-dashboards.ts from the files of this folder. */',
  "import type { Dashboard } from './dashboard.ts';",
  ...files.map((file) => `import ${variable(file)} from './${file}';`),
  '',
  'export const dashboards: readonly Dashboard[] = [',
  ...files.map((file) => `  ${variable(file)},`),
  '];',
  '',
].join('\n');

const current = existsSync(target) ? readFileSync(target, 'utf8') : '';

if (current !== wanted) {
  if (process.argv.includes('--check')) {
    console.error(`${target} is not up to date: npm run gen`);
    process.exitCode = 1;
  } else {
    writeFileSync(target, wanted);
  }
}
