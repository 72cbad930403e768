import { expect, test } from 'vitest';
import {
  create,
  freshNamespace,
  kubectl,
  lineAtCursor,
  openTable,
  putCursorOn,
  quietPod,
  rowsOf,
  withEditor,
} from './support.ts';

const names = async (editor: Parameters<typeof rowsOf>[0]): Promise<string[]> =>
  (await rowsOf(editor)).map((row) => row.name);

test('a table follows the cluster: created, changed and deleted pods', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'first'));
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.shows(/first\s+0\/1\s+Pending/);
    await create(quietPod(namespace, 'second'));
    await editor.shows(/second\s+0\/1\s+Pending/);
    await kubectl(['delete', 'pod', 'first', `--namespace=${namespace}`]);
    await editor.until('one row', async () => (await names(editor)).join() === 'second');
    expect(await editor.lua('return vim.bo.filetype .. " " .. vim.api.nvim_buf_get_name(0)')).toMatch(
      /^k8s_pods kubectl:\/\/[^/]+\/pods/,
    );
  }));

test('the cursor stays on its object while rows come and go above it', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'b'), quietPod(namespace, 'm'), quietPod(namespace, 'z'));
    await openTable(editor, `get pods -n ${namespace}`);
    await putCursorOn(editor, ' m ');
    await create(quietPod(namespace, 'a'), quietPod(namespace, 'c'));
    await editor.until('five rows', async () => (await names(editor)).length === 5);
    await kubectl(['delete', 'pod', 'b', `--namespace=${namespace}`]);
    await editor.until('four rows', async () => (await names(editor)).length === 4);
    const order = async () => (await editor.lines()).map((line) => line.split(/ +/)[1]).join();
    await editor.until('the lines', async () => (await order()) === 'a,c,m,z');
    expect(await lineAtCursor(editor)).toMatch(/ m /);
    // The other way round, by the column of the cursor.
    await editor.lua('vim.fn.cursor(0, ...)', namespace.length + 3);
    await editor.keys('gs');
    await editor.shows('NAME▲');
    await editor.keys('gs');
    await editor.until('the other order', async () => (await order()) === 'z,m,c,a');
    expect(await lineAtCursor(editor)).toMatch(/ m /);
  }));

test('rows() gives every column of the kind, equal to kubectl -o wide', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'one'));
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.shows(/one\s+0\/1/);
    const [row] = await rowsOf(editor);
    const [titles = '', cells = ''] = (await kubectl(['get', 'pods', `--namespace=${namespace}`, '-o', 'wide'])).split(
      '\n',
    );
    const expected = Object.fromEntries(
      titles.split(/\s{2,}/).map((title, index) => [title, cells.split(/\s{2,}/)[index] ?? '']),
    );
    const { AGE: _age, ...fixed } = expected;
    expect(row?.cells).toMatchObject(fixed);
    expect(row).toMatchObject({ namespace, name: 'one', cells: { NAMESPACE: namespace } });
    expect(row?.uid).toBe(
      await kubectl(['get', 'pod', 'one', `--namespace=${namespace}`, '-o', 'jsonpath={.metadata.uid}']),
    );
  }));

test('filters narrow the rows while typing, and are shown', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(...['cart-1', 'cart-2', 'pay-1'].map((name) => quietPod(namespace, name)));
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.until('three rows', async () => (await names(editor)).length === 3);
    const table = await editor.lua<number>('return vim.api.nvim_get_current_buf()');
    await editor.keys('<C-f>cart,!cart-2');
    // The prompt has the focus: the table is read as it is drawn.
    const drawn = async () => (await editor.lines(table)).map((line) => line.split(/ +/)[1]).join();
    await editor.until('the filter to work while typing', async () => (await drawn()) === 'cart-1');
    await editor.keys('<CR>');
    await editor.shows('1 of 3');
    await editor.shows('/cart,!cart-2');
    expect(await names(editor)).toEqual(['cart-1']);
    await editor.keys('<C-f><C-u>nothing-has-this<CR>');
    await editor.shows('No pods in');
    await editor.shows('3 without the filter');
  }));

test('a label selector is the server’s business', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'x', { app: 'x' }), quietPod(namespace, 'y', { app: 'y' }));
    await openTable(editor, `get pods -n ${namespace} -l app=y`);
    await editor.until('one row', async () => (await names(editor)).join() === 'y');
    await kubectl(['label', 'pod', 'x', 'app=y', '--overwrite', `--namespace=${namespace}`]);
    await editor.until('the relabelled pod', async () => (await names(editor)).join() === 'x,y');
  }));

test('<CR> leads from a deployment to its pods and <BS> back to the same row and filter', () =>
  withEditor(async (editor) => {
    await openTable(editor, 'get deployments -n shop');
    await editor.keys('<C-f>cart<CR>');
    await editor.shows('/cart');
    await putCursorOn(editor, 'cart');
    await editor.keys('<CR>');
    await editor.shows(/pods ▸ shop/);
    await editor.until('pods of cart only', async () => {
      const rows = await names(editor);
      return rows.length > 0 && rows.every((name) => name.startsWith('cart-'));
    });
    await editor.keys('<BS>');
    await editor.shows(/deployments ▸ shop/);
    await editor.shows('/cart');
    await editor.until('the cursor on the row', async () => (await lineAtCursor(editor)).includes(' cart '));
  }));

test('a custom resource is shown with the columns of its definition', () =>
  withEditor(async (editor) => {
    // Of the demo world: tests beside this one make definitions, and objects in namespaces of their own.
    const printed = (await kubectl(['get', 'backups', '--namespace=payments'])).trim().split('\n');
    await openTable(editor, 'get backups -n payments');
    await editor.until('all instances', async () => (await names(editor)).length === printed.length - 1);
    const titles = (printed[0] ?? '').split(/\s{2,}/);
    const [row] = await rowsOf(editor);
    expect(Object.keys(row?.cells ?? {})).toEqual(expect.arrayContaining(titles));
  }));

test('api-resources is a table, and <CR> opens the resource', () =>
  withEditor(async (editor) => {
    await openTable(editor, 'api-resources');
    await putCursorOn(editor, 'configmaps');
    await editor.keys('gv');
    await editor.reports('A resource of the server is no object.');
    await editor.keys('gd');
    await editor.shows('✕ A resource of the server is no object.');
    await editor.keys('q');
    await editor.keys('<CR>');
    await editor.shows(/configmaps ▸/);
    await editor.until('a row', async () => (await names(editor)).includes('kube-root-ca.crt'));
  }));

test('two windows show two namespaces of one resource at once', () =>
  withEditor(async (editor) => {
    await openTable(editor, 'get pods -n shop');
    await editor.command('vsplit');
    await openTable(editor, 'get pods -n payments');
    await editor.shows('shop');
    await editor.until('both tables', async () => {
      const texts = await editor.lua<string[]>(`
        return vim.tbl_map(function(win)
          return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(win), 0, -1, false), '\\n')
        end, vim.api.nvim_tabpage_list_wins(0))`);
      return texts.some((text) => /^shop /m.test(text)) && texts.some((text) => /^payments /m.test(text));
    });
  }));
