/** Opens that take long: what is awaited, what comes late, what changes meanwhile. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { TableOpened } from '../../src/protocol/wire.ts';
import { line, Refusal, type Stage, silence, spliceOf, startStage, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const opened: TableOpened = {
  context: 'prod',
  resource: 'pods',
  plural: 'pods',
  kind: 'Pod',
  namespaced: true,
  namespaces: ['shop'],
  name: 'kubectl://prod/pods',
};

/** Lets the backend answer `view.open` when told to: with a table, or with a refusal. */
const holdOpen = () => {
  const held: ((refusal?: Refusal) => void)[] = [];
  stage.backend.on('view.open', () => {
    return new Promise<TableOpened>((resolve, reject) => {
      held.push((refusal) => (refusal === undefined ? resolve(opened) : reject(refusal)));
    });
  });
  return held;
};

const hurry = () =>
  stage.editor.lua(`
    local host = require('kubectl.host')
    local patience = host.patience
    host.patience = function(method) return method == 'view.open' and 100 or patience(method) end`);
const problem = () => stage.editor.lua<string | null>(`return require('kubectl.view').of(0).problem`);

test('a table that was closed with :bdelete ends, and is opened again with all its keys', async () => {
  stage = await startTable([line('a', 'shop  cart')]);
  await stage.editor.command('bdelete');
  await stage.backend.asked('view.close');
  expect(await stage.editor.lua(`return vim.tbl_count(require('kubectl.view').all())`)).toBe(0);
  await stage.editor.lua(`require('kubectl').open('pods')`);
  await stage.backend.asked('view.open', 2);
  const view = await stage.editor.lua<number>(`return require('kubectl.view').of(0).id`);
  await stage.backend.applied(view, [spliceOf(0, -1, [line('a', 'shop  cart')])], 1);
  await stage.editor.keys('gd');
  await stage.backend.asked('describe.open');
});

test('one that is edited again at once after :bdelete is another table, with its keys and options', async () => {
  stage = await startTable([line('a', 'shop  cart')]);
  const name = await stage.editor.lua<string>('return vim.api.nvim_buf_get_name(0)');
  await stage.editor.command(`bdelete | edit ${name}`);
  await stage.backend.asked('view.open', 2);
  await stage.backend.asked('view.close');
  const made = `return { vim.tbl_count(require('kubectl.view').all()), vim.bo.buftype, vim.bo.swapfile }`;
  expect(await stage.editor.lua(made)).toEqual([1, 'nofile', false]);
  const view = await stage.editor.lua<number>(`return require('kubectl.view').of(0).id`);
  await stage.backend.applied(view, [spliceOf(0, -1, [line('a', 'shop  cart')])], 1);
  await stage.editor.keys('gd');
  await stage.backend.asked('describe.open');
});

test('one that is taken off the list of buffers stays a table', async () => {
  stage = await startTable([line('a', 'shop  cart')]);
  await stage.editor.command('set nobuflisted');
  await stage.backend.applied(1, [spliceOf(0, -1, [line('b', 'shop  pay')])], 1, { gen: 2 });
  await stage.editor.shows('shop  pay');
  expect(stage.backend.all('view.close')).toEqual([]);
});

const change = (how: object) =>
  stage.editor.lua(`local views = require('kubectl.view') views.update(views.of(0), ...)`, how);
const filter = () => stage.editor.lua<string>(`return require('kubectl.view').of(0).filter`);

test('a filter whose selector the backend took with it is asked for when the table is opened again', async () => {
  stage = await startTable([line('a')]);
  stage.backend.on('view.update', silence);
  await change({ filter: 'cart -l app=web', push: true });
  await stage.backend.asked('view.update');
  stage.backend.on('view.update', () => ({ filter: 'cart', selector: 'app=web' }));
  stage.backend.send({ type: 'reopen', view: 1 });
  await stage.backend.asked('view.open', 2);
  expect(await stage.backend.asked('view.update', 2)).toMatchObject({ filter: 'cart -l app=web', push: true });
  await stage.editor.until('the answer', async () => (await filter()) === 'cart');
});

test('the answer to a filter does not take back one that was typed since', async () => {
  stage = await startTable([line('a')]);
  let answer = (): void => undefined;
  stage.backend.on('view.update', ({ filter: asked, push }) => {
    if (push !== true) return {};
    return new Promise((resolve) => {
      answer = () => resolve({ filter: 'cart', selector: asked === undefined ? '' : 'app=web' });
    });
  });
  await change({ filter: 'cart -l app=web', push: true });
  await stage.backend.asked('view.update');
  await change({ filter: 'shop' });
  await stage.backend.asked('view.update', 2);
  answer();
  const selector = `return require('kubectl.view').of(0).params.query.selector`;
  await stage.editor.until('the selector', async () => (await stage.editor.lua(selector)) === 'app=web');
  expect(await filter()).toBe('shop');
});

test('what reaches for a cluster is awaited longer than the backend itself waits', async () => {
  stage = await startTable([line('a')]);
  stage.backend.on('action.menu', () => ({ actions: [] }));
  await stage.editor.lua(`
    local host = require('kubectl.host')
    for _, method in ipairs({ 'describe.open', 'context.use', 'action.menu', 'action.plan', 'health', 'complete' }) do
      host.request(method, {}, function() end)
    end
    require('kubectl').health(function() end)
    host.request('view.rows', {}, function() end)`);
  await stage.backend.asked('view.rows');
  const deadlines = (method: string) =>
    stage.backend.requests.filter((request) => request.method === method).map(({ deadline }) => deadline);
  for (const method of ['view.open', 'describe.open', 'context.use', 'action.menu', 'action.plan', 'complete']) {
    expect([method, deadlines(method)]).toEqual([method, [90_000]]);
  }
  expect(deadlines('health')).toEqual([90_000, 90_000]);
  expect(deadlines('view.rows')).toEqual([30_000]);
});

test('a table that takes long to open says what it will be', async () => {
  stage = await startStage();
  holdOpen();
  await stage.editor.command('Kubectl');
  await stage.editor.until('what is opened', () => /^ pods .*◌ opening…$/.test(stage.editor.grid.lines().at(-2) ?? ''));
});

test('an answer after the deadline still opens the table', async () => {
  stage = await startStage();
  const held = holdOpen();
  await hurry();
  await stage.editor.command('Kubectl');
  await stage.editor.shows('✕ view.open: no answer from the backend within 0.1 s');
  await stage.backend.asked('view.open');
  held[0]?.();
  await stage.editor.until('no problem', async () => (await problem()) === null);
  expect(await stage.editor.lua('return vim.bo.filetype')).toBe('k8s_pods');
  await stage.backend.applied(1, [spliceOf(0, -1, [line('a', 'row a')])], 1);
  expect(await stage.editor.lines()).toEqual(['row a']);
  expect(stage.backend.all('view.resend')).toEqual([]);
});

test('a refusal after the deadline says the real reason', async () => {
  stage = await startStage();
  const held = holdOpen();
  await hurry();
  await stage.editor.command('Kubectl');
  await stage.editor.shows('✕ view.open: no answer');
  await stage.backend.asked('view.open');
  held[0]?.(new Refusal({ code: 'unreachable', message: 'https://prod:6443 does not answer' }));
  await stage.editor.shows('✕ https://prod:6443 does not answer');
});

test('of two opens only the newer one counts, however late the older answers', async () => {
  stage = await startStage();
  const held = holdOpen();
  await hurry();
  await stage.editor.command('Kubectl');
  await stage.editor.shows('✕ view.open: no answer');
  await stage.editor.keys('gr');
  await stage.backend.asked('view.open', 2);
  held[1]?.();
  await stage.editor.until('no problem', async () => (await problem()) === null);
  held[0]?.(new Refusal({ code: 'cancelled', message: 'replaced' }));
  stage.backend.state(1);
  await stage.editor.shows('● live');
  expect(await problem()).toBeNull();
});

test('a state that says it lives takes a problem away, one of an ended engine does not', async () => {
  stage = await startStage();
  stage.backend.on('view.open', silence);
  await hurry();
  await stage.editor.command('Kubectl');
  await stage.editor.shows('✕ view.open: no answer');
  stage.backend.state(1, { phase: 'ended', left: 'ended now' });
  await stage.editor.shows('ended now');
  expect(await problem()).toContain('no answer');
  stage.backend.state(1);
  await stage.editor.shows('● live');
  expect(await problem()).toBeNull();
});

test('changes during a slow open are sent once, when it is open', async () => {
  stage = await startStage();
  const held = holdOpen();
  await stage.editor.command('Kubectl');
  await stage.backend.asked('view.open');
  await stage.editor.lua(`
    local views = require('kubectl.view')
    local view = views.of(0)
    views.update(view, { filter = 'c' })
    views.update(view, { filter = 'cart' })
    views.update(view, { wide = true, hidden = { 'AGE' } })
    views.update(view, { namespaces = { 'pay' } })`);
  expect(stage.backend.all('view.update')).toEqual([]);
  held[0]?.();
  const change = { view: 1, filter: 'cart', wide: true, hidden: ['AGE'], namespaces: ['pay'] };
  expect(await stage.backend.asked('view.update')).toEqual(change);
  await stage.editor.lua(`local views = require('kubectl.view') views.update(views.of(0), { filter = 'x' })`);
  await stage.backend.asked('view.update', 2);
  expect(stage.backend.all('view.update')).toEqual([change, { view: 1, filter: 'x' }]);
  stage.backend.kill();
  await stage.editor.shows('✕ backend ended');
  await stage.editor.keys('gr');
  const { query } = await stage.backend.asked('view.open', 2);
  expect(query).toEqual({ resource: 'pods', context: 'prod', namespaces: ['pay'], filter: 'x', wide: true });
});

test('tables of a session file are tables again', async () => {
  stage = await startTable([line('a', 'row a')]);
  const file = join(mkdtempSync(join(tmpdir(), 'kubectl-live-session-')), 'Session.vim');
  await stage.editor.command('vsplit | enew');
  await stage.editor.command(`mksession ${file}`);
  await stage.editor.command('silent! %bwipeout!');
  await stage.backend.asked('view.close');
  await stage.editor.command(`source ${file}`);
  const { query } = await stage.backend.asked('view.open', 2);
  expect(query).toEqual({ resource: 'pods', context: 'prod' });
  rmSync(dirname(file), { recursive: true });
});

test.each([
  ['kubectl://prod/pods?7', { resource: 'pods' }],
  ['kubectl://prod/pods?selector=a.io/b=c,d.io/e=f&7', { resource: 'pods', selector: 'a.io/b=c,d.io/e=f' }],
  ['kubectl://prod/jobs.batch?owner=u-1&columns=TEAM', { resource: 'jobs.batch', owner: 'u-1' }],
  ['kubectl://prod/pods?fieldSelector=spec.nodeName=n1', { resource: 'pods', fieldSelector: 'spec.nodeName=n1' }],
  ['kubectl://prod/pods?names=cart-1,cart-2', { resource: 'pods', names: ['cart-1', 'cart-2'] }],
] as const)('a session brings back %s', async (name, query) => {
  stage = await startStage();
  await stage.editor.lua(
    `vim.api.nvim_buf_set_name(0, ...)
    vim.api.nvim_exec_autocmds('SessionLoadPost', {})`,
    name,
  );
  expect((await stage.backend.asked('view.open')).query).toEqual({ ...query, context: 'prod' });
});

test('a table has a name also when a session brought back the one it would have', async () => {
  stage = await startTable([line('a', 'row a')]);
  await stage.editor.lua(`for number = 2, 4 do
      vim.api.nvim_buf_set_name(vim.api.nvim_create_buf(true, true), 'kubectl://prod/pods?' .. number)
    end`);
  stage.backend.on('command.plan', () => ({ do: 'table', queries: [{ resource: 'pods', namespaces: ['pay'] }] }));
  await stage.editor.command('Kubectl get pods -n pay');
  await stage.editor.until('a name', async () =>
    (await stage.editor.lua<string>('return vim.api.nvim_buf_get_name(0)')).endsWith('pods?5'),
  );
});

test('a session leaves the texts of objects alone', async () => {
  stage = await startStage();
  await stage.editor.lua(`vim.api.nvim_buf_set_name(0, 'kubectl://shop/cart-1?describe&7')
    vim.api.nvim_exec_autocmds('SessionLoadPost', {})
    vim.cmd('split kubectl://prod/services')`);
  expect((await stage.backend.asked('view.open')).query).toEqual({ resource: 'services', context: 'prod' });
  expect(stage.backend.all('view.open')).toHaveLength(1);
});

test('why a table cannot be opened is readable in a narrow window; its rows then are not wrapped', async () => {
  stage = await startStage({ columns: 30 });
  const held = holdOpen();
  await stage.editor.command('Kubectl');
  await stage.backend.asked('view.open');
  held[0]?.(new Refusal({ code: 'not-found', message: 'The server has no resource called nosuch at all.' }));
  await stage.editor.shows('nosuch at all.');
  await stage.editor.keys('gr');
  await stage.backend.asked('view.open', 2);
  held[1]?.();
  await stage.editor.until('plain lines', async () => (await stage.editor.lua('return vim.wo.wrap')) === false);
});
