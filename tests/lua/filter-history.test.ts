/** Filters typed before. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { line, type Stage, startTable } from './fake.ts';

let stage: Stage;
const state = mkdtempSync(join(tmpdir(), 'kubectl-live-state-'));
afterEach(async () => {
  await stage?.dispose();
});
afterEach(() => rmSync(join(state, 'nvim'), { recursive: true, force: true }));

const open = async (): Promise<void> => {
  stage = await startTable([line('a', 'row a')], { env: { XDG_STATE_HOME: state } });
};

const typed = async (text: string): Promise<void> => {
  const before = stage.backend.all('view.update').length;
  await stage.editor.keys(`<C-f><C-u>${text}<CR>`);
  await stage.editor.until('the filter', () => stage.backend.all('view.update').length > before);
};

/** Waits until the table is filtered by a text, which is while it is typed already. */
const filtered = (text: string): Promise<void> =>
  stage.editor.until(`the filter '${text}'`, () => stage.backend.all('view.update').at(-1)?.filter === text);

test('<Up> and <Down> walk through the filters that begin as what is typed, and show each at once', async () => {
  await open();
  for (const text of ['cart', 'STATUS:Running', 'pay', 'cart,!test']) await typed(text);
  await stage.editor.keys('<C-f><C-u>ca<Up>');
  await filtered('cart,!test');
  await stage.editor.keys('<C-p>');
  await filtered('cart');
  await stage.editor.keys('<Up>');
  await stage.editor.keys('<Down>');
  await filtered('cart,!test');
  await stage.editor.keys('<C-n>');
  await filtered('ca');
  await stage.editor.keys('<Esc>');
  await filtered('cart,!test');
});

test('another session knows them, nobody else may read them, and what is typed twice is kept once', async () => {
  await open();
  for (const text of ['one', 'two', 'one']) await typed(text);
  await stage.dispose();
  const file = join(state, 'nvim', 'kubectl-live', 'filters.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(['two', 'one']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await open();
  await stage.editor.keys('<C-f><Up>');
  await filtered('one');
  await stage.editor.keys('<Up>');
  await filtered('two');
});

test('a file that is no list of texts is no history and stops nothing', async () => {
  await open();
  await stage.editor.lua(`local path = vim.fn.stdpath('state') .. '/kubectl-live'
    vim.fn.mkdir(path, 'p')
    vim.fn.writefile({ '{"a": [1' }, path .. '/filters.json')`);
  await stage.editor.keys('<C-f><Up>');
  await typed('cart');
  expect(await stage.editor.lua(`return require('kubectl.filter_history').list()`)).toEqual(['cart']);
});

/** Makes the prompt's timer one that the test runs out: how fast it can type does not matter then. */
const holdTimer = (): Promise<void> =>
  stage.editor.lua(`
    local new_timer = vim.uv.new_timer
    vim.uv.new_timer = function()
      if not debug.getinfo(2, 'S').source:find('kubectl/input.lua', 1, true) then
        return new_timer()
      end
      local active, closed, task = false, false, nil
      function _G.run_out()
        local waited = active and task
        active = false
        return waited and (waited() or true) or false
      end
      return {
        start = function(_, _, _, fn) active, task = true, fn end,
        is_active = function() return active end,
        is_closing = function() return closed end,
        close = function() active, closed = false, true end,
      }
    end`);

test('every letter is heard soon, also while one goes on typing', async () => {
  await open();
  await holdTimer();
  await stage.editor.keys('<C-f>');
  await stage.editor.until('the prompt', async () => (await stage.editor.lua('return vim.fn.mode()')) === 'i');
  const type = async (letter: string): Promise<void> => {
    await stage.editor.keys(letter);
    await stage.editor.until('the letter', async () => (await stage.editor.lines())[0]?.endsWith(letter) === true);
  };
  const runOut = (): Promise<boolean> => stage.editor.lua<boolean>('return _G.run_out()');
  await type('a');
  await filtered('a');
  for (const letter of ['b', 'c']) await type(letter);
  expect(await runOut()).toBe(true);
  await filtered('abc');
  expect(await runOut()).toBe(true);
  await type('d');
  await filtered('abcd');
  await stage.editor.keys('<CR>');
  await stage.editor.until(
    'the prompt to close',
    async () => (await stage.editor.lua('return vim.bo.filetype')) !== 'k8s_prompt',
  );
  const heard = stage.backend.all('view.update').map(({ filter }) => filter);
  // Waiting for a pause would have said nothing before the end, each letter one filter more.
  expect([...new Set(heard)]).toEqual(['a', 'abc', 'abcd']);
});
