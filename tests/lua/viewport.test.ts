/** Which lines are on a screen is told to the backend: after the first frame, after scrolls, for all windows. */
import { afterEach, expect, test } from 'vitest';
import { line, type Stage, spliceOf, startTable } from './fake.ts';

let stage: Stage;
const rows = (count: number) => Array.from({ length: count }, (_, index) => line(`k${index}`, `row ${index}`));
afterEach(async () => {
  await stage?.dispose();
});

type Seen = { readonly first: number; readonly last: number };

const told = (): Seen | undefined => {
  const last = stage.backend.all('view.viewport').at(-1);
  return last === undefined ? undefined : { first: last.first, last: last.last };
};

/** What Neovim itself says its windows show. */
const shown = async (): Promise<Seen> => {
  const [first, last] = await stage.editor.lua<[number, number]>(`
    local first, last
    for _, win in ipairs(vim.fn.win_findbuf(vim.api.nvim_get_current_buf())) do
      local top = vim.fn.getwininfo(win)[1].topline
      first = math.min(first or top, top)
      last = math.max(last or 0, top + vim.api.nvim_win_get_height(win) - 1)
    end
    return { first - 1, last - 1 }`);
  return { first, last };
};

const agreed = () =>
  stage.editor.until('the viewport to be told', async () => {
    const [is, said] = [await shown(), told()];
    return said?.first === is.first && said.last === is.last;
  });

test('the first frame, a jump to the end and the window’s height', async () => {
  stage = await startTable(rows(400));
  await agreed();
  expect(told()?.first).toBe(0);
  await stage.editor.keys('G');
  await agreed();
  expect(told()?.first).toBeGreaterThan(300);
  await stage.editor.command('new | wincmd p');
  await agreed();
});

test('two windows are one range', async () => {
  stage = await startTable(rows(400));
  await stage.editor.command('split');
  await stage.editor.keys('G');
  await agreed();
  expect(told()?.first).toBe(0);
  expect(told()?.last).toBeGreaterThan(390);
});

test('a burst of scrolls is few messages, and the last one counts', async () => {
  stage = await startTable(rows(2000));
  await agreed();
  const before = stage.backend.all('view.viewport').length;
  const start = performance.now();
  for (let step = 0; step < 200; step++) await stage.editor.keys('<C-e>');
  await agreed();
  const most = Math.ceil((performance.now() - start) / 30) + 2;
  expect(stage.backend.all('view.viewport').length - before).toBeLessThanOrEqual(most);
  expect(told()?.first).toBe(200);
});

test('frames that change nothing of what is seen say nothing', async () => {
  stage = await startTable(rows(400));
  await agreed();
  const before = stage.backend.all('view.viewport').length;
  for (let count = 0; count < 5; count++) await stage.backend.applied(1, [spliceOf(200, 1, [line('x')])], 400);
  expect(stage.backend.all('view.viewport')).toHaveLength(before);
});
