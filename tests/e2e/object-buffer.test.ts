/** Objects as buffers in a real Neovim: `gy`, `:w`, `:e!`, two editors on one object. */
import { expect, test } from 'vitest';
import { runId } from '../run-id.ts';
import { holding, marked, ownRoom, problemCount, replace, stays, textOf, write, written } from './object-support.ts';
import { create, kubectl, openTable, putCursorOn, withEditor } from './support.ts';

const room = ownRoom();

test('gy opens the text, :w says when nothing is changed, else shows what and applies it; comments stay', async () => {
  await create(room.map('plain', { a: 'one', b: 'two' }));
  await withEditor(async (editor) => {
    await openTable(editor, `get configmaps -n ${room.namespace}`);
    await putCursorOn(editor, 'plain');
    await editor.keys('gy');
    await editor.shows('a: one');
    await editor.command('write');
    const nothing = `Nothing to apply: configmap/plain in ${room.namespace} is as this text says.`;
    await editor.reports(nothing);
    await replace(editor, 'a: one', 'a: one # why');
    await editor.command('write');
    await editor.until('twice', async () => {
      const said = await editor.lua<string[]>(`return require('kubectl.report').history`);
      return said.filter((each) => each.includes(nothing)).length === 2;
    });
    await written(editor);
    await replace(editor, 'a: one', 'a: changed');
    expect(await editor.lua('return vim.bo.modified')).toBe(true);
    await editor.command('write');
    await editor.shows(/~ data\.a: one → changed/);
    await editor.keys('n');
    expect(await room.value('plain', 'a')).toBe('one');
    await write(editor);
    await written(editor);
    expect(await room.value('plain', 'a')).toBe('changed');
    expect(await textOf(editor)).toContain('a: changed # why');
  });
});

test('a text follows the server until it is changed; then :w merges what others changed elsewhere', async () => {
  await create(room.map('shared', { a: 'one', b: 'two' }));
  await withEditor(async (editor) => {
    await room.edit(editor, 'configmaps', 'shared');
    await kubectl(['patch', 'configmap', 'shared', '-n', room.namespace, '-p', '{"data":{"b":"theirs"}}']);
    await editor.shows('b: theirs');
    expect(await editor.lua('return vim.bo.modified')).toBe(false);
    await editor.command('/a: one/');
    await editor.keys('oc: mine<Esc>');
    await editor.until('the change', async () => (await editor.lua('return vim.bo.modified')) === true);
    await kubectl(['patch', 'configmap', 'shared', '-n', room.namespace, '-p', '{"data":{"b":"later"}}']);
    await editor.command('write');
    await editor.shows('with what others changed elsewhere');
    await editor.keys('y');
    await editor.shows('b: later');
    await written(editor);
    expect(await room.value('shared', 'c')).toBe('mine');
  });
});

test('versions seen since the buffer was opened are listed, and shown beside the newest', async () => {
  await create(room.map('history', { a: 'one' }));
  await withEditor(async (editor) => {
    await room.edit(editor, 'configmaps', 'history');
    await editor.keys('gV');
    await editor.reports('It has not changed since this buffer was opened.');
    await kubectl(['patch', 'configmap', 'history', '-n', room.namespace, '-p', '{"data":{"a":"two"}}']);
    await editor.shows('a: two');
    await editor.keys('gV');
    await editor.shows(/\d\d:\d\d:\d\d {2}data\.a/);
    await editor.shows('as it was first seen');
    await editor.keys('<Down><CR>');
    await editor.until('the comparison', async () => (await editor.lua('return vim.wo.diff')) === true);
    await editor.shows('a: one');
    await editor.shows('a: two');
  });
});

test('two editors change one line: the second one merges in diff mode and loses nothing', async () => {
  await create(room.map('fought', { a: 'one' }));
  await withEditor(async (first) => {
    await withEditor(async (second) => {
      await room.edit(first, 'configmaps', 'fought');
      await room.edit(second, 'configmaps', 'fought');
      await replace(second, 'a: one', 'a: second');
      await replace(first, 'a: one', 'a: first');
      await write(first);
      await written(first);
      await second.command('write');
      await second.reports('Others changed the same places meanwhile: data.a');
      const panes = `
        return #vim.tbl_filter(function(win)
          return vim.api.nvim_win_get_config(win).relative == ''
        end, vim.api.nvim_tabpage_list_wins(0))`;
      expect(await second.lua(panes)).toBe(3);
      expect(await second.lua('return vim.wo.diff')).toBe(true);
      expect(await textOf(second)).toContain('a: second');
      await second.command('write');
      await second.shows(/~ data\.a: first → second/);
      await second.keys('n');
      expect(await room.value('fought', 'a')).toBe('first');
    });
  });
});

test('a refused text has its problems on its lines; :e! reads the object again', async () => {
  await withEditor(async (editor) => {
    await kubectl(['create', 'deployment', 'bad', '-n', room.namespace, '--image=example/main', '--replicas=0']);
    await room.edit(editor, 'deployments.apps', 'bad');
    await replace(editor, 'replicas: 0', 'replicas: -1');
    await editor.command('write');
    const [line, message] = await marked(editor);
    expect(line).toContain('replicas: -1');
    expect(message).toMatch(/spec.replicas: Invalid value: -1/);
    await editor.command('edit!');
    expect(await textOf(editor)).toContain('replicas: 0');
    expect(await problemCount(editor)).toBe(0);
  });
});

test('fields of another applier stay with it, unless they are taken over', async () => {
  const object = { ...room.map('owned', { a: 'one', b: 'two' }) };
  await kubectl(['apply', '--server-side', '--field-manager=argo', '--filename=-'], object);
  await withEditor(async (editor) => {
    await room.edit(editor, 'configmaps', 'owned');
    await replace(editor, 'a: one', 'a: mine');
    await replace(editor, '  b: two', '  b: ours\\r  c: new');
    await editor.command('write');
    await editor.shows('! data.a stays as argo has it, unless you take it over');
    await editor.shows('! data.b stays as argo has it');
    await editor.keys('y');
    await editor.reports('applied but for the fields left to others');
    const partly = `
      return #vim.tbl_filter(function(said)
        return said:find('applied but for the fields left to others', 1, true) ~= nil
      end, require('kubectl.report').history)`;
    const values = () => room.get('configmap/owned', '{.data.a} {.data.b} {.data.c}');
    expect(await values()).toBe('one two new');
    // What was not applied is not lost.
    await stays(editor, 'a: mine');
    // Field by field: the other one stays where it was.
    await editor.command('write');
    await editor.shows('[<Tab>] options');
    await editor.keys('<Tab>');
    await editor.shows('take data.b from argo');
    await editor.keys('<C-n><CR>');
    await editor.shows('[y] apply');
    await editor.keys('y');
    await editor.until('twice', async () => (await editor.lua<number>(partly)) === 2);
    expect(await values()).toBe('mine two new');
    await stays(editor, 'b: ours');
    await replace(editor, 'b: ours', 'b: two');
    await editor.command('write');
    await written(editor);
    expect(await values()).toBe('mine two new');
  });
});

test('an object that was deleted meanwhile: the text stays and is said to be gone', async () => {
  await create(room.map('short', { a: 'one' }));
  await withEditor(async (editor) => {
    await room.edit(editor, 'configmaps', 'short');
    await replace(editor, 'a: one', 'a: two');
    await kubectl(['delete', 'configmap', 'short', '-n', room.namespace]);
    await editor.command('write');
    await editor.reports('was deleted meanwhile');
    expect(await textOf(editor)).toContain('a: two');
  });
});

test('values of a secret are masked, shown on demand, edited decoded, and reach no disk', async () => {
  const word = `hush${runId}`;
  await kubectl([
    'create',
    'secret',
    'generic',
    'token',
    '-n',
    room.namespace,
    `--from-literal=word=${word}`,
    '--from-literal=user=jane',
  ]);
  let folder = '';
  await withEditor(async (editor) => {
    folder = await editor.lua<string>(`return vim.fn.stdpath('state')`);
    await room.edit(editor, 'secrets', 'token');
    expect(await textOf(editor)).toContain('word: "***"');
    expect(await textOf(editor)).not.toContain(Buffer.from(word).toString('base64'));
    await editor.command('/word:/');
    await editor.keys('gx');
    await editor.shows(`word: ${word}`);
    expect(await textOf(editor)).toContain('user: "***"');
    await editor.keys('yy');
    // Typed, not searched for: the last search is the user's own.
    await editor.keys('A-new<Esc>');
    await editor.shows(`word: ${word}-new`);
    await editor.command('write');
    await editor.shows('~ data.word: *** → ***');
    await editor.keys('y');
    await written(editor);
    const now = await kubectl(['get', 'secret', 'token', '-n', room.namespace, '-o', 'jsonpath={.data}']);
    expect(JSON.parse(now)).toEqual({
      word: Buffer.from(`${word}-new`).toString('base64'),
      user: Buffer.from('jane').toString('base64'),
    });
    expect(await editor.lua('return { vim.bo.swapfile, vim.bo.undofile }')).toEqual([false, false]);
    await editor.command(`wshada! ${folder}/test.shada`);
    await editor.lua(`vim.api.nvim_exec_autocmds('VimLeavePre', {})`);
    await editor.command(`wshada! ${folder}/after.shada`);
    expect(holding(folder, word).filter((file) => !file.endsWith('test.shada'))).toEqual([]);
    expect(holding(folder, Buffer.from(word).toString('base64').slice(0, 8))).toEqual([]);
  });
});
