import { afterEach, expect, test } from 'vitest';
import { line, type Stage, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const rows = [
  ['cart', 'Running', 'ok'],
  ['pay', 'a "b", c|d', 'error'],
  ['web', 'Waiting', 'warning'],
].map(([name = '', status = '', health = '']) => ({
  uid: `uid-${name}`,
  namespace: 'shop',
  name,
  cells: { NAMESPACE: 'shop', NAME: name, STATUS: status, IP: '10.0.0.1/8' },
  health,
}));

const start = async (): Promise<void> => {
  const texts = rows.map(({ uid, name, cells }) => line(uid, `shop        ${name.padEnd(12)}${cells.STATUS}`));
  stage = await startTable(texts);
  stage.backend.on('view.rows', () => ({ rows }));
  await stage.editor.lua(`vim.api.nvim_win_set_cursor(0, { 2, 30 })`);
};

/** What a choice of the menu yanks, into the register `a`. */
const yanked = async (choice: string): Promise<string> => {
  await stage.editor.lua(`vim.fn.setreg('a', '')`);
  await stage.editor.keys('"agY');
  await stage.editor.until('the menu', async () => (await stage.editor.lua('return vim.bo.filetype')) === 'k8s_prompt');
  await stage.editor.keys(`${choice}<CR>`);
  const register = (): Promise<string> => stage.editor.lua(`return vim.fn.getreg('a')`);
  await stage.editor.until('the register', async () => (await register()) !== '');
  return await register();
};

test('gY yanks what belongs to the row under the cursor', async () => {
  await start();
  expect(await yanked('name')).toBe('pay');
  expect(await yanked('namespace/name')).toBe('shop/pay');
  expect(await yanked('cell')).toBe('a "b", c|d');
  expect(await yanked('command')).toBe('kubectl get pods/pay --namespace=shop --context=prod');
  expect(await yanked('row as json')).toContain('"IP": "10.0.0.1/8"');
  expect(JSON.parse(await yanked('row as json'))).toEqual(rows[1]);
});

test('a name that a shell would take apart is quoted', async () => {
  await start();
  stage.backend.on('view.rows', () => ({ rows: [{ ...rows[1], name: "it's; rm" }] as typeof rows }));
  expect(await yanked('command')).toBe(String.raw`kubectl get 'pods/it'\''s; rm' --namespace=shop --context=prod`);
});

test('the command is of the object a row stands for, not of the table', async () => {
  await start();
  const of = { resource: 'deployments.apps', name: 'web' };
  stage.backend.on('view.rows', () => ({ rows: [{ ...rows[1], of }] as unknown as typeof rows }));
  expect(await yanked('command')).toBe('kubectl get deployments.apps/web --namespace=shop --context=prod');
});

test('gY yanks all rows as text that programs read', async () => {
  await start();
  expect(JSON.parse(await yanked('shown json'))).toEqual(rows);
  expect((await yanked('shown csv')).split('\n')).toEqual([
    'NAMESPACE,NAME,STATUS',
    'shop,cart,Running',
    'shop,pay,"a ""b"", c|d"',
    'shop,web,Waiting',
    '',
  ]);
  const markdown = await yanked('shown markdown');
  expect(markdown).toContain('| NAMESPACE | NAME | STATUS |\n| --- | --- | --- |\n| shop | cart | Running |');
  expect(markdown).toContain('c\\|d');
  expect(await yanked('shown yaml')).toContain('- "NAMESPACE": "shop"\n  "NAME": "pay"\n  "STATUS": "a \\"b\\", c|d"');
});

test('what a choice would yank stands beside it as far as there is room, never over it', async () => {
  await start();
  await stage.editor.resize(40, 20);
  await stage.editor.keys('gY');
  await stage.editor.shows('kubectl command');
  await stage.editor.until('the choices', () => {
    const text = stage.editor.grid.text();
    return (
      text.includes('kubectl command  kubectl get pods/… ') && text.includes('all 3 objects as YAML  whole, read… ')
    );
  });
});

test('the prompt of a picker covers nothing of the list in a low editor', async () => {
  await start();
  await stage.editor.resize(60, 15);
  await stage.editor.keys('gY');
  await stage.editor.shows('╭ yank ─');
});

test('the selected rows are what is yanked', async () => {
  await start();
  await stage.editor.keys('gg<Tab><Tab>');
  expect(await yanked('namespace/name')).toBe('shop/cart\nshop/pay\n');
});

test('gq lists the rows in trouble, each on its line', async () => {
  await start();
  await stage.editor.keys('gq');
  await stage.editor.until(
    'the quickfix window',
    async () => (await stage.editor.lua('return vim.bo.buftype')) === 'quickfix',
  );
  const items = await stage.editor.lua<{ lnum: number; type: string; text: string }[]>('return vim.fn.getqflist()');
  expect(items.map(({ lnum, type }) => [lnum, type])).toEqual([
    [2, 'E'],
    [3, 'W'],
  ]);
  expect(items[1]?.text).toBe('shop  web  Waiting');
  await stage.editor.keys('j<CR>');
  await stage.editor.until('the row', async () => (await stage.editor.cursor())[0] === 3);
  stage.backend.on('view.rows', () => ({ rows: rows.slice(0, 1) }));
  await stage.editor.keys('gq');
  await stage.editor.reports('No row of this table is in trouble');
});
