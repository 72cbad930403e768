/** What frames cost the editor at 50,000 rows, in CPU time of its own, which a busy machine does not lengthen. */
import { afterEach, expect, test } from 'vitest';
import type { Splice } from '../../src/protocol/wire.ts';
import { line, type Stage, spliceOf, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const size = 50_000;
const cells = 'x'.repeat(90);
const rowOf = (name: number) => line(`${name}-0000-0000-0000-000000000000`, `row-${name} ${cells}`, '0,10,3;12,40,1;');
const rows = (count: number, from: number) => Array.from({ length: count }, (_, index) => rowOf(from + index));

/** Measures each frame with the drawing it causes. */
const measure = () =>
  stage.editor.lua(`
    local buffer = require('kubectl.buffer')
    local apply = buffer.apply
    _G.costs = {}
    buffer.apply = function(...)
      local start = os.clock()
      local outcome = apply(...)
      vim.cmd.redraw()
      table.insert(_G.costs, (os.clock() - start) * 1000)
      return outcome
    end`);

const costs = async (): Promise<{ median: number; most: number }> => {
  const all = await stage.editor.lua<number[]>('local costs = _G.costs; _G.costs = {}; return costs');
  const sorted = all.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? 0, most: sorted.at(-1) ?? 0 };
};

/** 33 changes all over the table, as a burst of events makes them: replaced, gone, come. */
const churn = (round: number, at: { total: number; next: number }): Splice[] =>
  Array.from({ length: 33 }, (_, index) => {
    const start = 1500 * index + ((round * 37) % 1000);
    const what = (index + round) % 3;
    if (what === 0) return spliceOf(start, 1, [rowOf(at.next++)]);
    if (what === 1) at.total -= 1;
    else at.total += 1;
    return what === 1 ? spliceOf(start, 1, []) : spliceOf(start, 0, [rowOf(at.next++)]);
  });

test('50,000 rows: loading, churn and a new order block the editor for a few ms each', async () => {
  stage = await startTable([]);
  await measure();
  for (let at = 0; at < size; at += 500) {
    await stage.backend.applied(1, [spliceOf(at, at === 0 ? -1 : 0, rows(500, at))], at + 500, { last: false });
  }
  const loading = await costs();
  // What watches a buffer is told of every splice; two windows, folds and a selection have to follow.
  await stage.editor.command(
    'split | 100,2000fold | call cursor(40000, 1) | wincmd w | 25000mark a | call cursor(25000, 1)',
  );
  await stage.editor.lua(`vim.api.nvim_buf_attach(0, false, { on_lines = function() end })
    local sheet = require('kubectl.view').of(0).sheet
    require('kubectl.buffer').select(sheet, 1000, 3000, true)
    vim.wo.list, vim.wo.number, vim.wo.signcolumn, vim.wo.spell = true, true, 'yes', true`);
  await costs();
  const table = { total: size, next: 10 * size };
  for (let round = 0; round < 40; round++) {
    const splices = churn(round, table);
    await stage.backend.applied(1, splices, table.total);
  }
  const churning = await costs();
  const order = rows(60, 5_000_000);
  await stage.backend.applied(1, [spliceOf(0, -1, order)], 60, { gen: 2 });
  const turning = await costs();
  const say = ({ median, most }: { median: number; most: number }) => `${median.toFixed(1)} / ${most.toFixed(1)} ms`;
  process.stderr.write(
    `50,000 rows, median / most: loading ${say(loading)}, churn ${say(churning)}, a new order ${say(turning)}\n`,
  );
  expect(loading.median).toBeLessThan(8);
  // LuaJIT rehashes all its strings when their number has doubled: once in a while a frame pays for that.
  expect(loading.most).toBeLessThan(40);
  expect(churning.median).toBeLessThan(8);
  expect(churning.most).toBeLessThan(16);
  expect(turning.most).toBeLessThan(32);
});
