/** Which line is which object, whatever is done to the text. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Editor, startEditor } from './harness.ts';

let editor: Editor;

beforeAll(async () => {
  editor = await startEditor();
});

afterAll(async () => {
  await editor.dispose();
});

beforeEach(async () => {
  await editor.command('enew!');
  await editor.lua(`
    local list = vim.tbl_map(function(key)
      return { key = key, text = key .. ' 1' }
    end, { 'a', 'b', 'c', 'd' })
    _G.lines = require('kubectl.lines').fill(0, list)`);
});

type Now = { owned: Record<string, string>; deleted: string[]; strange: string[] };

/** The objects whose lines are known, those that were deleted, and what is wrong. */
const now = async (): Promise<Now> => {
  const found = await editor.lua<{ texts: Record<string, string>; deleted: string[]; strange: { message: string }[] }>(
    `local now = require('kubectl.lines').read(_G.lines)
    return { texts = now.texts, deleted = now.deleted, strange = now.strange }`,
  );
  const strange = found.strange.map(({ message }) => message);
  return { owned: { ...found.texts }, deleted: [...found.deleted].sort(), strange };
};

const all = { a: 'a 1', b: 'b 1', c: 'c 1', d: 'd 1' };

test('nothing is to be undone at first', async () => {
  await editor.command('normal! u');
  expect(await now()).toEqual({ owned: all, deleted: [], strange: [] });
});

test.each([
  ['normal! 2Gdd', ['b']],
  ['normal! Gdd', ['d']],
  ['normal! 2G2dd', ['b', 'c']],
  ['normal! GVkd', ['c', 'd']],
  ['g/[bd]/d', ['b', 'd']],
  ['%d', ['a', 'b', 'c', 'd']],
])('%s deletes %s, undo and redo follow', async (command, deleted) => {
  await editor.command(command);
  const after = await now();
  expect([after.deleted, after.strange]).toEqual([deleted, []]);
  expect(after.owned).toEqual(Object.fromEntries(Object.entries(all).filter(([key]) => !deleted.includes(key))));
  await editor.command('undo');
  expect(await now()).toEqual({ owned: all, deleted: [], strange: [] });
  await editor.command('redo');
  expect((await now()).deleted).toEqual(deleted);
});

test.each([
  ['%s/b 1/b 22/', 'b 22'],
  ['execute "normal! 2Gccb 3"', 'b 3'],
  ['call setline(2, "b 4")', 'b 4'],
  ['2m$', 'b 1'],
  ['2m0', 'b 1'],
  ['execute "normal! 2GA5"', 'b 15'],
])('after %s the line is still its object', async (command, text) => {
  await editor.command(command);
  expect(await now()).toEqual({ owned: { ...all, b: text }, deleted: [], strange: [] });
});

test.each([
  'normal! 2Gddp',
  'normal! 2GddP',
  'normal! 2Gyyp',
  'normal! 2GyyP',
  'normal! 2GJ',
  'execute "normal! 2GOnew"',
  'execute "normal! Gonew"',
  'execute "normal! 2Gea\\<CR>rest"',
  'sort!',
  '%!cat',
  'normal! ggdGp',
])('after %s something is said, and undo takes it back', async (command) => {
  await editor.command(command);
  const after = await now();
  expect(after.strange.length).toBeGreaterThan(0);
  // No line is ever taken for another object's.
  for (const [key, text] of Object.entries(after.owned)) {
    if (!command.includes('J')) expect(text.startsWith(key)).toBe(true);
  }
  await editor.command('undo');
  if (command.includes('dd') || command.includes('dG')) await editor.command('silent! undo');
  expect(await now()).toEqual({ owned: all, deleted: [], strange: [] });
});
