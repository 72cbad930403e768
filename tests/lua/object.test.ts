/** An object's buffer as a user of Vim treats it: undo, `:saveas`, `:bdelete`, typing on while `:w` is under way. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { ObjectPlan, Result } from '../../src/protocol/wire.ts';
import { Refusal, type Stage, startStage } from './fake.ts';

const name = 'kubectl://prod/shop/configmaps/cart';
const folder = mkdtempSync(join(tmpdir(), 'kubectl-live-object-'));
let stage: Stage;
/** Of the view that was opened last. */
let view = 0;

afterEach(async () => {
  await stage?.dispose();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = async (): Promise<string> => (await stage.editor.lines()).join('\n');
const modified = (): Promise<boolean> => stage.editor.lua('return vim.bo.modified');
const push = (rev: number, lines: string): void =>
  stage.backend.send({ type: 'object', view, rev, text: lines, folds: [] });
const has = (part: string): Promise<void> => stage.editor.until(part, async () => (await text()).includes(part));

const opened = async (count: number): Promise<void> => {
  ({ view } = await stage.backend.asked('object.open', count));
};

const start = async (first: string, masked = false): Promise<void> => {
  stage = await startStage();
  stage.backend.on('object.open', () => ({ context: 'prod', title: 'prod ▸ shop ▸ configmaps/cart', name, masked }));
  await stage.editor.command(`edit ${name}`);
  await opened(1);
  push(1, first);
  await has(first);
};

const confirm = { title: 'Apply cart', lines: ['server dry run: accepted'], verb: 'apply', inputs: [] };
const plan: ObjectPlan = { do: 'confirm', plan: 7, confirm, before: '', after: '' };
const done: Result<'object.write'> = {
  results: [{ object: 'configmaps/cart', ok: true, message: 'applied' }],
  whole: true,
  rev: 2,
};

const agree = async (): Promise<void> => {
  stage.backend.on('object.plan', () => plan);
  await stage.editor.command('write');
  await stage.editor.shows('[y] apply');
  await stage.editor.keys('y');
};

test('u after :w makes the text a changed one again, which no text of the server replaces', async () => {
  await start('a: one');
  stage.backend.on('object.write', () => {
    push(2, 'a: two');
    return done;
  });
  await stage.editor.keys('cca: two<Esc>');
  await agree();
  await stage.editor.until('the write', async () => !(await modified()));
  push(3, 'a: two\nstatus: later');
  await has('later');
  // Also what controllers said since goes: it is not the user's to take back line by line.
  await stage.editor.keys('u');
  await has('a: one');
  expect(await text()).toBe('a: one');
  await stage.editor.until('a changed text', modified);
  push(4, 'a: two\nstatus: latest');
  stage.backend.on('object.plan', () => ({ do: 'nothing', message: 'Nothing to apply.' }));
  await stage.editor.command('write');
  expect(await stage.backend.asked('object.plan', 2)).toMatchObject({ rev: 3, text: 'a: one\n' });
  // Also where no autocommand has told of it, as in a macro.
  await stage.editor.command('set nomodified');
  push(5, 'a: two\nstatus: last');
  await stage.editor.until('a changed text', modified);
  expect(await text()).toBe('a: one');
});

test.each([
  ['at once', [] as string[]],
  ['after a state from before it', ['a: one\nstatus: older']],
])('a change that turns out to be made already is none, and the text goes on, told %s', async (_, older) => {
  await start('a: one');
  stage.backend.on('object.plan', () => ({ do: 'nothing', message: 'Nothing to apply.' }));
  await stage.editor.keys('cca: two<Esc>');
  await stage.editor.command('write');
  await stage.editor.reports('Nothing to apply.');
  // The answer was faster than word of what the server has.
  for (const [index, state] of [...older, 'a: two'].entries()) push(index + 2, state);
  push(9, 'a: two\nstatus: later');
  await has('later');
  expect(await modified()).toBe(false);
});

test('what others do to a text that was only looked at is not undone by u', async () => {
  await start('a: one');
  push(2, 'a: theirs');
  await has('theirs');
  await stage.editor.keys('u');
  expect([await text(), await modified()]).toEqual(['a: theirs', false]);
});

test('nor is it where the text could not be read at first', async () => {
  stage = await startStage();
  stage.backend.on('object.open', () => {
    throw new Refusal({ code: 'unreachable', message: 'prod does not answer' });
  });
  await stage.editor.command(`edit ${name}`);
  await has('prod does not answer');
  stage.backend.on('object.open', () => ({ context: 'prod', title: 'cart', name, masked: false }));
  await stage.editor.command('edit');
  await opened(2);
  push(1, 'a: one');
  await has('a: one');
  push(2, 'a: theirs');
  await has('theirs');
  await stage.editor.keys('u');
  expect([await text(), await modified()]).toEqual(['a: theirs', false]);
});

test('what is typed while a write is under way stays, as a change of what was written', async () => {
  await start('a: one');
  let answer: (done: Result<'object.write'>) => void = () => undefined;
  stage.backend.on('object.write', () => new Promise<Result<'object.write'>>((resolve) => (answer = resolve)));
  await stage.editor.keys('cca: two<Esc>');
  await agree();
  await stage.backend.asked('object.write');
  await stage.editor.keys('ob: typed<Esc>');
  push(2, 'a: two');
  push(3, 'a: two\nc: theirs');
  answer(done);
  await stage.editor.reports('✓ configmaps/cart: applied, but not what was typed since');
  expect([await text(), await modified()]).toEqual(['a: two\nb: typed', true]);
  await stage.editor.command('write');
  // Measured against what was written, not against what others made of it since.
  expect(await stage.backend.asked('object.plan', 2)).toMatchObject({ rev: 2 });
});

test('so it does where the write makes the object', async () => {
  stage = await startStage();
  const fresh = { text: 'a: one', line: 0 };
  stage.backend.on('object.open', () => ({ context: 'prod', title: 'new', name, masked: false, fresh }));
  await stage.editor.command(`edit ${name}`);
  await opened(1);
  await has('a: one');
  let answer: (done: Result<'object.write'>) => void = () => undefined;
  stage.backend.on('object.write', () => new Promise<Result<'object.write'>>((resolve) => (answer = resolve)));
  await stage.editor.keys('cca: two<Esc>');
  await agree();
  await stage.backend.asked('object.write');
  await stage.editor.keys('ob: typed<Esc>');
  stage.backend.on('object.open', () => ({ context: 'prod', title: 'cart', name, masked: false }));
  answer({ ...done, made: { context: 'prod', namespace: 'shop', resource: 'configmaps', name: 'cart' } });
  await opened(2);
  push(5, 'a: two');
  await stage.backend.asked('object.held', 2);
  expect([await text(), await modified()]).toEqual(['a: two\nb: typed', true]);
  await stage.editor.command('write');
  expect(await stage.backend.asked('object.plan', 2)).toMatchObject({ rev: 5, text: 'a: two\nb: typed\n' });
});

test(':saveas and :file write a file; the buffer stays its object, and nothing is applied', async () => {
  await start('a: one');
  const file = join(folder, 'saved.yaml');
  await stage.editor.command(`saveas ${file}`);
  await stage.editor.shows('saved.yaml written');
  expect(await stage.editor.lua(`return require('kubectl.report').history`)).toEqual([`${file} written`]);
  expect(readFileSync(file, 'utf8')).toBe('a: one\n');
  expect(await stage.editor.lua('return vim.api.nvim_buf_get_name(0)')).toBe(name);
  const other = join(folder, 'other.yaml');
  await stage.editor.command(`file ${other}`);
  await stage.editor.command('write');
  await stage.editor.reports(`${other} written`);
  await stage.editor.command('file kubectl://prod/shop/configmaps/other');
  await stage.editor.command('write');
  await stage.editor.reports(
    'This buffer is prod ▸ shop ▸ configmaps/cart, whatever it is called: nothing was written.',
  );
  expect(await stage.editor.lua('return vim.api.nvim_buf_get_name(0)')).toBe(name);
  expect(stage.backend.all('object.plan')).toEqual([]);
  await stage.editor.keys('cca: two<Esc>');
  stage.backend.on('object.plan', () => plan);
  await stage.editor.command('write');
  await stage.editor.shows('[y] apply');
});

test('no part of a secret comes to a file by the way, and no part of an object is applied', async () => {
  await start('a: hush\nb: two', true);
  const file = join(folder, 'secret.yaml');
  for (const command of [`saveas ${file}`, `1write ${file}`, `write >>${file}`]) {
    await stage.editor.command(`silent! ${command}`);
    expect(existsSync(file)).toBe(false);
  }
  expect(await stage.editor.lua('return vim.api.nvim_buf_get_name(0)')).toBe(name);
  await stage.editor.command(`1write! ${file}`);
  // Two messages at once would wait for <CR>.
  await stage.editor.shows('secret.yaml written');
  expect(readFileSync(file, 'utf8')).toBe('a: hush\n');
  await stage.editor.command(`write! >>${file}`);
  expect(readFileSync(file, 'utf8')).toBe('a: hush\na: hush\nb: two\n');
  await stage.editor.command('1write!');
  await stage.editor.reports('A part of an object cannot be applied.');
  expect(stage.backend.all('object.plan')).toEqual([]);
});

test('a buffer opened again after :bdelete has all of its options and keys', async () => {
  await start('a: hush', true);
  await stage.editor.command('bdelete');
  await stage.backend.asked('session.close');
  await stage.editor.command(`edit ${name}`);
  await opened(2);
  push(9, 'a: again');
  await has('again');
  const options = 'return { vim.bo.buftype, vim.bo.swapfile, vim.bo.undofile, vim.bo.bufhidden, vim.bo.filetype }';
  expect(await stage.editor.lua(options)).toEqual(['acwrite', false, false, 'hide', 'yaml']);
  expect(await stage.editor.lua(`return vim.fn.maparg('gx', 'n')`)).toContain('kubectl.toggle_values');
});

test('a buffer that is taken off the list of buffers stays an object', async () => {
  await start('a: one');
  await stage.editor.command('set nobuflisted');
  push(2, 'a: two');
  await has('a: two');
  await stage.editor.keys('cca: three<Esc>');
  await agree();
});

test('what the server said while the buffer was unloaded is there when it is loaded again', async () => {
  await start('a: one');
  await stage.editor.command('new');
  await stage.editor.command(`bunload ${name}`);
  push(2, 'a: two');
  stage.backend.state(view, { right: 'told' });
  // Messages arrive in order.
  const said = `local object = require('kubectl.object').of(vim.fn.bufnr(...)) return object.state and object.state.right`;
  await stage.editor.until('the state', async () => (await stage.editor.lua(said, name)) === 'told');
  await stage.editor.command(`edit ${name}`);
  expect(await text()).toBe('a: two');
});

test('what was deleted from a secret, line after line, is in no register at the end', async () => {
  await start('a: hush\nb: hush too\nc: three', true);
  await stage.editor.keys('dddd');
  expect(await stage.editor.lua(`return vim.fn.getreg('2')`)).toBe('a: hush\n');
  await stage.editor.lua(`vim.api.nvim_exec_autocmds('VimLeavePre', {})`);
  const registers = `return vim.tbl_map(vim.fn.getreg, { '"', '1', '2', '-' })`;
  expect(await stage.editor.lua(registers)).toEqual(['', '', '', '']);
});

test('nor is what was yanked from a secret where its write is shown beside what the server has', async () => {
  await start('a: hush', true);
  await stage.editor.keys('cca: hush too<Esc>');
  stage.backend.on('object.plan', () => ({ ...plan, before: 'a: hush\n', after: 'a: hush too\n' }));
  await stage.editor.command('write');
  await stage.editor.shows('[d] diff');
  await stage.editor.keys('d');
  await stage.editor.shows('after :w');
  await stage.editor.keys('yy');
  await stage.editor.until(
    'the yank',
    async () => (await stage.editor.lua(`return vim.fn.getreg('0')`)) === 'a: hush too\n',
  );
  await stage.editor.lua(`vim.api.nvim_exec_autocmds('VimLeavePre', {})`);
  expect(await stage.editor.lua(`return vim.tbl_map(vim.fn.getreg, { '"', '0' })`)).toEqual(['', '']);
});

test('what was chosen stands in the plan, and can be taken back', async () => {
  await start('a: one');
  const inputs = [{ name: '.a', label: 'take a from argo', type: 'boolean', value: false }] as const;
  stage.backend.on('object.plan', () => ({ ...plan, confirm: { ...confirm, inputs } }));
  stage.backend.on('object.write', () => done);
  await stage.editor.keys('cca: two<Esc>');
  await stage.editor.command('write');
  for (const answer of ['yes', 'no']) {
    await stage.editor.shows('[y] apply');
    await stage.editor.keys('<Tab>');
    await stage.editor.shows(/take a from argo {2}(yes|no)/);
    await stage.editor.keys('<C-n><CR>');
    await stage.editor.shows(`take a from argo: ${answer}`);
  }
  // The form shows what was chosen, not what it began with.
  await stage.editor.keys('<Tab>');
  await stage.editor.shows(/take a from argo {2}no/);
  await stage.editor.keys('<CR>');
  await stage.editor.shows('take a from argo: no');
  await stage.editor.keys('y');
  expect(await stage.backend.asked('object.write')).toMatchObject({ inputs: { '.a': false } });
});

test('after others changed the same place, the text has what they changed elsewhere, and can be written', async () => {
  await start('a: one\nb: two');
  await stage.editor.keys('cca: mine<Esc>');
  const merge = { text: 'a: mine\nb: theirs\n', base: 'a: one\nb: two\n', theirs: 'a: theirs\nb: theirs\n' };
  stage.backend.on('object.plan', () => ({
    do: 'merge',
    message: 'Others changed the same places.',
    rev: 4,
    ...merge,
  }));
  push(4, 'a: theirs\nb: theirs');
  await stage.editor.command('write');
  await stage.editor.reports('Others changed the same places.');
  expect([await text(), await modified()]).toEqual(['a: mine\nb: theirs', true]);
  await stage.editor.command('write');
  expect(await stage.backend.asked('object.plan', 2)).toMatchObject({ rev: 4 });
});

test('an object opened from a row is opened by its name when the backend starts again', async () => {
  await start('a: one');
  const row = `require('kubectl.object').open({ view = 1, key = 'uid-cart' })`;
  const own = 'kubectl://prod/shop/configmaps/row';
  stage.backend.on('object.open', () => ({ context: 'prod', title: 'row', name: own, masked: false }));
  await stage.editor.lua(row);
  await opened(2);
  push(1, 'a: row');
  await has('a: row');
  stage.backend.exit(1);
  await stage.editor.shows('backend ended');
  await stage.editor.command('Kubectl guard');
  await stage.backend.asked('hello', 2);
  await stage.backend.asked('object.open', 4);
  const sources = stage.backend.all('object.open').map(({ source }) => source);
  expect(sources).toContainEqual({ context: 'prod', namespace: 'shop', resource: 'configmaps', name: 'row' });
});

test(':wall asks about one object at a time: no question takes the place, and the key, of another', async () => {
  await start('a: one');
  stage.backend.on('object.plan', ({ view: of }) => ({ ...plan, confirm: { ...confirm, title: `Apply ${of}` } }));
  stage.backend.on('object.write', () => done);
  await stage.editor.keys('cca: two<Esc>');
  await stage.editor.command('split kubectl://prod/shop/configmaps/pay');
  await opened(2);
  push(1, 'b: one');
  await has('b: one');
  await stage.editor.keys('ccb: two<Esc>');
  await stage.editor.command('wall');
  await stage.editor.reports('not asked, for another question is open');
  const [first] = stage.backend.all('object.plan');
  await stage.editor.shows(`Apply ${first?.view}`);
  await stage.editor.keys('y');
  expect(await stage.backend.asked('object.write')).toMatchObject({ view: first?.view });
  await stage.editor.reports('✓ configmaps/cart: applied');
  await stage.editor.command('wall');
  await stage.editor.shows('[y] apply');
});

test('a changed text is marked as such where its state is said', async () => {
  await start('a: one');
  stage.backend.state(view, { left: 'prod ▸ shop/cart', middle: '' });
  await stage.editor.shows('● live');
  await stage.editor.keys('cca: two<Esc>');
  await stage.editor.shows('[+] ● live');
  await stage.editor.keys('u');
  await stage.editor.until('no mark', () => !stage.editor.grid.text().includes('[+]'));
});

test('a plan that is taller than the screen says how to answer, and how much of it is not seen', async () => {
  await start('a: one');
  const lines = Array.from({ length: 40 }, (_, index) => `~ data.key${index}: 1 → 2`);
  stage.backend.on('object.plan', () => ({ ...plan, confirm: { ...confirm, lines } }));
  await stage.editor.keys('cca: two<Esc>');
  await stage.editor.command('write');
  await stage.editor.shows(/\[y\] apply \[n\] cancel · G \d+ more lines/);
  stage.backend.on('object.plan', () => ({ ...plan, confirm: { ...confirm, lines, type: 'cart' } }));
  await stage.editor.keys('n');
  await stage.editor.command('write');
  await stage.editor.shows(/<PageUp> \d+ more lines/);
});
