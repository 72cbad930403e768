/** Filters as they are typed and selected. */
import { afterEach, expect, test } from 'vitest';
import { line, Refusal, type Stage, silence, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const pods = ['cart', 'checkout', 'payments'].map((name) =>
  line(`uid-${name}`, `shop        ${name.padEnd(12)}Running`),
);

test('the filter is heard while it is typed, kept by <CR>, taken back by <Esc>', async () => {
  stage = await startTable(pods);
  await stage.editor.keys('<C-f>ca');
  expect(await stage.backend.asked('view.update')).toEqual({ view: 1, filter: 'ca' });
  await stage.editor.keys('r');
  expect(await stage.backend.asked('view.update', 2)).toEqual({ view: 1, filter: 'car' });
  await stage.editor.keys('<CR><C-f>zzz');
  expect(await stage.backend.asked('view.update', 3)).toEqual({ view: 1, filter: 'carzzz' });
  await stage.editor.keys('<Esc>');
  expect(await stage.backend.asked('view.update', 4)).toEqual({ view: 1, filter: 'car' });
  await stage.editor.until('normal mode', () => stage.editor.grid.mode === 'normal');
  await stage.editor.keys('<C-f><C-u><CR>');
  await stage.editor.until('an empty filter', () => stage.backend.all('view.update').at(-1)?.filter === '');
});

test('the prompt begins with the filter and what the server was asked for, a refused one by itself', async () => {
  stage = await startTable(pods);
  stage.backend.on('view.update', () => ({ filter: 'web-lb', selector: 'app=web' }));
  await stage.editor.keys('<C-f>web-lb -l app=web<CR>');
  await stage.backend.asked('view.update');
  await stage.editor.until('it is settled', () =>
    stage.editor.lua<boolean>(`return require('kubectl.view').of(0).filter == 'web-lb'`),
  );
  await stage.editor.keys('<C-f>');
  await stage.editor.shows('/web-lb -l app=web');
  stage.backend.on('view.update', ({ push }) => {
    if (push === true) throw new Refusal({ code: 'invalid', message: 'no label requirement' });
    return {};
  });
  await stage.editor.keys('<C-u>-l app in (x<CR>');
  await stage.editor.reports('no label requirement');
  await stage.editor.keys('<C-f>');
  await stage.editor.until('the typed one alone', () => /\/-l app in \(x$/m.test(stage.editor.grid.text()));
});

test('a filter without selectors lifts those of the one before it, also while that is on its way', async () => {
  stage = await startTable(pods);
  stage.backend.on('view.update', silence);
  await stage.editor.keys('<C-f>web -l app=web<CR>');
  await stage.editor.until('it is asked for', () => stage.backend.all('view.update').at(-1)?.push === true);
  await stage.editor.until('normal mode', () => stage.editor.grid.mode === 'normal');
  await stage.editor.keys('<C-f><C-u>cart<CR>');
  const last = () => stage.backend.all('view.update').at(-1);
  await stage.editor.until('the next', () => last()?.filter === 'cart' && stage.editor.grid.mode === 'normal');
  await stage.editor.until('that the server is asked', () => last()?.push === true);
});

test('a visual selection is a filter', async () => {
  stage = await startTable(pods);
  await stage.editor.command('normal! j13|');
  await stage.editor.keys('ve<C-f>');
  expect(await stage.backend.asked('view.update')).toEqual({ view: 1, filter: 'checkout' });
});

test('a visual selection of lines is a filter by their names', async () => {
  stage = await startTable([
    line('a', 'shop        cart-1      Running'),
    line('b', 'shop        zweí-…x2kq  Running'),
    line('c', 'shop        pay         Running'),
  ]);
  await stage.editor.keys('ggVj<C-f>');
  expect(await stage.backend.asked('view.update')).toEqual({ view: 1, filter: 'NAME=cart-1|zweí-…x2kq' });
});

test('a note among the lines selected is no name', async () => {
  stage = await startTable([
    line('a', 'shop        cart-1      Running'),
    line('', 'No more pods in shop, or in others'),
  ]);
  await stage.editor.keys('ggVj<C-f>');
  expect(await stage.backend.asked('view.update')).toEqual({ view: 1, filter: 'NAME=cart-1' });
});
