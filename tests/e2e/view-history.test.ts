/** `<BS>` brings back what a window showed, as it was: filter, order, namespaces, row, place on the screen. */
import { test } from 'vitest';
import {
  create,
  freshNamespace,
  lineAtCursor,
  openTable,
  putCursorOn,
  quietPod,
  rowsOf,
  withEditor,
} from './support.ts';

type Shown = Parameters<Parameters<typeof withEditor>[0]>[0];

const names = async (editor: Shown): Promise<string> => (await rowsOf(editor)).map(({ name }) => name).join();

/** The table that was there is live as well: the new one is known by its title. */
const goTo = async (editor: Shown, resource: string, namespace: string): Promise<void> => {
  await editor.command(`Kubectl get ${resource} -n ${namespace}`);
  await editor.shows(`${resource} ▸ ${namespace}`);
};

const podsNamed = async (...all: string[]): Promise<string> => {
  const namespace = await freshNamespace();
  await create(...all.map((name) => quietPod(namespace, name)));
  return namespace;
};

test('a table that was changed since is as it was when the window left it', () =>
  withEditor(async (editor) => {
    const namespace = await podsNamed('aa', 'ab', 'bb');
    const other = await podsNamed('other');
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.keys('<C-f>NAME:a<CR>');
    await editor.until('the filter', async () => (await names(editor)) === 'aa,ab');
    await editor.lua(`require('kubectl.view').update(require('kubectl.view').of(0), { sort = 'NAME' })`);
    await editor.lua(`require('kubectl.view').update(require('kubectl.view').of(0), { sort = 'NAME' })`);
    await editor.until('the order', async () => (await names(editor)) === 'ab,aa');
    await putCursorOn(editor, ' aa ');
    await goTo(editor, 'configmaps', namespace);
    await goTo(editor, 'pods', namespace);
    await editor.keys('<C-f><C-u>other<CR>');
    await editor.until('the prompt to go', async () => (await editor.lua('return vim.bo.filetype')) === 'k8s_pods');
    await editor.lua(
      `local views = require('kubectl.view')
      views.update(views.of(0), { namespaces = { ... }, order = { title = '', descending = false } })`,
      other,
    );
    await editor.until('the other namespace', async () => (await names(editor)) === 'other');
    await editor.keys('<BS>');
    await editor.shows(/configmaps ▸/);
    await editor.keys('<BS>');
    await editor.until('as it was', async () => (await names(editor)) === 'ab,aa');
    await editor.shows(`pods ▸ ${namespace}`);
    await editor.until('the row', async () => (await lineAtCursor(editor)).includes(' aa '));
  }));

test('a table whose buffer is gone is opened again with its filter and row', () =>
  withEditor(async (editor) => {
    const namespace = await podsNamed('aa', 'ab', 'bb');
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.keys('<C-f>NAME:a<CR>');
    await editor.until('the filter', async () => (await names(editor)) === 'aa,ab');
    await putCursorOn(editor, ' ab ');
    const left = await editor.lua<number>('return vim.api.nvim_get_current_buf()');
    await goTo(editor, 'configmaps', namespace);
    await editor.command(`bwipeout ${left}`);
    await editor.keys('<BS>');
    await editor.until('as it was', async () => (await names(editor)) === 'aa,ab');
    await editor.until('the row', async () => (await lineAtCursor(editor)).includes(' ab '));
  }));

test('the row stands where it stood on the screen', () =>
  withEditor(async (editor) => {
    const all = Array.from({ length: 60 }, (_, index) => `p${String(index).padStart(2, '0')}`);
    const namespace = await podsNamed(...all);
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.until('all', async () => (await rowsOf(editor)).length === 60);
    await putCursorOn(editor, ' p40 ');
    await editor.keys('zt<C-y><C-y><C-y>');
    await editor.until('scrolled', async () => (await editor.lua('return vim.fn.winline()')) === 4);
    await goTo(editor, 'configmaps', namespace);
    await editor.keys('<BS>');
    await editor.until('the row', async () => (await lineAtCursor(editor)).includes(' p40 '));
    await editor.until('its place', async () => (await editor.lua('return vim.fn.winline()')) === 4);
  }));
