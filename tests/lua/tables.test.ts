import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { line, Refusal, type Stage, spliceOf, startStage, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const pods = ['cart', 'checkout', 'payments'].map((name) =>
  line(`uid-${name}`, `shop        ${name.padEnd(12)}Running`),
);

const buffer = () =>
  stage.editor.lua<{ name: string; filetype: string; buftype: string; modifiable: boolean; undo: number }>(`
    local o = vim.bo
    return { name = vim.api.nvim_buf_get_name(0), filetype = o.filetype, buftype = o.buftype,
      modifiable = o.modifiable, undo = o.undolevels }`);

test('a table is a buffer with a name, a filetype, titles and a state', async () => {
  stage = await startTable(pods);
  expect(await buffer()).toEqual({
    name: 'kubectl://prod/pods',
    filetype: 'k8s_pods',
    buftype: 'nofile',
    modifiable: false,
    undo: -1,
  });
  await stage.editor.shows('NAMESPACE   NAME        STATUS');
  await stage.editor.shows(/prod ▸ pods ▸ shop +3 +● live/);
  await stage.editor.until('its first row', () => stage.editor.grid.lines()[1]?.includes('shop        cart') === true);
});

test('a percent sign or a control character of the server is text, never a format', async () => {
  stage = await startTable(pods);
  stage.backend.state(1, { left: '%{execute("let g:evil = 1")} 100%', middle: 'a\nb\u001b[31m' });
  stage.backend.layout(1, ['%#Error#NAME', '%!evil()']);
  await stage.editor.shows('%{execute("let g:evil = 1")} 100%');
  await stage.editor.shows('%#Error#NAME%!evil()');
  expect(await stage.editor.lua('return vim.g.evil == nil')).toBe(true);
});

test('a reason too long for the statusline is cut at its end', async () => {
  stage = await startTable(pods);
  stage.backend.state(1, { right: `◐ 12 s old: ${'because '.repeat(20)}` });
  await stage.editor.shows(/◐ 12 s old: because because .*…/);
});

test('titles follow the text sideways', async () => {
  stage = await startTable([line('a', `${'x'.repeat(30)}${'y'.repeat(200)}`)]);
  stage.backend.layout(1, ['NAMESPACE', 'NAME', 'STATUS', 'RESTARTS', 'AGE', 'NODE', 'IMAGES', 'LABELS']);
  await stage.editor.shows('NAMESPACE   NAME');
  await stage.editor.command('normal! 24zl');
  await stage.editor.until('scrolled titles', () => stage.editor.grid.lines()[0]?.startsWith('STATUS') === true);
});

test('other buffers in the window get their own options back', async () => {
  stage = await startTable(pods);
  await stage.editor.command('enew');
  const options = await stage.editor.lua(
    'return { vim.wo.winbar, vim.wo.statusline == vim.go.statusline, vim.wo.wrap, vim.wo.cursorline }',
  );
  expect(options).toEqual(['', true, true, false]);
});

test('<CR> goes in and <BS> comes back to the same row; the way is closed behind', async () => {
  stage = await startTable(pods);
  stage.backend.on('view.drill', ({ key }) => ({
    open: 'table',
    query: { resource: 'containers', owner: key },
  }));
  await stage.editor.keys('j<CR>');
  expect(await stage.backend.asked('view.drill')).toEqual({ view: 1, key: 'uid-checkout' });
  expect((await stage.backend.asked('view.open', 2)).query).toEqual({ resource: 'containers', owner: 'uid-checkout' });
  await stage.editor.until('its name', async () => (await buffer()).name.endsWith('containers?owner=uid-checkout'));
  await stage.backend.applied(1, [spliceOf(0, 0, [line('uid-a', 'shop        aaa')])], 4);
  await stage.editor.keys('<BS>');
  await stage.editor.until('the table', async () => (await buffer()).name === 'kubectl://prod/pods');
  expect(await stage.editor.lua('return vim.api.nvim_get_current_line()')).toContain('checkout');
  expect(await stage.backend.asked('view.close')).toEqual({ view: 2 });
});

test('gd and gy open live texts in a float that q closes', async () => {
  stage = await startTable(pods);
  await stage.editor.keys('gd');
  expect(await stage.backend.asked('describe.open')).toEqual({ view: 2, source: { view: 1, key: 'uid-cart' } });
  stage.backend.state(2, { left: 'shop/cart ─ describe', middle: '' });
  await stage.backend.applied(2, [spliceOf(0, -1, [line('', 'Name:  cart'), line('', 'Namespace: shop')])], 2);
  await stage.editor.shows('Name:  cart');
  await stage.editor.shows('shop/cart ─ describe ─ ● live');
  expect((await buffer()).filetype).toBe('k8s_describe');
  const before = await stage.editor.lua<number>('return vim.api.nvim_win_get_width(0)');
  await stage.editor.keys('<F4>');
  await stage.editor.until(
    'full screen',
    async () => (await stage.editor.lua<number>('return vim.api.nvim_win_get_width(0)')) > before,
  );
  await stage.editor.keys('q');
  expect(await stage.backend.asked('session.close')).toEqual({ view: 2 });
  expect((await buffer()).name).toBe('kubectl://prod/pods');
});

test('logs open in the window, follow their end and lead back', async () => {
  stage = await startTable(pods);
  await stage.editor.keys('gl');
  expect(await stage.backend.asked('logs.open')).toMatchObject({
    view: 2,
    options: { follow: true, timestamps: false },
  });
  const lines = (from: number) => Array.from({ length: 50 }, (_, index) => line('', `log ${from + index}`));
  await stage.backend.applied(2, [spliceOf(0, -1, lines(0))], 50);
  await stage.backend.applied(2, [spliceOf(50, 0, lines(50))], 100);
  await stage.editor.shows('log 99');
  await stage.editor.keys('gg');
  await stage.editor.until('the start', async () => (await stage.editor.cursor())[0] === 1);
  await stage.backend.applied(2, [spliceOf(100, 0, lines(100))], 150);
  await stage.editor.shows('log 0');
  await stage.editor.keys('q');
  await stage.editor.until('the table', async () => (await buffer()).name === 'kubectl://prod/pods');
});

test('gs sorts by the column under the cursor, gr asks again', async () => {
  stage = await startTable(pods);
  await stage.editor.command('normal! 14|');
  await stage.editor.keys('gs');
  expect(await stage.backend.asked('view.update')).toEqual({ view: 1, sort: 'NAME' });
  await stage.editor.keys('0gs');
  expect(await stage.backend.asked('view.update', 2)).toEqual({ view: 1, sort: 'NAMESPACE' });
  await stage.editor.keys('gr');
  expect(await stage.backend.asked('view.refresh')).toEqual({ view: 1 });
});

test('gC hides columns and shows wide ones', async () => {
  stage = await startTable(pods);
  await stage.editor.keys('gC');
  await stage.editor.shows('(wide)');
  await stage.editor.keys('<Tab>');
  await stage.editor.keys('<Down><Down><Tab><CR>');
  expect(await stage.backend.asked('view.update')).toEqual({ view: 1, wide: true, hidden: ['STATUS'], columns: [] });
});

test('gC changes the order of columns and brings single wide ones', async () => {
  stage = await startTable(pods);
  const columns = ['NAMESPACE', 'NAME'].map(
    (title, index) => ({ title, start: index * 12, width: 10, align: 'left' }) as const,
  );
  const all = [
    ...columns.map(({ title }) => ({ title, wide: false })),
    { title: 'STATUS', wide: false },
    { title: 'IP', wide: true },
  ];
  stage.backend.send({
    type: 'layout',
    view: 1,
    gen: 1,
    titles: 'chosen',
    columns,
    all,
    sort: { title: '', descending: false },
  });
  await stage.editor.shows('chosen');
  await stage.editor.keys('gC');
  await stage.editor.shows(/STATUS +hidden/);
  await stage.editor.shows(/IP +wide/);
  await stage.editor.keys('<Up><Tab>');
  await stage.editor.keys('<Up><M-k><M-k><M-k><CR>');
  expect(await stage.backend.asked('view.update')).toEqual({
    view: 1,
    wide: false,
    hidden: ['STATUS'],
    columns: ['IP', 'NAMESPACE', 'NAME'],
  });
});

test('columns of setup() are used by every new table of the resource', async () => {
  stage = await startStage({ setup: `columns = { pods = { wide = true, hidden = { 'AGE' } } }` });
  await stage.editor.command('Kubectl');
  const choice = { wide: true, hidden: ['AGE'] };
  expect((await stage.backend.asked('view.open')).query).toEqual({ resource: 'pods', choices: { pods: choice } });
});

test('columns that setup() adds go along, and mistakes in them are named', async () => {
  stage = await startStage({
    setup: `columns = { po = { { title = 'TEAM', label = 'team' }, { title = 'NAME', width = 20 }, order = { 'TEAM' } } }`,
  });
  await stage.editor.command('Kubectl');
  expect((await stage.backend.asked('view.open')).query.choices).toEqual({
    po: {
      columns: [
        { title: 'TEAM', label: 'team' },
        { title: 'NAME', width: 20 },
      ],
      order: ['TEAM'],
    },
  });
  const refused = (columns: string) =>
    stage.editor.lua(`return select(2, pcall(require('kubectl').setup, { columns = { pods = ${columns} } }))`);
  expect(await refused('{ { titel = "A" } }')).toContain('`columns["pods"][1].titel`; the nearest is');
  expect(await refused('{ { label = "a" } }')).toContain('`columns["pods"][1]` needs a title');
  expect(await refused('{ hide = { "A" } }')).toContain('`columns["pods"].hide`');
  expect(await refused('{ { title = "A", width = "b" } }')).toContain('must be a number');
});

test('namespaces are chosen for the table and for what comes after', async () => {
  stage = await startTable(pods);
  await stage.editor.keys('<C-n>');
  await stage.editor.shows('kube-system');
  await stage.editor.keys('kube<Tab><C-u>def<Tab><CR>');
  expect(await stage.backend.asked('view.update')).toEqual({ view: 1, namespaces: ['default', 'kube-system'] });
  expect(await stage.backend.asked('namespace.use')).toEqual({ namespaces: ['default', 'kube-system'] });
  await stage.editor.until('the picker gone', () => !stage.editor.grid.text().includes('every namespace'));
  await stage.editor.keys('<C-n>');
  await stage.editor.shows('every namespace');
  await stage.editor.keys('<CR>');
  expect(await stage.backend.asked('view.update', 2)).toEqual({ view: 1, namespaces: [] });
});

test('another context opens the same table there', async () => {
  stage = await startTable(pods);
  await stage.editor.keys('<C-x>');
  await stage.editor.shows('staging-cluster');
  await stage.editor.keys('stag<CR>');
  expect(await stage.backend.asked('context.use')).toEqual({ context: 'staging' });
  expect((await stage.backend.asked('view.open', 2)).query).toEqual({ resource: 'pods', context: 'staging' });
  await stage.editor.until('its name', async () => (await buffer()).name === 'kubectl://staging/pods');
});

test('digits open the usual tables; the same query is the same buffer', async () => {
  stage = await startTable(pods);
  await stage.editor.keys('1');
  const place = { context: 'prod', namespaces: ['shop'] };
  expect((await stage.backend.asked('view.open', 2)).query).toEqual({ resource: 'deployments', ...place });
  await stage.editor.until('deployments', async () => (await buffer()).name === 'kubectl://prod/deployments');
  await stage.editor.keys('2');
  await stage.editor.until('pods', async () => (await buffer()).name === 'kubectl://prod/pods');
  expect(stage.backend.all('view.open')).toHaveLength(2);
  await stage.editor.keys('<BS>');
  await stage.editor.until('deployments', async () => (await buffer()).name === 'kubectl://prod/deployments');
});

test('wiping the buffer ends the view; a refused one can be tried again', async () => {
  stage = await startTable(pods);
  await stage.editor.command('bwipeout');
  expect(await stage.backend.asked('view.close')).toEqual({ view: 1 });
  let refused = true;
  stage.backend.on('view.open', ({ query }) => {
    if (refused) throw new Refusal({ code: 'forbidden', message: 'list pods is forbidden' });
    const { resource } = query;
    return {
      context: 'prod',
      resource,
      plural: resource,
      kind: 'Pod',
      namespaced: true,
      namespaces: [],
      name: `kubectl://prod/${resource}`,
    };
  });
  await stage.editor.command('Kubectl');
  await stage.editor.shows('✕ list pods is forbidden');
  refused = false;
  await stage.editor.keys('gr');
  await stage.backend.asked('view.open', 3);
  await stage.editor.until('no problem', () => !stage.editor.grid.text().includes('✕'));
});

test('rows() gives what the backend says, in its order', async () => {
  stage = await startTable(pods);
  const rows = [
    { uid: 'u', namespace: 'shop', name: 'cart', cells: { NAME: 'cart', IP: '10.1.4.17' }, health: 'ok' },
    { uid: 'v', namespace: 'shop', name: 'pay', cells: { NAME: 'pay', IP: '<none>' }, health: 'error' },
  ];
  stage.backend.on('view.rows', () => ({ rows }));
  await stage.editor.lua(`require('kubectl').rows({ buf = 0 }, function(found) _G.found = found end)`);
  await stage.editor.until('rows', async () => (await stage.editor.lua('return _G.found ~= nil')) === true);
  expect(await stage.editor.lua('return _G.found')).toEqual(rows);
});

test(':e fills the buffer again, and a name opens its table', async () => {
  stage = await startTable(pods);
  const slashed = { name: 'arn:aws:eks/cluster/x', cluster: 'x', server: '', user: '', namespace: '' };
  stage.backend.on('contexts', () => ({ current: '', contexts: [slashed], problems: [] }));
  await stage.editor.command('edit');
  await stage.backend.asked('view.resend');
  await stage.backend.applied(1, [spliceOf(0, -1, pods)], 3);
  expect(await stage.editor.lines()).toHaveLength(3);
  await stage.editor.command('edit kubectl://arn:aws:eks/cluster/x/services');
  expect((await stage.backend.asked('view.open', 2)).query).toEqual({
    resource: 'services',
    context: 'arn:aws:eks/cluster/x',
  });
});

test('toggle() opens, in a tab if asked, and closes', async () => {
  stage = await startStage();
  await stage.editor.lua(`require('kubectl').toggle({ tab = true })`);
  await stage.backend.asked('view.open');
  await stage.editor.until('a second tab', async () => (await stage.editor.lua('return vim.fn.tabpagenr("$")')) === 2);
  await stage.editor.lua(`require('kubectl').toggle()`);
  expect(await stage.editor.lua('return vim.fn.tabpagenr("$")')).toBe(1);
  expect(await stage.backend.asked('view.close')).toEqual({ view: 1 });
});

test('the first contact says what was looked for and what to do', async () => {
  stage = await startStage({ rows: 30 });
  stage.backend.on('contexts', () => ({ current: '', contexts: [], problems: ['/root/.kube/config does not exist'] }));
  await stage.editor.command('Kubectl');
  await stage.editor.shows('There is no Kubernetes cluster to connect to.');
  await stage.editor.shows('/root/.kube/config does not exist');
  await stage.editor.shows(':checkhealth kubectl');
  expect(stage.backend.all('view.open')).toHaveLength(0);
  await stage.editor.keys('R');
  await stage.backend.asked('contexts', 2);
  await stage.editor.keys('q');
  await stage.editor.until('gone', () => !stage.editor.grid.text().includes('no Kubernetes'));
});

test('gz lets the rows stand still and move again', async () => {
  stage = await startTable(pods);
  await stage.editor.keys('gz');
  expect(await stage.backend.asked('view.update')).toEqual({ view: 1, paused: true });
  stage.backend.state(1, { phase: 'paused', right: '‖ paused' });
  await stage.editor.shows('‖ paused');
  await stage.editor.keys('gz');
  expect(await stage.backend.asked('view.update', 2)).toEqual({ view: 1, paused: false });
});

test('a table that stood still does so again after its engine was started again, until its rows move', async () => {
  stage = await startTable(pods);
  const { editor, backend } = stage;
  const reopen = async (count: number) => {
    backend.state(1, { phase: 'ended', right: '✕ the engine ended' });
    backend.send({ type: 'reopen', view: 1 });
    await backend.asked('view.open', count);
  };
  backend.state(1, { phase: 'paused', right: '‖ paused' });
  await editor.shows('‖ paused');
  await reopen(2);
  expect(await backend.asked('view.update')).toEqual({ view: 1, paused: true });
  backend.state(1, { phase: 'loading' });
  backend.state(1, { phase: 'live' });
  await editor.shows('● live');
  await reopen(3);
  await editor.keys('gz');
  await backend.asked('view.update', 2);
  expect(backend.all('view.update').slice(1)).toEqual([{ view: 1, paused: true }]);
});

test('gO opens the owner’s table with the cursor on it, also when its row comes late; gv the events', async () => {
  stage = await startTable(pods);
  const query = { resource: 'replicasets', namespaces: ['shop'] };
  stage.backend.on('view.related', ({ what }) =>
    what === 'owner' ? { open: 'table', query, key: 'uid-b' } : { open: 'table', query: { resource: 'events' } },
  );
  await stage.editor.keys('jgO');
  expect(await stage.backend.asked('view.related')).toEqual({ view: 1, key: 'uid-checkout', what: 'owner' });
  await stage.backend.asked('view.open', 2);
  await stage.backend.applied(2, [spliceOf(0, -1, [line('uid-a', 'shop  a')])], 1, { last: false });
  await stage.backend.applied(2, [spliceOf(1, 0, [line('uid-b', 'shop  b'), line('uid-c', 'shop  c')])], 3);
  expect(await stage.editor.lua('return vim.api.nvim_get_current_line()')).toBe('shop  b');
  await stage.editor.keys('<BS>');
  await stage.editor.until('the pods', async () => (await buffer()).name === 'kubectl://prod/pods');
  await stage.editor.keys('gv');
  expect(await stage.backend.asked('view.related', 2)).toEqual({ view: 1, key: 'uid-checkout', what: 'row-events' });
  await stage.editor.until('the events', async () => (await buffer()).name === 'kubectl://prod/events');
});

test('order and columns of a resource are as they were last when it is opened again', async () => {
  stage = await startTable(pods);
  const { editor, backend } = stage;
  await editor.lua(`require('kubectl.view').update(require('kubectl.view').of(0), { wide = true })`);
  backend.send({
    type: 'layout',
    all: [],
    view: 1,
    gen: 2,
    titles: 'NAME STATUS▼',
    columns: [],
    sort: { title: 'STATUS', descending: true },
  });
  await editor.shows('STATUS▼');
  await editor.command('bwipeout');
  await editor.lua(`require('kubectl').open('pods')`);
  await backend.asked('view.open', 2);
  const order = { title: 'STATUS', descending: true };
  expect(await backend.asked('view.update', 2)).toEqual({ view: 2, wide: true, order });
  await editor.lua(`require('kubectl').open({ resource = 'pods', context = 'staging' })`);
  await backend.asked('view.open', 3);
  await editor.lua(
    `require('kubectl').open({ resource = 'pods', sort = { title = 'NAME', descending = false }, wide = false })`,
  );
  await backend.asked('view.open', 4);
  await editor.until(
    'its name',
    async () => (await editor.lua(`return require('kubectl.view').of(0).opened ~= nil`)) === true,
  );
  expect(backend.all('view.update')).toHaveLength(2);
});

test('the backend knows how wide the window is, when it opens and when it changes', async () => {
  stage = await startTable(pods);
  const { width } = await stage.backend.asked('view.open');
  expect(width).toBe(await stage.editor.lua('return vim.o.columns'));
  await stage.editor.command('vsplit | vertical resize 30 | enew');
  const left = await stage.editor.lua<number>('return vim.fn.winwidth(2)');
  expect(await stage.backend.asked('view.update')).toEqual({ view: 1, width: left });
  await stage.editor.command('wincmd p | set number');
  expect(await stage.backend.asked('view.update', 2)).toEqual({ view: 1, width: left - 4 });
  await stage.editor.command('vertical resize -3');
  expect(await stage.backend.asked('view.update', 3)).toEqual({ view: 1, width: left - 3 - 4 });
});

test('with `fit` off every text is shown whole', async () => {
  stage = await startTable(pods, { setup: 'fit = false' });
  expect((await stage.backend.asked('view.open')).width).toBe(0);
});

test.each([
  ['gC', '<Esc>'],
  ['gC', '<CR>'],
  ['<C-f>', '<Esc>'],
  ['<C-f>', 'x<CR>'],
])('the cursor is where it was after %s%s, also behind wide letters', async (open, close) => {
  stage = await startTable([line('a', '名前 cart-0')]);
  for (const column of [0, 3, 7, 12]) {
    await stage.editor.lua(`vim.api.nvim_win_set_cursor(0, { 1, ... })`, column);
    await stage.editor.keys(open);
    await stage.editor.until('a prompt', async () => (await stage.editor.lua(`return vim.fn.mode()`)) === 'i');
    await stage.editor.keys(close);
    await stage.editor.until('the table', async () => (await stage.editor.lua(`return vim.fn.mode()`)) === 'n');
    expect(await stage.editor.cursor()).toEqual([1, column]);
  }
});

test('order and columns of a resource are kept for later sessions, whatever else is in the file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-habits-'));
  const env = { XDG_STATE_HOME: folder };
  try {
    stage = await startTable(pods, { env });
    await stage.editor.lua(
      `require('kubectl.view').update(require('kubectl.view').of(0), { wide = true, hidden = { 'AGE' }, columns = { 'NAME' } })`,
    );
    await stage.backend.asked('view.update');
    await stage.dispose();
    stage = await startTable(pods, { env });
    const change = { view: 1, wide: true, hidden: ['AGE'], columns: ['NAME'] };
    expect(await stage.backend.asked('view.update')).toEqual(change);
    const file = await stage.editor.lua<string>(`return vim.fn.stdpath('state') .. '/kubectl-live/habits.json'`);
    await stage.dispose();
    writeFileSync(file, '{"prod\\npods": {"hidden": {}, "columns": 7, "wide": true}, "x": 1}');
    stage = await startTable(pods, { env });
    expect(await stage.backend.asked('view.update')).toEqual({ view: 1, wide: true, hidden: [] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
