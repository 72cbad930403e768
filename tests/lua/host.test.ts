import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { line, Refusal, type Stage, silence, spliceOf, startStage, startTable } from './fake.ts';
import { type Editor, startEditor } from './harness.ts';

let stage: Stage | undefined;
let editor: Editor | undefined;
afterEach(async () => {
  await stage?.dispose();
  await editor?.dispose();
  stage = undefined;
  editor = undefined;
});

test('starts Node with a small young generation and introduces itself', async () => {
  stage = await startStage({ columns: 100, rows: 30, setup: 'ascii = true' });
  await stage.editor.command('Kubectl');
  const hello = await stage.backend.asked('hello');
  expect(hello).toMatchObject({ columns: 100, lines: 30, truecolor: true, ascii: true });
  expect(hello.version).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
  expect(stage.backend.argv).toContain('--max-semi-space-size=4');
});

test('no flag makes V8 refuse the code that Node has compiled of its own modules', async () => {
  stage = await startStage();
  await stage.editor.command('Kubectl');
  await stage.backend.asked('hello');
  const tag = (flags: readonly string[]): string =>
    execFileSync(process.execPath, [...flags, '-p', 'v8.cachedDataVersionTag()'], { encoding: 'utf8' });
  const flags = stage.backend.argv.filter((word) => word.startsWith('--'));
  expect(flags).not.toEqual([]);
  expect(tag(flags)).toBe(tag([]));
  expect(tag([...flags, '--heap-growing-percent=20'])).not.toBe(tag([]));
});

test('namespaces from setup() are used before anything is opened', async () => {
  stage = await startStage({ setup: `namespace = { 'shop', 'pay' }` });
  await stage.editor.command('Kubectl');
  await stage.backend.asked('view.open');
  const methods = stage.backend.requests.map((request) => request.method);
  expect(stage.backend.all('namespace.use')).toEqual([{ namespaces: ['shop', 'pay'] }]);
  expect(methods.indexOf('namespace.use')).toBeLessThan(methods.indexOf('view.open'));
});

test('empty parameters are maps, absent ones are absent', async () => {
  stage = await startStage();
  await stage.editor.command('Kubectl');
  const opened = await stage.backend.asked('view.open');
  expect(stage.backend.all('contexts')).toEqual([{}]);
  const numbers = { rows: expect.any(Number), width: expect.any(Number), usageInterval: expect.any(Number) };
  expect(opened).toEqual({ view: 1, query: { resource: 'pods' }, ...numbers });
});

test('a request without an answer ends at its deadline, and a late answer is dropped', async () => {
  stage = await startTable([line('a')]);
  const { editor: nvim, backend } = stage;
  let answer: (() => void) | undefined;
  backend.on('view.rows', async () => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return { rows: [] };
  });
  await nvim.lua(`
    require('kubectl.config').get().request_timeout = 100
    _G.outcomes = {}
    require('kubectl').rows({ buf = 0 }, function(rows, err) table.insert(_G.outcomes, err or rows) end)`);
  const outcomes = () => nvim.lua<unknown[]>('return _G.outcomes');
  await nvim.until('the deadline', async () => (await outcomes()).length === 1);
  await backend.asked('view.rows');
  answer?.();
  await backend.applied(1, [spliceOf(1, 0, [line('b')])], 2);
  const message = 'view.rows: no answer from the backend within 0.1 s';
  expect(await outcomes()).toEqual([expect.objectContaining({ code: 'timeout', message })]);
  expect(backend.requests.find((request) => request.method === 'view.rows')?.deadline).toBe(100);
});

test('a request that never ends does not hold up the editor', async () => {
  stage = await startStage();
  stage.backend.on('contexts', silence);
  await stage.editor.command('Kubectl');
  await stage.backend.asked('contexts');
  await stage.editor.keys('ihello<Esc>');
  await stage.editor.shows('hello');
});

test('an error of the backend is shown with its next step', async () => {
  stage = await startStage();
  stage.backend.on('view.open', () => {
    throw new Refusal({ code: 'not-found', message: "no resource 'pods'", hint: 'try :Kubectl api-resources' });
  });
  await stage.editor.command('Kubectl');
  await stage.editor.shows("no resource 'pods'");
  await stage.editor.shows('try :Kubectl api-resources');
  await stage.editor.shows(/✕ no resource 'pods'/);
});

test('a killed backend is said in every view; gr starts it and brings them back', async () => {
  stage = await startTable([line('a', 'row a'), line('b', 'row b')], { columns: 160 });
  const { editor: nvim, backend } = stage;
  await nvim.command('vsplit');
  backend.on('command.plan', () => ({ do: 'table', queries: [{ resource: 'services' }] }));
  await nvim.command('Kubectl get services');
  await backend.asked('view.open', 2);
  await nvim.keys('j');
  backend.kill();
  await nvim.until('the end in both', () => nvim.grid.text().split('✕ backend ended').length === 3);
  await nvim.command('wincmd w');
  await nvim.shows('✕ backend ended (signal 9). gr restarts it');
  await nvim.shows('row a');
  await nvim.keys('Ggr');
  await backend.asked('view.open', 4);
  expect(backend.starts).toHaveLength(2);
  const reopened = backend.all('view.open').slice(2);
  expect(reopened.map(({ view }) => view).sort()).toEqual([1, 2]);
  expect(reopened.find(({ view }) => view === 1)?.query).toMatchObject({ resource: 'pods' });
  backend.state(1);
  await backend.applied(1, [spliceOf(0, -1, [line('a', 'row a'), line('new', 'row n'), line('b', 'row b')])], 3);
  expect(await nvim.lua('return vim.api.nvim_get_current_line()')).toBe('row b');
  await nvim.until('live again', () => nvim.grid.text().includes('● live'));
});

test('requests under way when the backend ends are answered with that', async () => {
  stage = await startTable([line('a')]);
  stage.backend.on('view.rows', silence);
  await stage.editor.lua(`require('kubectl').rows({ buf = 0 }, function(rows, err) _G.outcome = err end)`);
  await stage.backend.asked('view.rows');
  stage.backend.kill();
  const { editor: nvim } = stage;
  await nvim.until('an answer', async () => (await nvim.lua('return _G.outcome ~= nil')) === true);
  expect(await nvim.lua('return _G.outcome')).toMatchObject({
    code: 'unreachable',
    message: 'the backend ended (signal 9)',
  });
});

test('words on stderr go to :checkhealth and never to the screen', async () => {
  stage = await startTable([line('a', 'row a')]);
  stage.backend.on('health', () => ({
    sections: [{ title: 'Cluster', items: [{ level: 'warn', text: 'skew of 3 minor versions', advice: ['upgrade'] }] }],
  }));
  stage.backend.stderr('a strange remark\n');
  const { editor: nvim } = stage;
  const heard = () => nvim.lua<string>(`return table.concat(require('kubectl').status().backend.stderr, '|')`);
  await nvim.until('the remark', async () => (await heard()).includes('a strange remark'));
  expect(nvim.grid.text()).not.toContain('strange');
  await nvim.command('checkhealth kubectl');
  await nvim.until('the findings', async () => {
    const text = (await nvim.lines()).join('\n');
    return text.includes('skew of 3 minor versions') && text.includes('a strange remark') && text.includes('upgrade');
  });
  expect((await nvim.lines()).join('\n')).toMatch(/Node[\s\S]*installed with the plugin/);
});

test('without a Node it says what it looked for', async () => {
  editor = await startEditor();
  await editor.lua(`require('kubectl').setup({ node = '/nowhere/node' })`);
  await editor.command('Kubectl');
  const nvim = editor;
  await nvim.reports('/nowhere/node');
  await nvim.reports('Correct or remove `node` in setup()');
  await nvim.command('checkhealth kubectl');
  expect((await nvim.lines()).join('\n')).toContain('Node was not found');
});

test('a Node that is too old is named with its version', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-live-old-node-'));
  const old = join(folder, 'node');
  writeFileSync(old, '#!/bin/sh\n[ "$1" = --version ] && echo v18.20.4 && exit 0\nexit 1\n', { mode: 0o755 });
  stage = await startStage({ setup: `node = '${old}'` });
  expect(existsSync(old)).toBe(true);
  await stage.editor.command('Kubectl');
  const { editor: nvim } = stage;
  await nvim.reports('is Node v18.20.4');
  await nvim.reports('Install Node 22.19 or newer');
});

test('a backend that is not built is named with the command that builds it', async () => {
  editor = await startEditor();
  await editor.lua(`require('kubectl').setup({ backend = '/nowhere/main.js' })`);
  await editor.command('Kubectl');
  const nvim = editor;
  await nvim.reports('/nowhere/main.js does not exist');
  await nvim.reports('npm run setup');
});

test('unknown and broken messages do no harm', async () => {
  stage = await startTable([line('a', 'row a')]);
  stage.backend.send({ type: 'nonsense' } as never);
  stage.backend.send({ type: 'frame', view: 99, gen: 1, seq: 1, splices: [], total: 0, last: true });
  stage.backend.send({ type: 'state', view: 99 } as never);
  stage.backend.send({ type: 'reply', id: 4242, ok: null });
  stage.backend.send({ type: 'frame', view: 1 } as never);
  const { editor: nvim } = stage;
  await stage.backend.asked('view.resend');
  stage.backend.send({ type: 'state', view: 1 } as never);
  await nvim.reports('a bug in the plugin');
  await stage.backend.applied(1, [spliceOf(1, 0, [line('b', 'row b')])], 2);
  expect(await nvim.lines()).toEqual(['row a', 'row b']);
});

test('user events carry their data', async () => {
  stage = await startTable([line('a')]);
  await stage.editor.lua(`
    vim.api.nvim_create_autocmd('User', { pattern = 'K8sResourceSelected', callback = function(args) _G.seen = args.data end })`);
  stage.backend.send({ type: 'event', name: 'K8sResourceSelected', data: { kind: 'Pod', name: 'cart', ns: 'shop' } });
  const { editor: nvim } = stage;
  await nvim.until('the event', async () => (await nvim.lua('return _G.seen ~= nil')) === true);
  expect(await nvim.lua('return _G.seen')).toEqual({ kind: 'Pod', name: 'cart', ns: 'shop' });
});
