/** Writes the registry of actions, src/actions/index.generated.ts; with --check only compares. */
import { join } from 'node:path';
import { writeRegistry } from './registry.ts';

writeRegistry({
  folder: join(import.meta.dirname, '../actions'),
  extension: '.ts',
  list: 'actions',
  type: { name: 'Action', from: './define-action.ts' },
  generator: 'gen-actions.ts',
});
