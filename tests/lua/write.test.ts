/** The editor's side of changes: guards, keys that several actions share, progress, results, the journal. */
import { afterEach, expect, test } from 'vitest';
import type { ActionEntry, ActionPlan, ActionResult } from '../../src/protocol/wire.ts';
import { line, type Stage, settled, silence, spliceOf, startStage, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const rows = ['cart', 'checkout', 'payments'].map((name) => line(`uid-${name}`, `shop        ${name}`));

const entry = (id: string, more: Partial<ActionEntry> = {}): ActionEntry => ({
  ...{ id, title: id, key: 'gR', danger: false, applies: true, inputs: [] },
  ...more,
});

const plan: ActionPlan = { title: 'Restart 3 deployments', lines: ['they restart'], verb: 'restart', inputs: [] };

const start = async (setup = ''): Promise<void> => {
  stage = await startTable(rows, setup === '' ? {} : { setup });
  stage.backend.on('action.plan', () => plan);
};

test('a guarded context is marked in its statusline with its colour; the backend is told the rules', async () => {
  await start(`guards = { ['prod*'] = { mode = 'read-only', colour = '#aa0000' } }`);
  expect(await stage.backend.asked('hello')).toMatchObject({
    guards: [{ pattern: 'prod*', mode: 'read-only', colour: '#aa0000' }],
  });
  stage.backend.send({ type: 'guard', context: 'prod', mode: 'read-only', colour: '#aa0000' });
  await stage.editor.shows(/ read-only +prod ▸ pods/);
  const colour = await stage.editor.lua(`return vim.api.nvim_get_hl(0, { name = 'KubectlGuard_aa0000' }).bg`);
  expect(colour).toBe(0xaa0000);
  stage.backend.send({ type: 'guard', context: 'prod', mode: 'open' });
  await stage.editor.until('no mark', () => !stage.editor.grid.text().includes('read-only'));
});

test('a table whose rows and guard came before the word that it is open is marked as well', async () => {
  stage = await startStage();
  const opened = { context: 'prod', resource: 'pods', plural: 'pods', kind: 'Pod', namespaced: true };
  const answer = { ...opened, namespaces: ['shop'], name: 'kubectl://prod/pods' };
  let open = (): void => undefined;
  stage.backend.on('view.open', async () => {
    await new Promise<void>((resolve) => {
      open = resolve;
    });
    return answer;
  });
  await stage.editor.command('Kubectl');
  await stage.backend.asked('view.open');
  stage.backend.send({ type: 'guard', context: 'prod', mode: 'read-only' });
  stage.backend.state(1);
  await stage.backend.applied(1, [spliceOf(0, -1, rows)], rows.length);
  await stage.editor.shows('● live');
  open();
  await stage.editor.shows(/ read-only +prod ▸ pods/);
});

test('a guard chosen at run time is told, and again to a backend that takes the place of one that ended', async () => {
  await start();
  stage.backend.on('command.plan', () => ({ do: 'guard', context: 'prod', mode: 'typed' }));
  await stage.editor.command('Kubectl guard typed');
  expect(await stage.backend.asked('guards.set')).toEqual({ guards: [{ pattern: 'prod', mode: 'typed' }] });
  await stage.editor.reports('context prod: typed');
  stage.backend.exit(1);
  await stage.editor.shows('backend ended');
  await stage.editor.keys('gr');
  expect(await stage.backend.asked('hello', 2)).toMatchObject({ guards: [{ pattern: 'prod', mode: 'typed' }] });
});

test('guards of a later setup() are told to the backend that runs', async () => {
  await start();
  await stage.editor.lua(`require('kubectl').setup({ guards = { prod = { mode = 'read-only' } } })`);
  expect(await stage.backend.asked('guards.set')).toEqual({ guards: [{ pattern: 'prod', mode: 'read-only' }] });
});

test('a wrong guard is an error that names it', async () => {
  await start();
  const error = await stage.editor.lua(
    `return select(2, pcall(require('kubectl').setup, { guards = { prod = { mode = 'closed' } } }))`,
  );
  expect(error).toContain('`guards["prod"].mode` must be one of open, typed, read-only, not "closed"');
});

test('of actions that share a key the one that applies is done; none says why for each', async () => {
  stage = await startTable(rows);
  stage.backend.on('action.plan', () => plan);
  await stage.editor.lua(`
    local host = require('kubectl.host')
    host.receive({ type = 'hello', actions = {
      { id = 'drain', title = 'drain…', key = 'gR' }, { id = 'restart', title = 'restart', key = 'gR' } },
      styles = {} })`);
  stage.backend.on('action.menu', () => ({
    actions: [entry('restart'), entry('drain', { applies: false, reason: 'no node' })],
  }));
  await stage.editor.keys('gR');
  expect(await stage.backend.asked('action.menu')).toMatchObject({ actions: ['drain', 'restart'] });
  expect(await stage.backend.asked('action.plan')).toMatchObject({ action: 'restart' });
  await stage.editor.shows('[y] restart');
  await stage.editor.keys('n');
  stage.backend.on('action.menu', () => ({
    actions: ['restart', 'drain'].map((id) => entry(id, { applies: false, reason: `no ${id}` })),
  }));
  await stage.editor.keys('gR');
  await stage.editor.reports('restart: no restart\ndrain: no drain');
});

test('an action that needs a value does not ask for it in the place of another question', async () => {
  await start();
  let answer = (): void => undefined;
  const suffix = { name: 'suffix', label: 'suffix', type: 'text', value: '' } as const;
  stage.backend.on('action.menu', async () => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return { actions: [entry('scale', { key: 'gS', inputs: [suffix] })] };
  });
  stage.backend.on('command.plan', () => ({
    do: 'action',
    action: 'restart',
    objects: [],
    inputs: {},
    dryRun: false,
  }));
  await stage.editor.keys('gS');
  await stage.backend.asked('action.menu');
  await stage.editor.command('Kubectl rollout restart deploy/web');
  await stage.editor.shows('[y] restart');
  answer();
  await stage.editor.reports('scale: not asked, for another question is open');
  await stage.editor.keys('y');
  await stage.backend.asked('action.run');
});

test('a read-only context offers a dry run and nothing else', async () => {
  await start();
  stage.backend.on('action.menu', () => ({ actions: [entry('scale', { key: 'gS' })] }));
  stage.backend.on('action.plan', () => ({ ...plan, dryRunOnly: true }));
  await stage.editor.keys('gS');
  await stage.editor.shows('[d] dry run');
  expect(stage.editor.grid.text()).not.toContain('[y]');
  await stage.editor.keys('y');
  // The key that would agree does nothing: it is no operator that waits for a motion.
  expect((await stage.editor.lua<{ mode: string }>('return vim.api.nvim_get_mode()')).mode).toBe('n');
  await settled(stage);
  expect(stage.backend.all('action.run')).toHaveLength(0);
});

const runIt = async (
  answer: () => Promise<{ results: ActionResult[] }> | { results: ActionResult[] },
): Promise<void> => {
  await start();
  stage.backend.on('action.menu', () => ({ actions: [entry('scale', { key: 'gS' })] }));
  stage.backend.on('action.run', answer);
  await stage.editor.keys('gS');
  await stage.editor.shows('[y] restart');
  await stage.editor.keys('y');
  await stage.backend.asked('action.run');
};

test('what takes a while shows its progress, and <C-c> leaves the rest alone', async () => {
  await runIt(silence);
  const tell = (done: number): void => stage.backend.send({ type: 'progress', run: 1, done, total: 200 });
  let done = 0;
  await stage.editor.until('the progress', () => {
    done += 1;
    tell(done);
    return stage.editor.grid.text().includes('of 200 done');
  });
  await stage.editor.cancels(() => stage.backend.all('action.cancel').length > 0);
  expect(await stage.backend.asked('action.cancel')).toEqual({ run: 1 });
});

test('those that failed are in the quickfix list, and a long list of results is short', async () => {
  const results = Array.from({ length: 40 }, (_, index): ActionResult => {
    const source = { context: 'prod', resource: 'pods', name: `p${index}`, namespace: 'shop' };
    const ok = index % 10 !== 0;
    return { object: `pods/p${index}`, ok, message: ok ? 'done' : 'forbidden', ...(!ok && { source }) };
  });
  await runIt(() => ({ results }));
  await stage.editor.reports('36 of 40 done, 4 failed');
  await stage.editor.reports('… and 28 more');
  const list = await stage.editor.lua<{ title: string; items: { text: string; bufnr: number }[] }>(
    `return vim.fn.getqflist({ title = 0, items = 0 })`,
  );
  expect(list.title).toBe('Restart 3 deployments');
  expect(list.items.map(({ text }) => text)).toEqual([0, 10, 20, 30].map((index) => `pods/p${index}: forbidden`));
  const name = await stage.editor.lua(`return vim.fn.bufname(${list.items[0]?.bufnr})`);
  expect(name).toBe('kubectl://prod/shop/pods/p0');
});

test('an input that differs from plan to plan is sent back as it was planned; the others only when changed', async () => {
  await start();
  const suffix = { name: 'suffix', label: 'suffix', type: 'text', value: 'one', keep: true } as const;
  const other = { name: 'other', label: 'other', type: 'text', value: 'x' } as const;
  stage.backend.on('action.menu', () => ({ actions: [entry('scale', { key: 'gS', inputs: [suffix, other] })] }));
  stage.backend.on('action.plan', () => ({ ...plan, inputs: [{ ...suffix, value: 'two' }, other] }));
  stage.backend.on('action.run', () => ({ results: [] }));
  await stage.editor.keys('gS');
  await stage.editor.shows('suffix  one');
  await stage.editor.keys('<CR>');
  expect(await stage.backend.asked('action.plan')).toMatchObject({ inputs: {} });
  await stage.editor.shows('[y] restart');
  await stage.editor.keys('y');
  const { inputs } = await stage.backend.asked('action.run');
  expect(inputs).toEqual({ suffix: 'two' });
});

test('the journal: <CR> shows an entry, gu plans and takes back those selected', async () => {
  await start();
  stage.backend.on('command.plan', () => ({ do: 'journal' }));
  stage.backend.on('journal.open', () => ({ title: 'journal', filetype: 'k8s_journal' }));
  stage.backend.on('journal.entry', () => ({ title: 'journal/12', filetype: 'diff' }));
  stage.backend.on('journal.plan', () => ({ ...plan, title: 'Take back', verb: 'take back' }));
  stage.backend.on('journal.revert', () => ({ results: [{ object: 'pods/x', ok: true, message: 'is as before' }] }));
  await stage.editor.command('Kubectl journal');
  const { view } = await stage.backend.asked('journal.open');
  const lines = [line('', '# TIME'), line('12', '12 scale web'), line('11', '11 label web')];
  await stage.backend.applied(view, [spliceOf(0, -1, lines)], 3);
  await stage.editor.keys('ggj<CR>');
  expect(await stage.backend.asked('journal.entry')).toMatchObject({ entry: 12 });
  await stage.editor.keys('q');
  await stage.editor.keys('ggjVjgu');
  expect(await stage.backend.asked('journal.plan')).toMatchObject({ entries: [12, 11] });
  await stage.editor.shows('[y] take back');
  await stage.editor.keys('y');
  expect(await stage.backend.asked('journal.revert')).toMatchObject({ entries: [12, 11], how: { dryRun: false } });
  await stage.editor.reports('✓ pods/x: is as before');
  await stage.editor.command('messages clear');
  await stage.editor.keys('q');
  await stage.editor.shows('checkout');
  expect(await stage.editor.messages()).toBe('');
});

test('a long action opens a buffer that follows it; <C-c> cancels it, and a new backend does not start it again', async () => {
  await start();
  stage.backend.on('action.menu', () => ({ actions: [entry('scale', { key: 'gS' })] }));
  stage.backend.on('action.run', () => ({ results: [], task: 5 }));
  stage.backend.on('task.open', () => ({ title: 'drain x', filetype: 'k8s_task' }));
  await stage.editor.keys('gS');
  await stage.editor.shows('[y] restart');
  await stage.editor.keys('y');
  const { view, task } = await stage.backend.asked('task.open');
  expect(task).toBe(5);
  await stage.backend.applied(view, [spliceOf(0, -1, [line('', 'node x: 1 of 2 pods settled')])], 1);
  await stage.editor.shows('1 of 2 pods settled');
  await stage.editor.cancels(() => stage.backend.all('task.cancel').length > 0);
  expect(await stage.backend.asked('task.cancel')).toEqual({ view });
  stage.backend.exit(1);
  await stage.editor.until(
    'the end',
    async () => (await stage.editor.lua(`return require('kubectl').status().backend.ended`)) !== null,
  );
  expect(stage.backend.all('action.run')).toHaveLength(1);
});

test('a command that a guard stops is run only when the word was typed', async () => {
  await start();
  const confirm = { title: 'delete · prod', lines: ['kubectl delete pod x'], verb: 'run it', type: 'prod' };
  stage.backend.on('command.plan', () => ({
    ...{ do: 'process', argv: ['/bin/echo', 'it', 'ran'], env: {}, title: 'echo', filetype: '' },
    ...{ okCodes: [0], stdin: 'none', show: 'split', confirm },
  }));
  await stage.editor.command('Kubectl delete pod x');
  await stage.editor.shows('type prod and <CR> to run it');
  await stage.editor.keys('pro<CR>');
  await stage.editor.lua('return 1');
  expect(stage.editor.grid.text()).not.toContain('it ran');
  await stage.editor.keys('d<CR>');
  await stage.editor.shows('it ran');
});

test('rows that come while a table is edited are counted when they are there, whatever is said of them before', async () => {
  await start();
  stage.backend.on('edit.open', () => ({
    ...{ context: 'prod', title: 'prod ▸ deployments ▸ edit', name: 'kubectl://prod/deployments?edit' },
    titles: 'NAME',
    lines: ['cart', 'checkout', 'payments'].map((name) => ({ key: `uid-${name}`, text: name })),
    problems: [],
  }));
  await stage.editor.keys('e');
  await stage.editor.shows('✎ :w or :e!');
  const more = ['search', 'users'].map((name) => line(`uid-${name}`, `shop        ${name}`));
  for (const [index, row] of more.entries()) {
    await stage.backend.applied(1, [spliceOf(3 + index, 0, [row])], 4 + index);
    await stage.editor.shows(`${index + 1} new`);
  }
  await stage.backend.applied(1, [spliceOf(3, 2, [])], 3);
  await stage.editor.until('none', () => !stage.editor.grid.text().includes(' new'));
});
