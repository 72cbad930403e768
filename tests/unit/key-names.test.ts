import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { actions } from '../../src/actions/index.generated.ts';

test('no action has the name of a key: both lead to <Plug>(kubectl.NAME)', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'lua', 'kubectl', 'keys.lua'), 'utf8');
  const names = [...text.matchAll(/name = '(\w+)'/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(10);
  expect(actions.map(({ id }) => id).filter((id) => names.includes(id))).toEqual([]);
});
