import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { actions } from '../../../src/actions/index.generated.ts';

const keys = readFileSync(join(import.meta.dirname, '../../../lua/kubectl/keys.lua'), 'utf8');

test('no action has the name of a key of the tables: both are plugs', () => {
  const names = new Set([...keys.matchAll(/name = '(\w+)'/g)].map(([, name]) => name));
  expect(names.size).toBeGreaterThan(20);
  expect(actions.map(({ id }) => id).filter((id) => names.has(id))).toEqual([]);
});
