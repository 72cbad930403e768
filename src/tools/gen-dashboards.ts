/** Writes the registry of dashboards, src/dashboards/index.generated.ts; with --check only compares. */
import { join } from 'node:path';
import { writeRegistry } from './registry.ts';

writeRegistry({
  folder: join(import.meta.dirname, '../dashboards'),
  extension: '.tsx',
  list: 'dashboards',
  type: { name: 'Dashboard', from: './dashboard.ts' },
  generator: 'gen-dashboards.ts',
});
