import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKeeper, type Keeper } from '../../../src/backend/keeper.ts';
import type { Begun } from '../../../src/journal/entry.ts';

let folder: string;
let keeper: Keeper;
let said: string[];

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'kubectl-live-keeper-')), 'state');
  said = [];
  keeper = createKeeper({ folder, warn: (text) => said.push(text) });
});
afterEach(() => {
  keeper.dispose();
  rmSync(join(folder, '..'), { recursive: true });
});

const begun: Begun = {
  ...{ at: 1, batch: 'b', context: 'c', user: 'u', action: 'a', command: 'k' },
  target: { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespace: 'n', name: 'p' },
};

test('a journal that nobody can write to meanwhile is told once, and nothing is written without agreement', async () => {
  expect(await keeper.problem()).toBeUndefined();
  const recorder = await keeper.recorder(false);
  expect(recorder?.begin(begun)).toBe(1);
  const other = new DatabaseSync(join(folder, 'journal.sqlite'));
  other.exec('BEGIN EXCLUSIVE');
  expect(() => recorder?.begin(begun)).toThrow('not done: the journal cannot be written (database is locked)');
  expect(await keeper.problem()).toBe('database is locked');
  expect(said).toHaveLength(1);
  expect(await keeper.recorder(true)).toBeUndefined();
  other.exec('ROLLBACK');
  other.close();
  expect(await keeper.problem()).toBeUndefined();
  // Once it can be written again it is, whatever was agreed to before.
  expect((await keeper.recorder(true))?.begin(begun)).toBe(2);
});
