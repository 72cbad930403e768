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

test('every letter is heard soon, also while one goes on typing', async () => {
  await open();
  await stage.editor.keys('<C-f>');
  await stage.editor.until('the prompt', async () => (await stage.editor.lua('return vim.fn.mode()')) === 'i');
  const pattern = 'abcdefghijklmnopqrstuvwxyz';
  for (const letter of pattern) {
    await stage.editor.keys(letter);
    await stage.editor.until('the letter', async () => (await stage.editor.lines())[0]?.endsWith(letter) === true);
  }
  await filtered(pattern);
  const heard = stage.backend.all('view.update').map(({ filter }) => filter);
  // Waiting for a pause would have said it once, each letter 26 times.
  expect(heard[0]).toBe('a');
  expect(heard.length).toBeGreaterThan(1);
  expect(heard.length).toBeLessThan(26);
});
