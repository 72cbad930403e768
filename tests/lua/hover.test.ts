/** `K` on a row. */
import { afterEach, expect, test } from 'vitest';
import { styleIndex } from '../../src/protocol/styles.ts';
import { line, type Stage, settled, spliceOf, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const floats = () =>
  stage.editor.lua<number>(`return #vim.tbl_filter(function(win)
    return vim.api.nvim_win_get_config(win).relative ~= ''
  end, vim.api.nvim_tabpage_list_wins(0))`);

const hovered = async (): Promise<void> => {
  stage = await startTable([line('a', 'row a'), line('b', 'row b'), line('c', 'row c')]);
  stage.backend.on('view.hover', ({ key }) => ({
    title: `pods/${key}`,
    lines: [`NAME  ${key}`, 'Containers', '  app waits: CrashLoopBackOff'],
    codes: ['0,4,12;', '', `0,29,${styleIndex('KubectlWarning')};`],
  }));
  await stage.editor.command('call cursor(2, 1)');
  await stage.editor.keys('K');
  await stage.editor.shows('app waits: CrashLoopBackOff');
};

test('shows what the backend says of the row, in its colours, under its name', async () => {
  await hovered();
  expect(await stage.backend.asked('view.hover')).toEqual({ view: 1, key: 'b' });
  await stage.editor.shows('pods/b');
  const warning = await stage.editor.lua<number>(
    `return vim.api.nvim_get_hl(0, { name = 'DiagnosticWarn', link = false }).fg`,
  );
  expect(stage.editor.grid.look('app waits').foreground).toBe(warning);
});

test('goes when the cursor leaves the row, not when the row moves', async () => {
  await hovered();
  await stage.backend.applied(1, [spliceOf(0, 0, [line('x', 'row x')])], 4);
  await stage.editor.shows('row x');
  await stage.editor.lua('return 1');
  expect(await floats()).toBe(1);
  await stage.editor.keys('l');
  await stage.editor.until('no float', async () => (await floats()) === 0);
  await stage.editor.keys('K');
  await stage.editor.until('the float', async () => (await floats()) === 1);
  await stage.editor.keys('j');
  await stage.editor.until('no float again', async () => (await floats()) === 0);
});

test('a second K goes into the float, q closes it', async () => {
  await hovered();
  await stage.editor.keys('K');
  await stage.editor.until('the float', () =>
    stage.editor.lua<boolean>(`return vim.api.nvim_win_get_config(0).relative ~= ''`),
  );
  await settled(stage);
  expect(stage.backend.all('view.hover')).toHaveLength(1);
  await stage.editor.keys('q');
  await stage.editor.until('no float', async () => (await floats()) === 0);
});

test('q closes it from the table as well, and then records macros again', async () => {
  await hovered();
  await stage.editor.keys('q');
  await stage.editor.until('no float', async () => (await floats()) === 0);
  expect(await stage.editor.lua('return vim.fn.reg_recording()')).toBe('');
  await stage.editor.keys('qa');
  await stage.editor.until('a macro', async () => (await stage.editor.lua('return vim.fn.reg_recording()')) === 'a');
});

test('so it does after the float went by a move, and for the next float', async () => {
  await hovered();
  await stage.editor.keys('j');
  await stage.editor.until('no float', async () => (await floats()) === 0);
  await stage.editor.keys('K');
  await stage.editor.until('the next float', async () => (await floats()) === 1);
  await stage.editor.keys('q');
  await stage.editor.until('no float again', async () => (await floats()) === 0);
  await stage.editor.keys('K');
  await stage.editor.until('one more float', async () => (await floats()) === 1);
  await stage.editor.keys('k');
  await stage.editor.until('no float at last', async () => (await floats()) === 0);
  await stage.editor.keys('qa');
  await stage.editor.until('a macro', async () => (await stage.editor.lua('return vim.fn.reg_recording()')) === 'a');
});

test('an answer that comes when the cursor is elsewhere is not shown, and a deleted row is not asked about', async () => {
  stage = await startTable([line('a', 'row a'), line('b', 'row b')]);
  let answer = (): void => undefined;
  stage.backend.on('view.hover', async () => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return { title: 'pods/a', lines: ['late'], codes: [''] };
  });
  await stage.editor.keys('K');
  await stage.backend.asked('view.hover');
  await stage.editor.keys('j');
  await stage.editor.until('the next row', async () => (await stage.editor.cursor())[0] === 2);
  answer();
  // Messages arrive in order: what is shown now came after the answer.
  stage.backend.state(1, { right: 'answered' });
  await stage.editor.shows('answered');
  expect(await floats()).toBe(0);
  await stage.backend.applied(1, [spliceOf(1, 1, [])], 1);
  await stage.editor.keys('K');
  await stage.editor.reports('This object is gone');
  await settled(stage);
  expect(stage.backend.all('view.hover')).toHaveLength(1);
});
