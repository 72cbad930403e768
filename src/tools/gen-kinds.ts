/** Writes the registry of kinds, src/processors/kinds/index.generated.ts; with --check only compares. */
import { join } from 'node:path';
import { writeRegistry } from './registry.ts';

writeRegistry({
  folder: join(import.meta.dirname, '../processors/kinds'),
  extension: '.ts',
  list: 'kinds',
  type: { name: 'AnyKind', from: '../define-kind.ts' },
  generator: 'gen-kinds.ts',
});
