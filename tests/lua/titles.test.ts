/** Titles stand above their columns, and what the statusline says last gives way first. */
import { afterEach, test } from 'vitest';
import { displayWidth } from '../../src/util/width.ts';
import { line, type Stage, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

/** A table whose cells are their column's title, so that every title must stand above its like. */
const mirrored = async (columns: number): Promise<void> => {
  const titles = ['NAME', '名前です', 'ﾊﾝｶｸ', 'STATUS', '状態', 'NODE', 'IMAGES', 'AGE'];
  const text = titles.map((title) => title + ' '.repeat(24 - displayWidth(title))).join('');
  stage = await startTable([line('a', text)], { columns });
  const shown = titles.map((title, index) => ({ title, start: index * 24, width: 22, align: 'left' as const }));
  const sort = { title: 'NAME', descending: false };
  stage.backend.send({
    type: 'layout',
    view: 1,
    gen: 1,
    titles: text.trimEnd(),
    columns: shown,
    all: [],
    sort,
  } as never);
  await stage.editor.shows('名');
};

test.each([80, 200])(
  'titles follow every step of scrolling sideways, also through wide letters, at %d columns',
  async (columns) => {
    await mirrored(columns);
    for (const margin of ['', 'setlocal number', 'setlocal signcolumn=yes:2', 'setlocal foldcolumn=2']) {
      if (margin !== '') await stage.editor.command(margin);
      for (let left = 0; left < 40; left += left > 22 && left < 34 ? 1 : 5) {
        await stage.editor.lua(`vim.fn.winrestview({ leftcol = ..., col = ... })`, left);
        await stage.editor.until(`titles above the row at ${left} ${margin}`, () => {
          const [titles = '', row = ''] = stage.editor.grid.lines();
          // At the right end a wide letter may be cut in another way.
          const seen = (text: string) => text.slice(0, columns / 2).replace(/^[\s1>]+/, '');
          return seen(titles) !== '' && seen(titles) === seen(row);
        });
      }
    }
  },
);

test('of a statusline too long the middle gives way first, then the beginning', async () => {
  stage = await startTable([line('a')]);
  const left = 'arn:aws:eks:eu-west-1:123456789012:cluster/production ▸ pods ▸ shop';
  stage.backend.state(1, { left, middle: '7 of 2,041  /checkout|cart|payments|shipping', right: '● live' });
  await stage.editor.until('the end of both', () => {
    const bar = stage.editor.grid.lines().at(-2) ?? '';
    return bar.includes('production ▸ pods ▸ shop') && bar.endsWith('● live') && bar.includes('arn:aws');
  });
  await stage.editor.resize(60, 24);
  await stage.editor.until('the end of the left one', () => {
    const bar = stage.editor.grid.lines().at(-2) ?? '';
    return bar.includes('production ▸ pods ▸ shop') && bar.endsWith('● live') && bar.startsWith(' <');
  });
  await stage.editor.resize(120, 24);
  await stage.editor.until('a part of the middle', () =>
    /7 of 2,041 .*….*● live/.test(stage.editor.grid.lines().at(-2) ?? ''),
  );
  await stage.editor.resize(160, 24);
  await stage.editor.shows('/checkout|cart|payments|shipping');
});

test('a long reason leaves the name of the table in the statusline', async () => {
  stage = await startTable([line('a')]);
  const right = '◐ 1s old: listed every 10 s, no watch: the server does not offer it, retry in 4 s';
  stage.backend.state(1, { left: 'production ▸ pods ▸ shop', middle: '3', right });
  await stage.editor.until('both', () => {
    const bar = stage.editor.grid.lines().at(-2) ?? '';
    return /^ production ▸ pods ▸ shop +◐ 1s old: listed every 10 s, no watch.*…$/.test(bar);
  });
  await stage.editor.resize(40, 24);
  await stage.editor.until('some of both', () => {
    const bar = stage.editor.grid.lines().at(-2) ?? '';
    return /pods ▸ shop +◐ 1s old: .*…$/.test(bar);
  });
});

test('what keys do is readable below a picker, whole', async () => {
  stage = await startTable([line('a')]);
  await stage.editor.keys('gC');
  await stage.editor.shows('<Tab> mark · <Esc> cancel');
});
