import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { difference } from '../../src/frame/diff.ts';
import type { LineBlocks } from '../../src/protocol/line.ts';
import { styleIndex } from '../../src/protocol/styles.ts';
import { line, type Stage, settled, spliceOf, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const rows = (count: number, prefix = 'row') =>
  Array.from({ length: count }, (_, index) => line(`${prefix}-${index}`, `${prefix}-${index} text`));

/** Texts and keys of the view's lines: what is left of deleted objects under a cursor is not the view's. */
const shown = () =>
  stage.editor.lua<[text: string, key: string][]>(`
    local view = require('kubectl.view').of(0)
    local lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
    local found = {}
    for index, text in ipairs(lines) do
      local key, ghost = require('kubectl.buffer').key(view.sheet, index)
      if not ghost then table.insert(found, { text, key }) end
    end
    return found`);

/** Whether keys and codes have one entry for each line and none beyond. */
const lengths = () =>
  stage.editor.lua<[boolean, boolean]>(`
    local sheet = require('kubectl.view').of(0).sheet
    local size = math.max(1, sheet.size)
    local lines = vim.api.nvim_buf_line_count(0)
    return { #sheet.keys == sheet.size and #sheet.codes == sheet.size, lines == size }`);

test('the first frame fills an empty buffer, the next ones change it in order', async () => {
  stage = await startTable(rows(3));
  expect(await stage.editor.lines()).toEqual(['row-0 text', 'row-1 text', 'row-2 text']);
  await stage.backend.applied(1, [spliceOf(1, 1, []), spliceOf(0, 0, rows(2, 'new')), spliceOf(3, 1, [line('z')])], 4);
  expect(await stage.editor.lines()).toEqual(['new-0 text', 'new-1 text', 'row-0 text', 'z']);
  expect((await shown()).map(([, key]) => key)).toEqual(['new-0', 'new-1', 'row-0', 'z']);
});

test('any splices leave what a model of them leaves', async () => {
  stage = await startTable([]);
  let model = [] as ReturnType<typeof rows>;
  let next = 0;
  const change = fc.record({ at: fc.nat(), removed: fc.nat(6), added: fc.nat(6) });
  const frames = fc.array(fc.array(change, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(frames, fc.nat(), async (all, cursor) => {
      for (const changes of all) {
        const splices = changes.map(({ at, removed, added }) => {
          const start = at % (model.length + 1);
          const gone = Math.min(removed, model.length - start);
          const lines = Array.from({ length: added }, () => line(`k${next++}`, `text ${next} ⇄ é`));
          model = model.toSpliced(start, gone, ...lines);
          return spliceOf(start, gone, lines);
        });
        await stage.backend.applied(1, splices, model.length);
        const expected = model.map((each) => [each.text, each.key]);
        // A buffer has a line even when the view has none.
        expect((await shown()).filter(([text, key]) => text !== '' || key !== '')).toEqual(expected);
        expect(await lengths()).toEqual([true, true]);
        await stage.editor.lua('vim.cmd(tostring(... % vim.fn.line("$") + 1))', cursor);
      }
    }),
    { numRuns: 30 },
  );
});

test('what the sender makes of two lists turns the one into the other, however many splices it takes', async () => {
  stage = await startTable([]);
  let held: LineBlocks = [];
  const members = fc.array(fc.boolean(), { minLength: 120, maxLength: 120 });
  let most = 0;
  await fc.assert(
    fc.asyncProperty(members, fc.boolean(), fc.nat(), async (chosen, turned, cursor) => {
      const names = chosen.flatMap((isIn, name) => (isIn ? [name] : []));
      const target = (turned ? names.reverse() : names).map((name) => line(`k${name}`, `text ${name} ${cursor % 2}`));
      for (let complete = false; !complete; ) {
        const step = difference(held, [target], { lines: 40, bytes: 10_000 });
        const splices = step.operations.map(({ start, removed, lines }) => spliceOf(start, removed, lines));
        most = Math.max(most, splices.length);
        await stage.backend.applied(1, splices, step.result.flat().length, { last: step.complete });
        held = step.result;
        complete = step.complete;
      }
      const expected = target.map((each) => [each.text, each.key]);
      expect((await shown()).filter(([text, key]) => text !== '' || key !== '')).toEqual(expected);
      expect(await lengths()).toEqual([true, true]);
      await stage.editor.lua('vim.cmd(tostring(... % vim.fn.line("$") + 1))', cursor);
    }),
    { numRuns: 40 },
  );
  expect(most).toBeGreaterThan(10);
});

test('a frame that does not fit asks for the whole view, which repairs the buffer', async () => {
  stage = await startTable(rows(3));
  stage.backend.frame(1, [spliceOf(7, 2, rows(1))], 2);
  await stage.backend.asked('view.resend');
  expect(stage.backend.all('view.ack')).toHaveLength(1);
  await stage.backend.applied(1, [spliceOf(0, -1, [...rows(1), line('again')])], 2);
  expect(await stage.editor.lines()).toEqual(['row-0 text', 'again']);
});

test('lines of an older generation are dropped and never acknowledged', async () => {
  stage = await startTable(rows(2));
  await stage.backend.applied(1, [spliceOf(0, -1, rows(1, 'sorted'))], 1, { gen: 3, turned: true });
  const stale = stage.backend.frame(1, [spliceOf(0, -1, rows(2, 'old'))], 2, { gen: 2 });
  await stage.backend.applied(1, [spliceOf(1, 0, rows(1, 'next'))], 2, { gen: 3 });
  expect(await stage.editor.lines()).toEqual(['sorted-0 text', 'next-0 text']);
  expect(stage.backend.all('view.ack').map(({ seq }) => seq)).not.toContain(stale);
  expect(stage.backend.all('view.resend')).toEqual([]);
});

test('an engine that ended is left behind by gr: the table is opened anew and its frames are shown', async () => {
  stage = await startTable(rows(2));
  await stage.backend.applied(1, [spliceOf(0, -1, rows(2))], 2, { gen: 7 });
  stage.backend.state(1, { phase: 'ended', right: '✕ the engine ended' });
  await stage.editor.shows('✕ the engine ended');
  await stage.editor.keys('gr');
  await stage.backend.asked('view.open', 2);
  expect(stage.backend.all('view.refresh')).toEqual([]);
  await stage.backend.applied(1, [spliceOf(0, -1, rows(1, 'afresh'))], 1, { gen: 1 });
  expect(await stage.editor.lines()).toEqual(['afresh-0 text']);
});

const modifiable = () => stage.editor.lua<boolean>('return vim.bo.modifiable');

/** Makes a function of a module fail until `_G.mended` is set. */
const sabotage = (module: string, name: string) =>
  stage.editor.lua(
    `local module, name = require(...), select(2, ...)
    local real = module[name]
    module[name] = function(...)
      if not _G.mended then error('sabotaged ' .. name) end
      return real(...)
    end`,
    module,
    name,
  );

test.each(['take', 'settle', 'give'])(
  'a failure of seats.%s is said once and mended by the whole view',
  async (name) => {
    stage = await startTable(rows(3));
    await stage.editor.command('3');
    await stage.backend.applied(1, [spliceOf(0, 1, [line('row-0', 'changed')])], 3);
    await sabotage('kubectl.seats', name);
    stage.backend.frame(1, [spliceOf(0, 0, rows(1, 'new'))], 4);
    await stage.backend.asked('view.resend');
    stage.backend.frame(1, [spliceOf(0, -1, [...rows(1, 'new'), ...rows(3)])], 4);
    await stage.backend.asked('view.resend', 2);
    expect(await modifiable()).toBe(false);
    const said = await stage.editor.lua<string[]>(`return require('kubectl.report').history`);
    expect(said.filter((text) => text.includes('sabotaged'))).toHaveLength(1);
    await stage.editor.lua('_G.mended = true');
    await stage.backend.applied(1, [spliceOf(0, -1, [...rows(1, 'new'), ...rows(3)])], 4);
    expect(await stage.editor.lines()).toEqual(['new-0 text', 'row-0 text', 'row-1 text', 'row-2 text']);
    expect(await lengths()).toEqual([true, true]);
    expect(await modifiable()).toBe(false);
  },
);

test('lines somebody else took away are noticed by the next frame', async () => {
  stage = await startTable(rows(3));
  await stage.editor.command('setlocal modifiable | 1delete');
  stage.backend.frame(1, [spliceOf(2, 1, rows(1, 'new'))], 3);
  await stage.backend.asked('view.resend');
  await stage.backend.applied(1, [spliceOf(0, -1, rows(3))], 3);
  expect(await stage.editor.lines()).toEqual(['row-0 text', 'row-1 text', 'row-2 text']);
  expect(await lengths()).toEqual([true, true]);
  expect(await modifiable()).toBe(false);
});

test.each(['gD', 'ga', 'gd', '<CR>', '<Tab>gD'])(
  'after such a theft %s refuses, and the table is mended',
  async (keys) => {
    stage = await startTable(rows(3));
    await stage.backend.asked('hello');
    await stage.editor.command('setlocal modifiable | 1delete');
    await stage.editor.keys(keys);
    await stage.editor.reports('The lines of this table were changed by something else');
    await stage.backend.asked('view.resend');
    await settled(stage);
    for (const method of ['action.menu', 'describe.open', 'view.drill'] as const) {
      expect(stage.backend.all(method)).toEqual([]);
    }
    await stage.backend.applied(1, [spliceOf(0, -1, rows(3))], 3);
    expect(await stage.editor.lines()).toEqual(['row-0 text', 'row-1 text', 'row-2 text']);
  },
);

test('an unloaded table sleeps until it is looked at', async () => {
  stage = await startTable(rows(3));
  await stage.editor.command('enew | bunload #');
  stage.backend.frame(1, [spliceOf(0, 1, rows(1, 'new'))], 3);
  await stage.backend.asked('view.close');
  await stage.editor.command('buffer kubectl://prod/pods');
  await stage.backend.asked('view.open', 2);
  await stage.backend.applied(1, [spliceOf(0, -1, rows(3))], 3, { gen: 2 });
  expect(await stage.editor.lines()).toEqual(['row-0 text', 'row-1 text', 'row-2 text']);
});

test('codes become colours, of visible lines only', async () => {
  const error = `0,5,${styleIndex('KubectlError')};`;
  const lines = Array.from({ length: 500 }, (_, index) => line(`k${index}`, `line ${index}`, error));
  stage = await startTable(lines);
  await stage.editor.shows('line 10');
  const red = await stage.editor.lua<number>(
    `return vim.api.nvim_get_hl(0, { name = 'DiagnosticError', link = false }).fg`,
  );
  const at = stage.editor.grid.find('line 10');
  await stage.editor.until('its colour', () => stage.editor.grid.attributes(at?.row ?? 0, 0).foreground === red);
  expect(stage.editor.grid.attributes(at?.row ?? 0, 6).foreground).not.toBe(red);
  const marks = await stage.editor.lua<number>(`
    local count = 0
    for _, id in pairs(vim.api.nvim_get_namespaces()) do
      count = count + #vim.api.nvim_buf_get_extmarks(0, id, 0, -1, {})
    end
    return count`);
  expect(marks).toBe(0);
});

test('marks and folds stay with their lines when rows come in above', async () => {
  stage = await startTable(rows(20));
  await stage.editor.command('11mark a | 14,15fold | 20');
  await stage.backend.applied(1, [spliceOf(2, 0, rows(3, 'new'))], 23);
  const [mark, fold] = await stage.editor.lua<[number, number]>(`return { vim.fn.line("'a"), vim.fn.foldclosed(17) }`);
  expect(mark).toBe(14);
  expect(fold).toBe(17);
});

test('10,000 rows arrive in frames that cost the editor little each', async () => {
  stage = await startTable([]);
  // Time of the editor's own work, which a busy machine does not lengthen.
  await stage.editor.lua(`
    local buffer = require('kubectl.buffer')
    local apply = buffer.apply
    _G.longest, _G.sum = 0, 0
    buffer.apply = function(...)
      local start = os.clock()
      local outcome = apply(...)
      local spent = (os.clock() - start) * 1000
      _G.longest, _G.sum = math.max(_G.longest, spent), _G.sum + spent
      return outcome
    end`);
  const wide = 'x'.repeat(200);
  for (let at = 0; at < 10_000; at += 500) {
    const lines = rows(500, `part-${at}`).map((each) => ({ ...each, text: `${each.text} ${wide}` }));
    await stage.backend.applied(1, [spliceOf(at, at === 0 ? -1 : 0, lines)], at + 500, { last: at === 9_500 });
  }
  expect(await stage.editor.lua('return vim.api.nvim_buf_line_count(0)')).toBe(10_000);
  const [longest, sum] = await stage.editor.lua<[number, number]>('return { _G.longest, _G.sum }');
  process.stderr.write(`10,000 rows: ${sum.toFixed(1)} ms in 20 frames, longest ${longest.toFixed(1)} ms\n`);
  expect(longest).toBeLessThan(16);
});
