/** Written by src/tools/gen-actions.ts: enough for maps and help, without loading what the actions do. */
import type { Result } from '../protocol/wire.ts';

export const actionSummaries: Result<'hello'>['actions'] = [
  { id: 'delete', title: 'delete…', key: 'gD' },
  { id: 'scale', title: 'scale…', key: 'gS' },
];
