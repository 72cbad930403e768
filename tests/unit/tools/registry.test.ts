import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { writeRegistry } from '../../../src/tools/registry.ts';

afterEach(() => {
  process.exitCode = undefined;
});

test('lists the files with a default export, and --check tells when the list is old', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-live-registry-'));
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
  put('delete.ts', 'const x = 1;\nexport default x;\n');
  put('set-image.ts', 'export default 2;\n');
  put('helper.ts', 'export const help = 1; // not: export default\n');
  put('view.tsx', 'export default 3;\n');
  const type = { name: 'Action', from: './define-action.ts' };
  const registry = { folder, extension: '.ts', list: 'actions', type, generator: 'gen-actions.ts' };
  const complain = vi.spyOn(console, 'error').mockImplementation(() => {});
  writeRegistry(registry, ['--check']);
  expect(process.exitCode).toBe(1);
  expect(complain).toHaveBeenCalledWith(expect.stringContaining('npm run gen'));
  process.exitCode = undefined;
  writeRegistry(registry, []);
  expect(readFileSync(join(folder, 'index.generated.ts'), 'utf8')).toBe(
    `/** Written by src/tools/gen-actions.ts from the files of this folder. */
import type { Action } from './define-action.ts';
import deleteEntry from './delete.ts';
import setImageEntry from './set-image.ts';

export const actions: readonly Action[] = [
  deleteEntry,
  setImageEntry,
];
`,
  );
  writeRegistry(registry, ['--check']);
  expect(process.exitCode).toBeUndefined();
});
