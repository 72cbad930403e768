import { afterEach, expect, test } from 'vitest';
import { line, type Stage, settled, spliceOf, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => line(`k${index + from}`, `row ${index + from} of the table`));

const goTo = async (number: number): Promise<void> => {
  await stage.editor.lua('vim.api.nvim_win_set_cursor(0, { ..., 3 })', number);
  await stage.editor.command('redraw');
};

/** Line under the cursor, its number, the window's first line. */
const seat = () =>
  stage.editor.lua<{ text: string; line: number; top: number; column: number }>(`
    local view = vim.fn.winsaveview()
    return { text = vim.api.nvim_get_current_line(), line = view.lnum, top = view.topline, column = view.col }`);

test('rows inserted and deleted above move the cursor with its object', async () => {
  stage = await startTable(rows(30));
  await goTo(10);
  await stage.backend.applied(1, [spliceOf(2, 0, rows(3, 100))], 33);
  expect(await seat()).toMatchObject({ text: 'row 9 of the table', line: 13, column: 3 });
  await stage.backend.applied(1, [spliceOf(0, 5, [])], 28);
  expect(await seat()).toMatchObject({ text: 'row 9 of the table', line: 8, column: 3 });
});

test('the screen does not jump when rows come in above what is seen', async () => {
  stage = await startTable(rows(200));
  await stage.editor.command('normal! 100Gzt');
  await stage.editor.shows('row 105');
  const before = stage.editor.grid.text();
  await stage.backend.applied(1, [spliceOf(10, 0, rows(7, 500))], 207);
  await stage.editor.command('redraw');
  expect(await seat()).toMatchObject({ text: 'row 99 of the table', line: 107, top: 107 });
  expect(stage.editor.grid.text()).toBe(before);
});

test('a sort moves the cursor to where its object went', async () => {
  stage = await startTable(rows(100));
  await goTo(20);
  await stage.backend.applied(1, [spliceOf(0, -1, rows(100).reverse().slice(0, 50))], 50, { gen: 2, last: false });
  await stage.backend.applied(1, [spliceOf(50, 0, rows(100).reverse().slice(50))], 100, { gen: 2 });
  expect(await seat()).toMatchObject({ text: 'row 19 of the table', line: 81 });
});

test('a filter that hides the object gives it back when it is lifted', async () => {
  stage = await startTable(rows(50));
  await goTo(33);
  await stage.backend.applied(1, [spliceOf(0, -1, rows(5))], 5, { gen: 2, turned: true });
  expect(await stage.editor.lines()).toHaveLength(5);
  expect(stage.editor.grid.text()).not.toContain('deleted');
  await stage.backend.applied(1, [spliceOf(0, -1, rows(50))], 50, { gen: 3, turned: true });
  expect(await seat()).toMatchObject({ text: 'row 32 of the table', line: 33 });
});

test('a table that is loaded again comes back as it stood: same object, same height, no empty lines', async () => {
  stage = await startTable(rows(10));
  await goTo(3);
  stage.backend.state(1, { phase: 'loading', right: '◌ 0' });
  await stage.editor.shows('◌ 0');
  await stage.backend.applied(1, [spliceOf(0, -1, [line('', 'Loading…')])], 1, { gen: 2, turned: true, partial: true });
  await stage.backend.applied(1, [spliceOf(0, 1, rows(10))], 10, { gen: 2 });
  expect(await seat()).toMatchObject({ text: 'row 2 of the table', line: 3, top: 1 });
});

test('a cursor moved meanwhile is not taken back', async () => {
  stage = await startTable(rows(50));
  await goTo(33);
  await stage.backend.applied(1, [spliceOf(0, -1, rows(5))], 5, { gen: 2, turned: true });
  await goTo(2);
  await stage.backend.applied(1, [spliceOf(0, -1, rows(50))], 50, { gen: 3, turned: true });
  expect(await seat()).toMatchObject({ text: 'row 1 of the table', line: 2 });
});

test('a deleted object stays struck through until the cursor leaves it, and is no target', async () => {
  stage = await startTable(rows(10));
  await goTo(5);
  await stage.backend.applied(1, [spliceOf(4, 1, [])], 9);
  await stage.editor.shows(/row 4 of the table.*deleted \d s ago/);
  expect(stage.editor.grid.look('row 4 of').strikethrough).toBe(true);
  expect(await seat()).toMatchObject({ text: 'row 4 of the table', line: 5 });
  await stage.editor.keys('gd');
  await stage.editor.reports('This object is gone');
  await settled(stage);
  expect(stage.backend.all('describe.open')).toHaveLength(0);
  // Frames still meet the lines they know, above and below it.
  await stage.backend.applied(1, [spliceOf(0, 1, []), spliceOf(3, 1, rows(1, 700)), spliceOf(8, 0, rows(1, 800))], 9);
  expect(await stage.editor.lines()).toEqual(
    [1, 2, 3, 4, 700, 6, 7, 8, 9, 800].map((index) => `row ${index} of the table`),
  );
  expect(await seat()).toMatchObject({ text: 'row 4 of the table', line: 4 });
  await stage.editor.keys('j');
  await stage.editor.until('nine lines', async () => (await stage.editor.lines()).length === 9);
  expect(await seat()).toMatchObject({ text: 'row 700 of the table', line: 4 });
});

test('an object that is deleted and made again under another key is not the same', async () => {
  stage = await startTable(rows(3));
  await goTo(2);
  await stage.backend.applied(1, [spliceOf(1, 1, [line('other', 'row 1 of the table')])], 3);
  expect(await stage.editor.lines()).toHaveLength(4);
  const ghost = await stage.editor.lua<string | null>(
    `return select(2, require('kubectl.buffer').key(require('kubectl.view').of(0).sheet, vim.fn.line('.')))`,
  );
  expect(ghost).toBe('row 1 of the table');
});

test('each window keeps its own object', async () => {
  stage = await startTable(rows(100));
  await goTo(80);
  await stage.editor.command('split');
  await goTo(10);
  await stage.backend.applied(1, [spliceOf(40, 5, []), spliceOf(0, 0, rows(2, 500))], 97);
  expect(await seat()).toMatchObject({ text: 'row 9 of the table', line: 12 });
  await stage.editor.command('wincmd w');
  expect(await seat()).toMatchObject({ text: 'row 79 of the table', line: 77 });
});

test('while the first rows stream in an untouched cursor stays at the top', async () => {
  stage = await startTable([]);
  stage.backend.state(1, { phase: 'loading', right: '◌ 3' });
  await stage.backend.applied(1, [spliceOf(0, -1, rows(3, 50))], 3, { partial: true });
  await stage.backend.applied(1, [spliceOf(0, 0, rows(40))], 43, { partial: true });
  expect(await seat()).toMatchObject({ text: 'row 0 of the table', line: 1, top: 1 });
  await stage.backend.applied(1, [], 43);
  stage.backend.state(1);
  await stage.backend.applied(1, [spliceOf(0, 0, rows(1, 900))], 44);
  expect(await seat()).toMatchObject({ text: 'row 0 of the table', line: 2, top: 1 });
});

test('a visual range keeps its end at the cursor, a search its place', async () => {
  stage = await startTable(rows(60));
  await stage.editor.command('normal! 20G');
  await stage.editor.keys('Vjj');
  await stage.editor.until('a range', async () => (await seat()).line === 22);
  await stage.backend.applied(1, [spliceOf(0, 0, rows(4, 500))], 64);
  const [first, last] = await stage.editor.lua<[number, number]>(`return { vim.fn.line('v'), vim.fn.line('.') }`);
  expect([first, last]).toEqual([24, 26]);
  await stage.editor.keys('<Esc>/row 40 of<CR>');
  await stage.editor.until('the match', async () => (await seat()).text.startsWith('row 40 '));
});

test('the selection is of objects, shown and counted through splices', async () => {
  stage = await startTable(rows(10));
  await stage.editor.keys('gg<Tab><Tab>');
  await stage.editor.shows('2 selected');
  await stage.backend.applied(1, [spliceOf(0, 0, rows(2, 500))], 12);
  const selected = await stage.editor.lua<string[]>(`return require('kubectl').selection({ buf = 0 })`);
  expect(selected).toEqual(['k0', 'k1']);
  await stage.editor.until('the mark on both rows', () => {
    const lines = stage.editor.grid.lines();
    return lines.filter((each) => each.includes('»')).length === 2;
  });
  const visual = await stage.editor.lua<number>(`return vim.api.nvim_get_hl(0, { name = 'Visual', link = false }).bg`);
  const place = stage.editor.grid.find('»');
  expect(stage.editor.grid.attributes(place?.row ?? 0, 2).background).toBe(visual);
  await stage.editor.keys('ggVjj<Tab>');
  await stage.editor.shows('4 selected');
  await stage.editor.keys('<S-Tab>');
  await stage.editor.until('nothing selected', () => !stage.editor.grid.text().includes('selected'));
});

test('a table that comes again bit by bit from a new backend keeps the cursor and the selection on their objects', async () => {
  stage = await startTable(rows(4));
  const { backend, editor } = stage;
  backend.state(1);
  await goTo(3);
  await editor.keys('<Tab>');
  await goTo(3);
  backend.state(1, { phase: 'ended' });
  const asked = backend.all('view.open').length;
  backend.send({ type: 'reopen', view: 1 });
  await editor.until('it is asked for', () => backend.all('view.open').length > asked);
  // Its first rows are there before anything is told of them.
  await backend.applied(1, [spliceOf(0, -1, rows(1, 3))], 1, { gen: 9, partial: true });
  backend.state(1, { phase: 'loading' });
  backend.state(1, { phase: 'live' });
  await backend.applied(1, [spliceOf(0, 0, rows(2))], 3, { gen: 9, partial: true });
  await backend.applied(1, [spliceOf(2, 0, rows(1, 2))], 4, { gen: 9 });
  expect(await seat()).toMatchObject({ text: 'row 2 of the table', line: 3 });
  expect(editor.grid.text()).not.toContain('deleted');
  expect(await editor.lua(`return require('kubectl.selection').keys(require('kubectl.view').of(0).sheet)`)).toEqual([
    'k2',
  ]);
});

test('a row that is deleted while the table is sorted anew was deleted, not hidden', async () => {
  stage = await startTable(rows(10));
  await goTo(4);
  const others = rows(10).filter((_, index) => index !== 3);
  await stage.backend.applied(1, [spliceOf(0, -1, others.toReversed())], 9, { gen: 2 });
  await stage.editor.shows(/row 3 of the table.*deleted/);
  expect(await seat()).toMatchObject({ text: 'row 3 of the table' });
});
