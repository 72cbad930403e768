/** What a window shows of a table: no empty screen where there are rows, the same place after `:e`, nothing over it. */
import { afterEach, expect, test } from 'vitest';
import { line, type Stage, spliceOf, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => line(`k${index + from}`, `row ${index + from} of the table`));

const seat = () =>
  stage.editor.lua<{ text: string; line: number; top: number; column: number }>(`
    local view = vim.fn.winsaveview()
    return { text = vim.api.nvim_get_current_line(), line = view.lnum, top = view.topline, column = view.col }`);

test('a filter that leaves a few rows shows them all, wherever the window was', async () => {
  stage = await startTable(rows(200));
  await stage.editor.command('normal! 150Gzt');
  await stage.backend.applied(1, [spliceOf(0, -1, rows(8, 20))], 8, { gen: 2 });
  expect((await seat()).top).toBe(1);
});

test('rows left by a filter are shown beside what is left of a deleted object', async () => {
  stage = await startTable(rows(200));
  await stage.editor.command('normal! 150Gzt');
  await stage.backend.applied(1, [spliceOf(149, 1, [])], 199);
  await stage.editor.shows('deleted');
  await stage.editor.lua(`local views = require('kubectl.view') views.update(views.of(0), { filter = 'row 2' })`);
  await stage.backend.applied(1, [spliceOf(0, -1, rows(8, 20))], 8, { gen: 2 });
  await stage.editor.shows('row 20 of');
  await stage.editor.shows(/row 149 of the table +deleted/);
  expect((await seat()).top).toBe(1);
});

test('a window at the end of a table stays full when the rows at the end are deleted', async () => {
  stage = await startTable(rows(200));
  await stage.editor.command('normal! 175Gzt');
  const height = await stage.editor.lua<number>(`return vim.fn.line('w$') - vim.fn.line('w0') + 1`);
  await stage.backend.applied(1, [spliceOf(178, 22, [])], 178);
  expect(await seat()).toMatchObject({ text: 'row 174 of the table', line: 175, top: 178 - height + 1 });
});

test('a window that was put below the end on purpose stays there', async () => {
  stage = await startTable(rows(50));
  await stage.editor.command('normal! 49Gzt');
  await stage.backend.applied(1, [spliceOf(0, 5, [])], 45);
  expect(await seat()).toMatchObject({ text: 'row 48 of the table', line: 44, top: 44 });
});

test(':e comes back to the object under the cursor, at its height', async () => {
  stage = await startTable(rows(200));
  stage.backend.on('view.resend', () => null);
  await stage.editor.command('normal! 120Gzt');
  await stage.editor.command('normal! 5j');
  await stage.editor.command('edit');
  expect(await stage.editor.lines()).toEqual(['']);
  await stage.backend.applied(1, [spliceOf(0, -1, rows(203, 100))], 203, { gen: 2 });
  expect(await seat()).toMatchObject({ text: 'row 124 of the table', line: 25, top: 20 });
});

const name = () => stage.editor.lua<string>('return vim.api.nvim_buf_get_name(0)');

test('a table that is opened from a float is not under it, unless that has changes', async () => {
  stage = await startTable(rows(3));
  const floats = () =>
    stage.editor.lua<number>(`return #vim.tbl_filter(function(win)
      return vim.api.nvim_win_get_config(win).relative ~= ''
    end, vim.api.nvim_tabpage_list_wins(0))`);
  await stage.editor.keys('gd');
  await stage.editor.until('the float', async () => (await floats()) === 1);
  stage.backend.on('command.plan', () => ({ do: 'table', queries: [{ resource: 'services' }] }));
  await stage.editor.command('Kubectl get services');
  await stage.editor.until('the services alone', async () => {
    return (await name()) === 'kubectl://prod/services' && (await floats()) === 0;
  });
  await stage.editor.keys('<BS>gd');
  await stage.editor.until('the float again', async () => (await floats()) === 1);
  await stage.editor.lua(`vim.bo.buftype, vim.bo.modified = 'acwrite', true`);
  await stage.editor.command('Kubectl get services');
  await stage.editor.until('the services', async () => (await name()) === 'kubectl://prod/services');
  expect(await floats()).toBe(1);
});
