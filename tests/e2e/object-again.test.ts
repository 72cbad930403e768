/** Back and forth with an object's text while others change the object: `u` after `:w`, merges, a new backend. */
import { expect, test } from 'vitest';
import type { Editor } from '../lua/harness.ts';
import { ownRoom, replace, textOf, write, written } from './object-support.ts';
import { create, kubectl, putCursorOn, withEditor } from './support.ts';

const room = ownRoom();

const modified = (editor: Editor): Promise<boolean> => editor.lua('return vim.bo.modified');

const patch = (name: string, data: Record<string, string>): Promise<string> =>
  kubectl(['patch', 'configmap', name, '-n', room.namespace, '-p', JSON.stringify({ data })]);

test('u after :w and another :w set back what was written, whatever the status has become since', () =>
  withEditor(async (editor) => {
    await kubectl(['create', 'deployment', 'back', '-n', room.namespace, '--image=example/main', '--replicas=0']);
    await room.edit(editor, 'deployments.apps', 'back');
    await replace(editor, '^  replicas: 0', '  replicas: 1');
    await write(editor);
    await written(editor);
    await editor.until('the status', async () => /^ {2}updatedReplicas: 1$/m.test(await textOf(editor)), 20_000);
    await editor.keys('u');
    await editor.until('a changed text', () => modified(editor));
    expect(await textOf(editor)).toMatch(/^ {2}replicas: 0$/m);
    await editor.command('write');
    await editor.shows('~ spec.replicas: 1 → 0');
    await editor.keys('y');
    await editor.until('no replicas', async () => (await room.get('deployment/back', '{.spec.replicas}')) === '0');
  }));

test('others change the same place and another: only the same place is left to settle; :e! starts afresh', async () => {
  await create(room.map('both', { a: 'one', b: 'two' }));
  await withEditor(async (editor) => {
    await room.edit(editor, 'configmaps', 'both');
    await replace(editor, 'a: one', 'a: mine # why');
    await patch('both', { a: 'theirs', b: 'theirs', c: 'new' });
    await editor.command('write');
    await editor.reports('Others changed the same places meanwhile: data.a');
    expect(await textOf(editor)).toMatch(/ {2}a: mine # why\n {2}b: theirs\n {2}c: new/);
    await editor.command('write');
    await editor.shows('~ data.a: theirs → mine');
    expect(editor.grid.text()).not.toMatch(/data\.[bc]/);
    await editor.keys('n');
    await editor.command('edit!');
    // It is what the watch has told, which the plan of a write need not wait for.
    await editor.until('their text', async () => (await textOf(editor)).includes('a: theirs'));
    await replace(editor, 'a: theirs', 'a: after');
    await write(editor);
    await written(editor);
    expect(await room.value('both', 'a')).toBe('after');
  });
});

test('what others change while the backend is away is not set back by a text from before', async () => {
  await create(room.map('away', { a: 'one', b: 'two' }));
  await withEditor(async (editor) => {
    await room.edit(editor, 'configmaps', 'away');
    await replace(editor, 'a: one', 'a: mine');
    process.kill(
      await editor.lua<number>(`return vim.fn.jobpid(require('kubectl').status().backend.channel)`),
      'SIGKILL',
    );
    await editor.until(
      'its end',
      async () => (await editor.lua(`return require('kubectl').status().backend.ended`)) !== null,
    );
    await patch('away', { b: 'theirs' });
    await editor.command('Kubectl guard');
    const live = `local object = require('kubectl.object').of(0); return not object.problem and object.latest.text`;
    await editor.until('the text of the new one', async () => String(await editor.lua(live)).includes('b: theirs'));
    await editor.command('write');
    await editor.reports('what this text was made from is not known any more');
    expect(await textOf(editor)).toContain('a: mine');
    expect([await room.value('away', 'a'), await room.value('away', 'b')]).toEqual(['one', 'theirs']);
  });
});

test('the journal has what was written, <CR> shows it, and gu takes it back', async () => {
  await create(room.map('noted', { a: 'one', b: 'two' }));
  await withEditor(async (editor) => {
    await room.edit(editor, 'configmaps', 'noted');
    await replace(editor, 'a: one', 'a: mine');
    await write(editor);
    await written(editor);
    await editor.command('Kubectl journal');
    await putCursorOn(editor, 'configmaps/noted');
    await editor.keys('<CR>');
    await editor.shows('- data.a: "one"');
    await editor.shows('+ data.a: "mine"');
    await editor.keys('q');
    await editor.keys('gu');
    await editor.shows('[y] take back');
    await editor.keys('y');
    await editor.until('the way back', async () => (await room.value('noted', 'a')) === 'one');
  });
});

test(':e after a deletion reads the object that has the name now', async () => {
  await create(room.map('again', { a: 'one' }));
  await withEditor(async (editor) => {
    await room.edit(editor, 'configmaps', 'again');
    await kubectl(['delete', 'configmap', 'again', '-n', room.namespace]);
    await editor.shows('✕ deleted');
    await create(room.map('again', { a: 'second' }));
    await editor.command('edit');
    await editor.until('the other object', async () => (await textOf(editor)).includes('a: second'));
    await replace(editor, 'a: second', 'a: third');
    await write(editor);
    await written(editor);
    expect(await room.value('again', 'a')).toBe('third');
  });
});
