/** Cursors, ends of visual ranges and marks are on objects: whatever frames come, in every window, whatever keys are pending. */
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { Line } from '../../src/protocol/line.ts';
import type { Splice } from '../../src/protocol/wire.ts';
import { line, type Stage, settled, spliceOf, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const rows = (names: readonly (string | number)[], note = ''): Line[] =>
  names.map((name) => line(`k${name}`, `row ${name} of the table${note}`));
const count = (size: number, from = 0): number[] => Array.from({ length: size }, (_, index) => index + from);

/** What the buffer holds, as the sender knows it. */
let held: readonly Line[] = [];
let gen = 1;

/** Splices from the top that make one list more like another; an object that moves up is there twice for a while. */
const towards = (target: readonly Line[], most: number): { splices: Splice[]; complete: boolean } => {
  const splices: Splice[] = [];
  const change = (start: number, removed: number, lines: readonly Line[]): void => {
    splices.push(spliceOf(start, removed, lines));
    held = held.toSpliced(start, removed, ...lines);
  };
  let at = 0;
  while (splices.length < most && (at < target.length || at < held.length)) {
    const is = target[at];
    const was = held[at];
    const remaining = new Set(target.slice(at).map(({ key }) => key));
    if (is === undefined) change(at, held.length - at, []);
    else if (was?.key === is.key) {
      if (was.text !== is.text) change(at, 1, [is]);
      at += 1;
    } else if (was !== undefined && !remaining.has(was.key)) change(at, 1, []);
    else {
      change(at, 0, [is]);
      at += 1;
    }
  }
  return { splices, complete: at >= target.length && held.length === target.length };
};

/** Brings the buffer to a target in as many frames as its budget asks for. */
const become = async (target: readonly Line[], turned: boolean): Promise<void> => {
  if (turned) gen += 1;
  for (let complete = false; !complete; ) {
    const step = towards(target, 30);
    complete = step.complete;
    await stage.backend.applied(1, step.splices, held.length, { gen, last: complete });
  }
};

const begin = async (names: readonly number[]): Promise<void> => {
  held = rows(names);
  gen = 1;
  stage = await startTable(held);
};

const goTo = (number: number) => stage.editor.lua('vim.api.nvim_win_set_cursor(0, { ..., 0 })', number);

/** Keys under the cursors of all windows; of what is left of a deleted object `ghost` and its key. */
const underCursors = () =>
  stage.editor.lua<string[]>(`
    local buffer, found = require('kubectl.buffer'), {}
    local view = require('kubectl.view').of(0)
    for _, win in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
      local key, ghost = buffer.key(view.sheet, vim.api.nvim_win_get_cursor(win)[1])
      table.insert(found, ghost and 'ghost k' .. ghost:match('%d+') or key)
    end
    return found`);

/** Keys of lines by what vim.fn.line() understands: "'a", 'v', '.'; '' for none. */
const at = (...places: readonly string[]) =>
  stage.editor.lua<string[]>(
    `local sheet = require('kubectl.view').of(0).sheet
    return vim.tbl_map(function(place) return sheet.keys[vim.fn.line(place)] or '' end, ...)`,
    places,
  );

const members = fc.array(fc.boolean(), { minLength: 70, maxLength: 70 });
const step = fc.record({
  members,
  order: fc.constantFrom('up', 'down', 'mixed'),
  turned: fc.boolean(),
  note: fc.nat(1),
  move: fc.option(fc.record({ window: fc.nat(2), line: fc.nat(), mark: fc.boolean() })),
});

const targetOf = ({ members: chosen, order, note }: { members: boolean[]; order: string; note: number }): Line[] => {
  const names = chosen.flatMap((isIn, name) => (isIn ? [name] : []));
  if (order === 'down') names.reverse();
  if (order === 'mixed') names.sort((a, b) => ((a * 37) % 71) - ((b * 37) % 71));
  return rows(names, ' *'.repeat(note));
};

/** Where the model says the cursors and the mark are: on objects, whether these are there or not. */
type Model = { seats: { object: string | undefined; back: string | undefined }[]; marked: string | undefined };

const moveIn = async (
  model: Model,
  { window, line: number, mark }: { window: number; line: number; mark: boolean },
) => {
  const [key, moved] = await stage.editor.lua<[key: string, moved: boolean]>(
    `local window, number, mark = ...
    local win = vim.api.nvim_tabpage_list_wins(0)[window + 1]
    local line = number % vim.api.nvim_buf_line_count(0) + 1
    local moved = vim.api.nvim_win_get_cursor(win)[1] ~= line
    vim.api.nvim_win_set_cursor(win, { line, 2 })
    local key = require('kubectl.buffer').key(require('kubectl.view').of(0).sheet, line)
    if mark and key ~= '' then vim.api.nvim_buf_set_mark(0, 'q', line, 0, {}) end
    return { key, moved }`,
    window,
    number,
    mark,
  );
  if (moved) model.seats[window] = { object: key === '' ? undefined : key, back: undefined };
  if (mark && key !== '') model.marked = key;
};

/** What must be under a cursor after a change, given what is. */
const settle = (seat: Model['seats'][number], found: string, there: ReadonlySet<string>, turned: boolean): void => {
  const { object, back } = seat;
  // It is shown again and the cursor was left where it is: that is where the user is now.
  if (!turned && back !== undefined && there.has(back)) seat.back = undefined;
  if (turned && back !== undefined && there.has(back)) {
    expect(found).toBe(back);
    Object.assign(seat, { object: back, back: undefined });
  } else if (object === undefined) {
    return;
  } else if (there.has(object)) {
    expect(found).toBe(object);
  } else if (!turned || found === `ghost ${object}`) {
    // Nothing else slides under a cursor whose object was deleted: the line it had stays.
    expect(found).toBe(`ghost ${object}`);
  } else {
    // Hidden by a change of the view: what is there now is the cursor's, until the view changes again.
    const now = found.replace('ghost ', '');
    Object.assign(seat, { object: now === '' ? undefined : now, back: back ?? object });
  }
};

test('three cursors and a mark stay on their objects through any frames', async () => {
  await begin(count(70));
  await stage.editor.command('split | vsplit | normal! 30G');
  const model: Model = {
    seats: (await underCursors()).map((object) => ({ object, back: undefined })),
    marked: undefined,
  };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
      for (const each of steps) {
        if (each.move !== null) await moveIn(model, each.move);
        const target = targetOf(each);
        await become(target, each.turned);
        const there = new Set(target.map(({ key }) => key));
        const found = await underCursors();
        for (const [window, seat] of model.seats.entries()) settle(seat, found[window] ?? '', there, each.turned);
        const [marked] = await at("'q");
        if (model.marked !== undefined) expect(marked).toBe(there.has(model.marked) ? model.marked : '');
      }
    }),
    { numRuns: 60 },
  );
});

test.each(['V', 'v', '<C-v>$'])(
  'both ends of a range of %s stay on their objects, and a $ is not forgotten',
  async (mode) => {
    await begin(count(70));
    await stage.editor.command('normal! 30G');
    await stage.editor.keys(`${mode}${'j'.repeat(15)}`);
    await stage.editor.until('a range', async () => (await stage.editor.cursor())[0] === 45);
    for (let round = 0; round < 12; round++) {
      const names = count(70).filter((name) => name === 29 || name === 44 || (name * 7 + round) % 3 > 0);
      await become(rows(round % 4 === 3 ? names.reverse() : names, ' *'.repeat(round % 2)), round % 4 === 3);
      expect(await at('v', '.')).toEqual(['k29', 'k44']);
    }
    const [shown, wanted] = await stage.editor.lua<[string, number]>(
      `return { vim.fn.mode(), vim.fn.winsaveview().curswant }`,
    );
    expect(shown).toBe(mode === '<C-v>$' ? '\u0016' : mode);
    if (mode === '<C-v>$') expect(wanted).toBe(2 ** 31 - 1);
  },
);

/** Sends a frame that puts three rows on top, without waiting for its ack. */
const pushDown = (from: number): number => {
  const lines = rows(count(3, from));
  held = [...lines, ...held];
  return stage.backend.frame(1, [spliceOf(0, 0, lines)], held.length, { gen });
};

/** Keys that do not come are given up after a while: none passes for it, however slow the machine is. */
const stopTime = (): Promise<void> =>
  stage.editor.lua('local now = vim.uv.now() vim.uv.now = function() return now end');

const acknowledged = (seq: number) => stage.backend.all('view.ack').some((ack) => ack.seq === seq);

test.each([
  ['an operator', 'y', 'j', 'row 29 of the table\nrow 30 of the table\n'],
  ['a register', '"a', 'yy', 'row 29 of the table\n'],
])('rows stand still while %s waits for its motion, and move at once when it came', async (_, begun, ended, yanked) => {
  await begin(count(70));
  await stopTime();
  await goTo(30);
  await stage.editor.keys(begun);
  await stage.editor.until('a pending key', () => stage.editor.lua<boolean>(`return vim.fn.state('o') ~= ''`));
  const seq = pushDown(100);
  await settled(stage);
  expect(acknowledged(seq)).toBe(false);
  await stage.editor.keys(ended);
  await stage.editor.until('the rows', () => acknowledged(seq));
  const register = begun === '"a' ? 'a' : '"';
  expect(await stage.editor.lua('return vim.fn.getreg(...)', register)).toBe(yanked);
  expect(await at('.')).toEqual(['k29']);
});

test('a frame that moves nothing is drawn while an operator waits', async () => {
  await begin(count(70));
  await goTo(30);
  await stage.editor.keys('y');
  await stage.editor.until('an operator', async () => stage.editor.lua<boolean>(`return vim.fn.state('o') ~= ''`));
  await stage.backend.applied(1, [spliceOf(3, 1, [line('k3', 'row 3 is older')])], 70, { gen });
  await stage.editor.keys('j');
  await stage.editor.until('the yank', () => stage.editor.lua<boolean>(`return vim.fn.getreg('"') ~= ''`));
  expect(await stage.editor.lua(`return vim.fn.getreg('"')`)).toBe('row 29 of the table\nrow 30 of the table\n');
});

test('a table that is opened again has its cursor back on its object, however few rows come first', async () => {
  await begin(count(70));
  await goTo(31);
  await stage.backend.applied(1, [spliceOf(0, -1, [line('', 'Loading…')])], 1, { gen: 2, partial: true });
  stage.backend.state(1, { phase: 'loading' });
  for (const names of [[0, 40, 50], count(20), count(70)]) {
    await stage.backend.applied(1, [spliceOf(0, -1, rows(names))], names.length, { gen: 2, partial: true });
  }
  await stage.backend.applied(1, [], 70, { gen: 2 });
  stage.backend.state(1);
  await stage.editor.until('its object', async () => (await at('.'))[0] === 'k30');
});

test('an operator nobody finishes is given up for the rows, never applied to others', async () => {
  await begin(count(70));
  await goTo(30);
  await stage.editor.keys('y');
  await stage.editor.until('an operator', async () => stage.editor.lua<boolean>(`return vim.fn.state('o') ~= ''`));
  const seq = pushDown(100);
  await stage.editor.until('the rows', () => acknowledged(seq), 5_000);
  await stage.editor.until('normal mode', async () => (await stage.editor.lua(`return vim.fn.mode(1)`)) === 'n');
  await stage.editor.keys('j');
  await stage.editor.until('the next row', async () => (await at('.'))[0] === 'k30');
  expect(await stage.editor.lua(`return vim.fn.getreg('"')`)).toBe('');
});

test('rows stand still while something asks for a key', async () => {
  await begin(count(70));
  // As plugins do that label lines and jump to the label typed.
  await stage.editor.lua(`vim.keymap.set('n', 'Q', function()
    local line = vim.fn.line('.') + 2
    _G.asking = true
    vim.fn.getcharstr()
    vim.api.nvim_win_set_cursor(0, { line, 0 })
  end)`);
  await stopTime();
  await goTo(30);
  await stage.editor.keys('Q');
  await stage.editor.until('the question', () => stage.editor.lua<boolean>(`return _G.asking == true`));
  const seq = pushDown(100);
  await settled(stage);
  expect(acknowledged(seq)).toBe(false);
  await stage.editor.keys('x');
  await stage.editor.until('the rows', () => acknowledged(seq));
  expect(await at('.')).toEqual(['k31']);
});

test('a search that is given up comes back to its object, one that is accepted stays on its match', async () => {
  await begin(count(70));
  await stage.editor.lua(`vim.api.nvim_win_set_cursor(0, { 10, 4 })`);
  await stage.editor.keys('/row 40');
  await stage.editor.until('the match', async () => (await at('.'))[0] === 'k40');
  await become([...rows(count(3, 100)), ...held], false);
  expect(await at('.')).toEqual(['k40']);
  await stage.editor.keys('<Esc>');
  await stage.editor.until('the object of before', async () => (await at('.'))[0] === 'k9');
  await stage.editor.keys('/row 21');
  await stage.editor.until('its match', async () => (await at('.'))[0] === 'k21');
  await become([...rows(count(20, 200)), ...held], false);
  await stage.editor.keys('<CR>');
  await stage.editor.lua('return 1');
  await stage.editor.until('the match that was shown', async () => (await at('.'))[0] === 'k21');
});

test('what Neovim remembers by line survives: marks in two windows, closed folds, a macro', async () => {
  await begin(count(70));
  await stage.editor.command('11mark a | 14,16fold | split | 61mark b');
  await become([...rows(count(4, 100)), ...held.toReversed()], true);
  expect(await at("'a", "'b")).toEqual(['k10', 'k60']);
  await become(rows(count(50)), true);
  expect(await at("'a", "'b")).toEqual(['k10', '']);
  await become(rows(count(70).reverse()), true);
  expect(await at("'a", "'b")).toEqual(['k10', 'k60']);
  await stage.editor.command('delmarks a');
  await become(rows(count(70)), true);
  expect(await at("'a", "'b")).toEqual(['', 'k60']);
  await stage.editor.keys("'bqajjq");
  await stage.editor.until('two rows on', async () => (await at('.'))[0] === 'k62');
  await become([...rows(count(6, 200)), ...held], false);
  await stage.editor.keys("gg'b@a");
  await stage.editor.until('two rows on again', async () => (await at('.'))[0] === 'k62');
});

test('windows that are bound to scroll together stay where they are when rows come in between them', async () => {
  await begin(count(200));
  await stage.editor.command('normal! 20Gzt');
  await stage.editor.command('split | normal! 100Gzt');
  await stage.editor.command('windo set scrollbind');
  await stage.editor.command('wincmd p');
  const tops = () =>
    stage.editor.lua<string[]>(`
    local sheet = require('kubectl.view').of(0).sheet
    return vim.tbl_map(function(win) return sheet.keys[vim.fn.line('w0', win)] end, vim.api.nvim_tabpage_list_wins(0))`);
  await stage.editor.keys('jk');
  await stage.editor.lua('return 1');
  const before = await tops();
  expect(before).toEqual(['k99', 'k19']);
  await become([...held.slice(0, 60), ...rows(count(5, 300)), ...held.slice(60)], false);
  await stage.editor.keys('jk');
  await stage.editor.lua('return 1');
  await stage.editor.command('redraw');
  expect(await tops()).toEqual(before);
});
