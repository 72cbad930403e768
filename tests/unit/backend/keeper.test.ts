import { spawnSync } from 'node:child_process';
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

test('without room for more the user is asked, and can go on without a journal', () => {
  const module = new URL('../../../src/backend/keeper.ts', import.meta.url).href;
  const script = `
    import { createKeeper } from ${JSON.stringify(module)};
    const keeper = createKeeper({ folder: process.argv[1], warn: () => console.log('warned') });
    console.log(String(await keeper.problem()));
    const recorder = await keeper.recorder(false);
    try {
      for (let index = 0; index < 1000; index += 1) {
        recorder.begin({ ...${JSON.stringify(begun)}, command: 'x'.repeat(4000) });
      }
    } catch (thrown) {
      console.log(thrown.message.replace(/[(].*/, ''));
    }
    console.log(String((await keeper.problem()) !== undefined));
    console.log(String(await keeper.recorder(true)));`;
  // No file may grow beyond this: what a full disk is, without filling one. Node takes it as a failed write.
  const { stdout } = spawnSync(
    'sh',
    ['-c', 'ulimit -f 1000; exec "$@"', 'sh', process.execPath, '--input-type=module', '-e', script, folder],
    { encoding: 'utf8' },
  );
  expect(stdout.trim().split('\n')).toEqual([
    'undefined',
    'warned',
    'not done: the journal cannot be written ',
    'true',
    'undefined',
  ]);
});
