/** Which rows are shown, by the filter line, by labels, by health; and what is selected while they are hidden. */
import { expect, test } from 'vitest';
import { create, freshNamespace, kubectl, openTable, putCursorOn, quietPod, rowsOf, withEditor } from './support.ts';

type Shown = Parameters<Parameters<typeof withEditor>[0]>[0];

const names = async (editor: Shown): Promise<string> => (await rowsOf(editor)).map(({ name }) => name).join();

const podNames = async (namespace: string, ...more: string[]): Promise<string> =>
  (await kubectl(['get', 'pods', `--namespace=${namespace}`, '-o', 'name', ...more]))
    .trim()
    .split('\n')
    .map((line) => line.replace('pod/', ''))
    .join();

const threePods = async (): Promise<string> => {
  const namespace = await freshNamespace();
  await create(
    quietPod(namespace, 'a', { app: 'web', tier: '3' }),
    quietPod(namespace, 'b', { app: 'db' }),
    quietPod(namespace, 'c'),
  );
  return namespace;
};

test('-l in a filter picks rows while it is typed as the server does, and narrows what is asked of it with <CR>', () =>
  withEditor(async (editor) => {
    const namespace = await threePods();
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.until('all', async () => (await names(editor)) === 'a,b,c');
    const table = await editor.lua<number>('return vim.api.nvim_get_current_buf()');
    for (const selector of ['app in (web,db),!tier', 'app!=web', 'tier>2', 'app notin (db)']) {
      await editor.keys(`<C-f><C-u>-l ${selector}`);
      const expected = await podNames(namespace, '-l', selector);
      // The prompt has the focus: the table is read as it is drawn.
      const drawn = async () => (await editor.lines(table)).map((line) => line.split(/ +/)[1]).join();
      await editor.until(selector, async () => (await drawn()) === expected);
      await editor.keys('<Esc>');
      await editor.until('all again', async () => (await names(editor)) === 'a,b,c');
    }
    await editor.keys('<C-f>NAME:/a|b/ -l app<CR>');
    await editor.until('those with a label', async () => (await names(editor)) === 'a,b');
    await editor.shows('2  /NAME:/a|b/  -l app');
    await kubectl(['label', 'pod', 'c', `--namespace=${namespace}`, 'app=late']);
    await editor.shows('2 of 3  /NAME:/a|b/  -l app');
    await editor.keys('<C-f><C-u><CR>');
    await editor.until('all without selectors', async () => (await names(editor)) === 'a,b,c');
  }));

test('a wrong selector is refused and the table stays as it is', () =>
  withEditor(async (editor) => {
    const namespace = await threePods();
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.keys('<C-f>-l app in (<CR>');
    await editor.reports("'app in (' is no label requirement");
    await editor.until('all', async () => (await names(editor)) === 'a,b,c');
  }));

test('a half-typed term changes nothing and says what is wrong with it', () =>
  withEditor(async (editor) => {
    const namespace = await threePods();
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.shows(/ c +0.1/);
    await editor.keys('<C-f>NAME=b');
    await editor.until('b alone', () => / b +0.1/.test(editor.grid.text()) && !/ c +0/.test(editor.grid.text()));
    await editor.keys(',/(');
    await editor.keys('/');
    await editor.shows('Unterminated group');
    expect(editor.grid.text()).toMatch(/ b +0.1/);
    expect(editor.grid.text()).not.toMatch(/ c +0.1/);
    await editor.keys('<BS><BS>c/');
    await editor.until('no complaint', () => !editor.grid.text().includes('Unterminated'));
    await editor.keys('<Esc>');
    await editor.until('all', async () => (await names(editor)) === 'a,b,c');
  }));

test('--field-selector of a filter is asked of the server', () =>
  withEditor(async (editor) => {
    const namespace = await threePods();
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.keys('<C-f>--field-selector metadata.name=b');
    await editor.shows('<CR> asks the server');
    await editor.keys('<CR>');
    await editor.until('that one', async () => (await names(editor)) === 'b');
    await editor.shows('1  --field-selector metadata.name=b');
  }));

test('<C-l> chooses labels from those that are there', () =>
  withEditor(async (editor) => {
    const namespace = await threePods();
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.until('all', async () => (await names(editor)) === 'a,b,c');
    await editor.keys('<C-l>');
    await editor.shows(/app=web +1 row/);
    await editor.keys('app=<Tab><Tab><CR>');
    await editor.until('both', async () => (await names(editor)) === 'a,b');
    await editor.shows('-l app in (');
    await editor.keys('<C-l>');
    await editor.shows('(any)');
    await editor.keys('<CR>');
    await editor.until('all again', async () => (await names(editor)) === 'a,b,c');
  }));

test('gF shows rows in trouble, and all again', () =>
  withEditor(async (editor) => {
    const namespace = await threePods();
    const patch = JSON.stringify({ status: { phase: 'Failed', reason: 'Evicted' } });
    const merge = ['--subresource=status', '--type=merge', `--patch=${patch}`];
    await kubectl(['patch', 'pod', 'b', `--namespace=${namespace}`, ...merge]);
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.shows('Evicted');
    await editor.keys('gF');
    await editor.until('the evicted one', async () => (await names(editor)) === 'b');
    await editor.keys('gF');
    await editor.until('all', async () => (await names(editor)) === 'a,b,c');
  }));

test('what is selected is deleted although a filter hides it, and is named before', () =>
  withEditor(async (editor) => {
    const namespace = await threePods();
    await openTable(editor, `get pods -n ${namespace}`);
    await putCursorOn(editor, ' a ');
    await editor.keys('<Tab><Tab>');
    await editor.shows('2 selected');
    await editor.keys('<C-f>NAME=b<CR>');
    await editor.shows('2 selected, 1 hidden');
    await editor.keys('gD');
    await editor.shows('1 of these 2 are hidden by the filter: a');
    await editor.keys('y');
    await editor.until('both gone', async () => (await podNames(namespace)) === 'c', 20_000);
  }));
