/** Writes the registry of actions, src/actions/index.generated.ts, and what `hello` tells of them; with --check only compares. */
import { join } from 'node:path';
import { writeGenerated, writeRegistry } from './registry.ts';

const folder = join(import.meta.dirname, '../actions');

writeRegistry({
  folder,
  extension: '.ts',
  list: 'actions',
  type: { name: 'Action', from: './define-action.ts' },
  generator: 'gen-actions.ts',
});

const { actions } = await import('../actions/index.generated.ts');
const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;

writeGenerated(
  join(folder, 'summaries.generated.ts'),
  [
    '/** Written by src/tools/gen-actions.ts: enough for maps and help, without loading what the actions do. */',
    "import type { Result } from '../protocol/wire.ts';",
    '',
    "export const actionSummaries: Result<'hello'>['actions'] = [",
    ...actions.map(({ id, title, key }) => `  { id: ${quoted(id)}, title: ${quoted(title)}, key: ${quoted(key)} },`),
    '];',
    '',
  ].join('\n'),
);
