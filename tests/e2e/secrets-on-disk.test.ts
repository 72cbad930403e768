/** Whatever is done with a secret, and however Neovim is set: what it holds is on no disk. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runId } from '../run-id.ts';
import { ask, journal, told } from './acting.ts';
import { holding, ownRoom, textOf, write, written } from './object-support.ts';
import { kubectl, openTable, putCursorOn, withEditor } from './support.ts';

const room = ownRoom();

/** A value as it is and as the server writes it, which may begin anywhere in another text that is encoded. */
const forms = (value: string): readonly string[] => [value, Buffer.from(value).toString('base64').slice(0, 12)];

test('read, shown, edited, undone, patched and deleted: its values are in no file', async () => {
  const [applied, typed, patched] = ['first', 'second', 'third'].map((name) => `${name}-hush-${runId}`) as [
    string,
    string,
    string,
  ];
  // As kubectl keeps it: once more in an annotation.
  await kubectl(['apply', '--filename=-'], {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'token', namespace: room.namespace },
    data: { word: Buffer.from(applied).toString('base64') },
  });
  const word = async () => Buffer.from(await room.get('secret/token', '{.data.word}'), 'base64').toString();
  await withEditor(async (editor) => {
    const folder = await editor.lua<string>(`return vim.fn.stdpath('state')`);
    for (const [option, name] of [
      ['directory', 'swap'],
      ['undodir', 'undo'],
      ['backupdir', 'backup'],
    ] as const) {
      mkdirSync(join(folder, name), { recursive: true });
      await editor.command(`set ${option}=${join(folder, name)}//`);
    }
    await editor.command('set swapfile updatecount=1 undofile backup writebackup');
    // With these settings anything else is on the disk at once.
    await editor.command(`edit ${folder}/plain.txt`);
    await editor.keys('ifor all to see<Esc>');
    await editor.shows('for all to see');
    await editor.command('preserve');
    expect(holding(join(folder, 'swap'), 'for all to see')).toHaveLength(1);
    await editor.command('write');

    await room.edit(editor, 'secrets', 'token');
    await editor.keys('gm');
    await editor.until('its annotations', async () => (await textOf(editor)).includes('last-applied'));
    const masked = await textOf(editor);
    for (const form of forms(applied)) expect(masked).not.toContain(form);
    await editor.keys('gm');
    await editor.until('the text without them', async () => !(await textOf(editor)).includes('last-applied'));
    await editor.command('/word:/');
    await editor.keys('gx');
    await editor.shows(`word: ${applied}`);
    // Typed, not replaced by a search: what is searched for is the user's own.
    await editor.keys(`$ciW${typed}<Esc>`);
    await editor.shows(`word: ${typed}`);
    await editor.command('silent! preserve');
    await editor.keys('u');
    await editor.shows(`word: ${applied}`);
    await editor.keys('<C-r>');
    await editor.shows(`word: ${typed}`);
    await editor.keys('yy');
    await write(editor);
    await written(editor);
    expect(await word()).toBe(typed);

    await openTable(editor, `get secrets -n ${room.namespace}`);
    const json = JSON.stringify({ stringData: { word: patched } });
    await ask(editor, 'token', { by: 'patch…', form: ['patch (JSON)', `<Tab><C-u>${json}`], tells: 'is patched: ***' });
    await editor.keys('y');
    await told(editor, `✓ secrets/token in ${room.namespace}: is patched: ***`);
    expect(await word()).toBe(patched);
    await journal(editor, /✓ .* apply .*secrets\/token/, /✓ .* patch .*secrets\/token/);
    await putCursorOn(editor, ' patch ');
    await editor.keys('<CR>');
    await editor.shows('its value is not kept');
    await editor.keys('q');
    await editor.keys('<BS>');
    await editor.until('the table', async () => (await editor.lua('return vim.bo.filetype')) === 'k8s_secrets');
    await ask(editor, 'token', { by: 'gD', asks: 'The journal keeps no values of secrets: they are lost.', tells: '' });
    await editor.keys('y');
    await told(editor, `✓ secrets/token in ${room.namespace}: deleted`);

    await editor.lua(`vim.api.nvim_exec_autocmds('VimLeavePre', {})`);
    await editor.command(`wshada! ${folder}/left.shada`);
    for (const form of [applied, typed, patched].flatMap(forms)) expect(holding(folder, form)).toEqual([]);
  });
});
