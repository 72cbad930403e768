import { afterEach, expect, test } from 'vitest';
import type { ActionEntry, ActionPlan } from '../../src/protocol/wire.ts';
import { line, type Stage, settled, spliceOf, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const rows = ['cart', 'checkout', 'payments'].map((name) => line(`uid-${name}`, `shop        ${name}`));

const replicas = { name: 'replicas', label: 'replicas', type: 'number', value: 3 } as const;
const cascade = {
  name: 'cascade',
  label: 'what it owns',
  type: 'choice',
  value: 'background',
  choices: ['background', 'foreground', 'orphan'],
} as const;

const entries: readonly ActionEntry[] = [
  { id: 'scale', title: 'scale…', key: 'gS', danger: false, applies: true, note: '3 replicas', inputs: [replicas] },
  { id: 'delete', title: 'delete…', key: 'gD', danger: true, applies: true, inputs: [cascade] },
  {
    id: 'autoscale',
    title: 'autoscale',
    key: '',
    danger: false,
    applies: false,
    reason: 'not allowed: create hpa',
    inputs: [],
  },
];

const plan: ActionPlan = {
  title: 'Delete 1 pod · prod ▸ shop',
  lines: ['cart   1 of 3 ready left', 'grace 30s'],
  verb: 'delete',
  inputs: [cascade],
};

const start = async (planned: ActionPlan = plan): Promise<void> => {
  stage = await startTable(rows);
  stage.backend.on('action.menu', () => ({ actions: entries }));
  stage.backend.on('action.plan', () => planned);
  stage.backend.on('action.run', ({ keys }) => ({
    results: keys.map((key) => ({
      object: `pod/${key}`,
      ok: key !== 'uid-checkout',
      message: 'done or not',
      undo: `kubectl undo ${key}`,
    })),
  }));
};

test('a dangerous action shows what will happen and is done by y only', async () => {
  await start();
  await stage.editor.keys('gD');
  await stage.editor.shows('Delete 1 pod · prod ▸ shop');
  await stage.editor.shows('cart   1 of 3 ready left');
  await stage.editor.shows('[y] delete   [n] cancel   [<Tab>] options');
  expect(await stage.backend.asked('action.plan')).toEqual({
    action: 'delete',
    view: 1,
    keys: ['uid-cart'],
    inputs: {},
  });
  await stage.editor.keys('n');
  await stage.editor.until('closed', () => !stage.editor.grid.text().includes('[y] delete'));
  await stage.editor.keys('gD');
  await stage.editor.shows('[y] delete');
  await stage.editor.keys('y');
  expect(await stage.backend.asked('action.run')).toEqual({
    action: 'delete',
    view: 1,
    keys: ['uid-cart'],
    inputs: {},
    how: { run: 1, dryRun: false },
  });
  expect(stage.backend.all('action.run')).toHaveLength(1);
});

test('leaving the question is a no', async () => {
  await start();
  await stage.editor.keys('gD');
  await stage.editor.shows('[y] delete');
  await stage.editor.keys('<C-w>w');
  await stage.editor.until('closed', () => !stage.editor.grid.text().includes('[y] delete'));
  await stage.editor.keys('y<Esc>');
  await settled(stage);
  expect(stage.backend.all('action.run')).toHaveLength(0);
});

test('a guarded context wants the word typed: neither y nor another word does', async () => {
  await start({ ...plan, type: 'cart' });
  await stage.editor.keys('gD');
  await stage.editor.shows('type cart and <CR> to delete');
  await stage.editor.keys('y<CR>');
  await stage.editor.keys('<C-u>car<CR>');
  await settled(stage);
  expect(stage.backend.all('action.run')).toHaveLength(0);
  await stage.editor.keys('t<CR>');
  expect(await stage.backend.asked('action.run')).toMatchObject({ how: { typed: 'cart' } });
});

test('d is a dry run; <Tab> changes options and plans again', async () => {
  await start();
  await stage.editor.keys('gD');
  await stage.editor.shows('[d] dry run');
  await stage.editor.keys('d');
  expect(await stage.backend.asked('action.run')).toMatchObject({ how: { dryRun: true } });
  await stage.editor.until('closed', () => !stage.editor.grid.text().includes('[y] delete'));
  await stage.editor.keys('gD');
  await stage.editor.shows('[<Tab>] options');
  await stage.editor.keys('<Tab>');
  await stage.editor.shows('what it owns  background');
  await stage.editor.keys('<C-n><CR>');
  expect(await stage.backend.asked('action.plan', 3)).toMatchObject({ inputs: { cascade: 'foreground' } });
  await stage.editor.shows('[y] delete');
  await stage.editor.keys('y');
  expect(await stage.backend.asked('action.run', 2)).toMatchObject({
    inputs: { cascade: 'foreground' },
    how: { dryRun: false },
  });
});

test('an action with a value asks for it first and refuses what is no number', async () => {
  await start({ title: 'Scale', lines: ['3 → 5'], verb: 'scale', inputs: [replicas] });
  await stage.editor.keys('gS');
  await stage.editor.shows('replicas  3');
  await stage.editor.keys('<C-u>many<CR>');
  await stage.editor.shows('replicas: "many" is no number');
  await stage.editor.keys('<C-u>5<CR>');
  expect(await stage.backend.asked('action.plan')).toMatchObject({ action: 'scale', inputs: { replicas: 5 } });
  await stage.editor.shows('3 → 5');
  await stage.editor.keys('y');
  expect(await stage.backend.asked('action.run')).toMatchObject({ inputs: { replicas: 5 } });
});

test('the selection is the target, the results are told one by one, and it is cleared', async () => {
  await start();
  await stage.editor.keys('gg<Tab><Tab>gD');
  await stage.editor.shows('[y] delete');
  expect(await stage.backend.asked('action.plan')).toMatchObject({ keys: ['uid-cart', 'uid-checkout'] });
  await stage.editor.keys('y');
  await stage.editor.reports('✓ pod/uid-cart: done or not');
  await stage.editor.reports('undo: kubectl undo uid-cart');
  await stage.editor.reports('✗ pod/uid-checkout: done or not');
  await stage.editor.until('nothing selected', () => !stage.editor.grid.text().includes('selected'));
});

test('selected rows that a filter hides are targets still', async () => {
  await start();
  await stage.editor.keys('gg<Tab><Tab>');
  await stage.editor.shows('2 selected');
  await stage.backend.applied(1, [spliceOf(0, -1, rows.slice(0, 1))], 1, { gen: 2, turned: true });
  await stage.editor.keys('gD');
  expect(await stage.backend.asked('action.plan')).toMatchObject({ keys: ['uid-cart', 'uid-checkout'] });
});

test('the menu lists what applies, and why the rest does not', async () => {
  await start();
  await stage.editor.keys('ga');
  await stage.editor.shows(/gS +scale… +3 replicas/);
  await stage.editor.shows('(not allowed: create hpa)');
  await stage.editor.keys('autos<CR>');
  await stage.editor.reports('autoscale: not allowed: create hpa');
  await stage.editor.until('the menu to go', () => !/gS +scale…/.test(stage.editor.grid.text()));
  await stage.editor.keys('ga');
  await stage.editor.shows(/gS +scale…/);
  await stage.editor.keys('delete<CR>');
  await stage.editor.shows('[y] delete');
});

test('g? shows the keys that are really mapped; user maps win; false takes a key away', async () => {
  stage = await startTable(rows, {
    rows: 40,
    setup: `keymaps = { describe = 'gh', yaml = false, delete = { 'gD', 'dD' } }`,
    before: `vim.keymap.set('n', '<leader>s', '<Plug>(kubectl.sort)')`,
  });
  await stage.editor.keys('g?');
  await stage.editor.shows(/gh +describe, live/);
  await stage.editor.shows(/\\s +sort by the column/);
  const text = stage.editor.grid.text();
  expect(text).toMatch(/(gD dD|dD gD) +delete…/);
  expect(text).not.toMatch(/^│?gs /m);
  expect(text).not.toContain('YAML, live');
  await stage.editor.keys('q');
  const maps = await stage.editor.lua<[string, string, string]>(
    `return { vim.fn.maparg('gs', 'n'), vim.fn.maparg('gy', 'n'), vim.fn.maparg('gh', 'n') }`,
  );
  expect(maps).toEqual(['', '', '<Plug>(kubectl.describe)']);
});

test('no key of a table is the start of another, and all are nowait', async () => {
  stage = await startTable(rows);
  await stage.backend.asked('hello');
  type Map = { lhs: string; nowait: number };
  const maps = await stage.editor.lua<Map[]>(`
    return vim.tbl_filter(function(map) return not vim.startswith(map.lhs, '<Plug>') end,
      vim.api.nvim_buf_get_keymap(0, 'n'))`);
  expect(maps.length).toBeGreaterThan(20);
  const keys = maps.map(({ lhs }) => lhs);
  expect(keys).toContain('gD');
  expect(keys.filter((key) => keys.some((other) => other !== key && other.startsWith(key)))).toEqual([]);
  expect(maps.filter(({ nowait }) => nowait !== 1)).toEqual([]);
});

test('a key of an action that cannot be done says why, and opens nothing', async () => {
  await start();
  const [scale] = entries.filter(({ id }) => id === 'scale');
  if (scale === undefined) throw new Error('no entry for scale');
  const refused = { ...scale, title: 'scale…', applies: false, reason: 'pods cannot be scaled' };
  stage.backend.on('action.menu', () => ({ actions: [refused] }));
  await stage.editor.keys('gS');
  await stage.editor.reports('scale: pods cannot be scaled');
  await settled(stage);
  expect(stage.backend.all('action.plan')).toHaveLength(0);
});
