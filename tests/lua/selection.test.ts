/** Which objects are selected, while rows come, go, move and are filtered. */
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { difference } from '../../src/frame/diff.ts';
import type { Line, LineBlocks } from '../../src/protocol/line.ts';
import { line, type Stage, spliceOf, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const rows = (names: readonly (string | number)[]): Line[] => names.map((name) => line(`k${name}`, `row ${name}`));

/** Selected and shown, counted and as a list; everything that is remembered as selected. */
const selection = () =>
  stage.editor.lua<{ chosen: number; keys: string[]; kept: string[] }>(`
    local sheet = require('kubectl.view').of(0).sheet
    local kept = vim.tbl_keys(sheet.selected)
    table.sort(kept)
    return { chosen = sheet.chosen, keys = require('kubectl').selection({ buf = 0 }), kept = kept }`);

test('a deleted row is selected no more, even if its object comes again', async () => {
  stage = await startTable(rows(['a', 'b', 'c']));
  await stage.editor.keys('gg<Tab><Tab>');
  await stage.editor.shows('2 selected');
  await stage.editor.command('3');
  await stage.backend.applied(1, [spliceOf(0, 1, [])], 2);
  expect(await selection()).toEqual({ chosen: 1, keys: ['kb'], kept: ['kb'] });
  await stage.backend.applied(1, [spliceOf(0, 0, rows(['a']))], 3);
  expect(await selection()).toEqual({ chosen: 1, keys: ['kb'], kept: ['kb'] });
  stage.backend.state(1);
  await stage.editor.shows('1 selected');
});

test('a row that moves in two frames stays selected', async () => {
  stage = await startTable(rows(['a', 'b', 'c']));
  await stage.editor.keys('gg<Tab>');
  await stage.editor.shows('1 selected');
  await stage.backend.applied(1, [spliceOf(0, 1, [])], 2, { last: false });
  await stage.backend.applied(1, [spliceOf(2, 0, rows(['a']))], 3);
  expect(await selection()).toEqual({ chosen: 1, keys: ['ka'], kept: ['ka'] });
  await stage.backend.applied(1, [spliceOf(0, 0, rows(['a']))], 4, { last: false });
  await stage.backend.applied(1, [spliceOf(3, 1, [])], 3);
  expect(await selection()).toEqual({ chosen: 1, keys: ['ka'], kept: ['ka'] });
});

test('what a filter hides stays selected and is counted as hidden', async () => {
  stage = await startTable(rows(['a', 'b', 'c']));
  await stage.editor.keys('gg<Tab><Tab>');
  await stage.editor.shows('2 selected');
  await stage.backend.applied(1, [spliceOf(0, -1, rows(['b']))], 1, { gen: 2, turned: true });
  expect(await selection()).toEqual({ chosen: 1, keys: ['kb', 'ka'], kept: ['ka', 'kb'] });
  // The frame alone: its state may have come before it.
  await stage.editor.shows('2 selected, 1 hidden');
  await stage.editor.keys('gD');
  expect(await stage.backend.asked('action.menu')).toMatchObject({ view: 1, keys: ['kb', 'ka'] });
  await stage.backend.applied(1, [spliceOf(1, 0, rows(['d']))], 2, { gen: 2 });
  await stage.backend.applied(1, [spliceOf(0, -1, rows(['a', 'b', 'c']))], 3, { gen: 3, turned: true });
  expect(await selection()).toEqual({ chosen: 2, keys: ['ka', 'kb'], kept: ['ka', 'kb'] });
});

test('many selected rows are counted as rows are', async () => {
  stage = await startTable(rows(Array.from({ length: 1200 }, (_, index) => index)));
  await stage.editor.keys('ggVG<Tab>');
  await stage.editor.shows('1,200 selected');
});

test('the count is what a walk over all rows finds, whatever the splices', async () => {
  stage = await startTable([]);
  let held: LineBlocks = [];
  const members = fc.array(fc.boolean(), { minLength: 60, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(members, fc.boolean(), fc.nat(), async (chosen, turned, at) => {
      const names = chosen.flatMap((isIn, name) => (isIn ? [name] : []));
      const target = rows(turned ? names.reverse() : names);
      const before = await selection();
      for (let complete = false; !complete; ) {
        const step = difference(held, [target], { lines: 25, bytes: 10_000 });
        const splices = step.operations.map(({ start, removed, lines }) => spliceOf(start, removed, lines));
        await stage.backend.applied(1, splices, step.result.flat().length, { last: step.complete });
        held = step.result;
        complete = step.complete;
      }
      const keys = target.map(({ key }) => key);
      const expected = keys.filter((key) => before.kept.includes(key));
      expect(await selection()).toEqual({
        chosen: expected.length,
        keys: expected,
        kept: expected.toSorted(),
      });
      await stage.editor.lua(
        `local sheet = require('kubectl.view').of(0).sheet
        local line = ... % math.max(1, sheet.size) + 1
        require('kubectl.buffer').select(sheet, line, math.min(line + 20, sheet.size), true)`,
        at,
      );
    }),
    { numRuns: 40 },
  );
});

test('a state is drawn without a walk over the rows', async () => {
  stage = await startTable(rows(Array.from({ length: 20 }, (_, index) => index)));
  await stage.editor.keys('gg<Tab>');
  await stage.editor.shows('1 selected');
  await stage.editor.lua(`
    local function walk() _G.walked = true return {} end
    require('kubectl.buffer').selection, require('kubectl.selection').keys = walk, walk`);
  stage.backend.state(1, { middle: 'drawn' });
  await stage.editor.shows('drawn  1 selected');
  expect(await stage.editor.lua('return _G.walked == nil')).toBe(true);
});
