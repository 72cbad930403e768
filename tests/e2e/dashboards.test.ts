/** Top in a float of a real editor, drawn by the bundled worker, with the lab's metrics. */
import { test } from 'vitest';
import type { Editor } from '../lua/harness.ts';
import { withEditor } from './support.ts';

/** The API has its first samples within a minute or two of the lab's start. */
const firstSamples = 120_000;

const selected = (editor: Editor): string | undefined => /▸ (\S+)/.exec(rowOf(editor))?.[1];

const rowOf = (editor: Editor): string =>
  editor.grid
    .text()
    .split('\n')
    .find((line) => /^\W*▸ \S+ .*\d/.test(line) && !line.includes('● live')) ?? '';

test('top shows pods, follows keys and sizes, and leads into a table', () =>
  withEditor(async (editor) => {
    await editor.resize(120, 30);
    await editor.command('Kubectl top pods -n shop');
    await editor.shows(/▸ pods +\d+ pods/, firstSamples);
    await editor.shows('● live', firstSamples);
    await editor.shows(/\d+m +\d+ %/, firstSamples);

    const first = rowOf(editor);
    await editor.keys('jj');
    await editor.until('another row', () => rowOf(editor) !== '' && rowOf(editor) !== first);

    await editor.keys('/cart');
    await editor.shows('/cart▏');
    await editor.keys('<CR>');
    await editor.shows(/\d+ of \d+ pods/);

    await editor.resize(80, 24);
    await editor.until('all of it again', () => {
      const lines = editor.grid.text();
      return lines.includes('<CR> table') && lines.includes('/cart');
    });

    await editor.until('a selected pod', () => selected(editor)?.startsWith('cart-') === true);
    const pod = selected(editor);
    await editor.keys('<CR>');
    await editor.shows(/pods ▸ shop/, 20_000);
    await editor.until(`${pod} in a table`, async () =>
      (await editor.lines()).some((line) => line.includes(pod ?? '?')),
    );
  }));

test('top shows nodes and what is used on them', () =>
  withEditor(async (editor) => {
    await editor.resize(120, 30);
    await editor.command('Kubectl top nodes');
    await editor.shows(/▸ nodes +\d+ ready/, firstSamples);
    await editor.shows(/[█░│]{4,} +\d+ %/, firstSamples);
    await editor.keys('<Tab>');
    await editor.shows(/▸ pods +\d+ pods/, 20_000);
    await editor.keys('q');
    await editor.until('no float', async () => (await editor.lua<number>('return #vim.api.nvim_list_wins()')) === 1);
  }));
