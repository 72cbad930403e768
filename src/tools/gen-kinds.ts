/**
 * Writes the registry of kinds, src/processors/kinds/index.generated.ts: one entry a file of the folder.
 * With --check nothing is written; exit code 1 says that the file is not what it would be.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../processors/kinds');
const target = join(folder, 'index.generated.ts');

const files = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.generated.ts'))
  .sort();

const variable = (file: string): string =>
  file.slice(0, -'.ts'.length).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

const wanted = [
  '/** Written by src/tools/gen-kinds.ts from the files of this folder. */',
  "import type { AnyKind } from '../define-kind.ts';",
  ...files.map((file) => `import ${variable(file)} from './${file}';`),
  '',
  'export const kinds: readonly AnyKind[] = [',
  ...files.map((file) => `  ${variable(file)},`),
  '];',
  '',
].join('\n');

const current = (): string => {
  try {
    return readFileSync(target, 'utf8');
  } catch {
    return '';
  }
};

if (current() !== wanted) {
  if (process.argv.includes('--check')) {
    console.error(`${target} is not up to date: npm run gen`);
    process.exitCode = 1;
  } else {
    writeFileSync(target, wanted);
  }
}
