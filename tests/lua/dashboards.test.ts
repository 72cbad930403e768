import { afterEach, expect, test } from 'vitest';
import { type Stage, settled, startStage } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const start = async (): Promise<void> => {
  stage = await startStage({ columns: 100, rows: 30 });
  stage.backend.on('command.plan', () => ({ do: 'dashboard', name: 'top', args: { kind: 'pods' } }));
  stage.backend.on('dashboard.open', () => ({ title: 'top ▸ prod' }));
  await stage.editor.command('Kubectl top pods');
  await stage.backend.asked('dashboard.open');
};

/** Absolute addresses between synchronized-update marks, as dashboards send them. */
const paint = (text: string, row = 1): string => `\u001b[?2026h\u001b[${row};1H\u001b[2K${text}\u001b[?2026l`;

const keys = (): string =>
  stage.backend
    .all('dashboard.key')
    .map((each) => each.keys)
    .join('');

test('opens with size, colours and arguments, and shows what is sent', async () => {
  await start();
  const opened = await stage.backend.asked('dashboard.open');
  expect(opened).toMatchObject({ dashboard: 1, name: 'top', args: { kind: 'pods' }, truecolor: true });
  expect(opened.theme.normal).toMatch(/^#[0-9a-f]{6}$/);
  expect(opened.theme.error).toMatch(/^#[0-9a-f]{6}$/);
  const size = await stage.editor.lua('return { vim.api.nvim_win_get_width(0), vim.api.nvim_win_get_height(0) }');
  expect([opened.columns, opened.rows]).toEqual(size);
  stage.backend.send({
    type: 'terminal',
    dashboard: 1,
    seq: 7,
    data: paint('\u001b[38;2;1;2;3mworker-01\u001b[0m 62 %'),
  });
  await stage.editor.shows('worker-01 62 %');
  expect(await stage.backend.asked('dashboard.ack')).toEqual({ dashboard: 1, seq: 7 });
  expect(stage.editor.grid.look('worker-01').foreground).toBe(0x010203);
  await stage.editor.shows('top ▸ prod');
});

test('keys go to the dashboard in order; : and <C-w> stay the editor’s', async () => {
  await start();
  await stage.editor.keys('jk/G<CR><Tab><S-Tab><Esc><Up><Down><Space><lt>|~');
  const expected = 'jk/G\r\t\u001b[Z\u001b\u001b[A\u001b[B <|~';
  await stage.editor.until('all keys', () => keys().length >= expected.length);
  expect(keys()).toBe(expected);
  await stage.editor.keys(':let g:asked = 1<CR>');
  await stage.editor.until('the command', async () => (await stage.editor.lua('return vim.g.asked')) === 1);
  expect(keys()).toBe(expected);
});

test('text fields can be typed into in terminal mode', async () => {
  await start();
  await stage.editor.command('startinsert');
  await stage.editor.until('terminal mode', async () => (await stage.editor.lua('return vim.fn.mode()')) === 't');
  await stage.editor.keys('é:q');
  await stage.editor.until('the text', () => keys() === 'é:q');
});

test('follows the size of the editor and the full screen', async () => {
  await start();
  const { columns } = await stage.backend.asked('dashboard.open');
  await stage.editor.resize(60, 20);
  const smaller = await stage.backend.asked('dashboard.resize');
  expect(smaller.columns).toBeLessThan(60);
  expect(smaller.columns).toBeLessThan(columns);
  await stage.editor.keys('<F4>');
  const full = await stage.backend.asked('dashboard.resize', 2);
  expect(full.columns).toBeGreaterThan(smaller.columns);
});

test('q closes it here and there', async () => {
  await start();
  await stage.editor.keys('q');
  expect(await stage.backend.asked('dashboard.close')).toEqual({ dashboard: 1 });
  expect(await stage.editor.lua('return vim.fn.winnr("$")')).toBe(1);
  stage.backend.send({ type: 'terminal', dashboard: 1, seq: 9, data: 'late' });
  await settled(stage);
  expect(stage.backend.all('dashboard.ack')).toHaveLength(0);
});

test('a dashboard that ends says why; one that leads elsewhere goes there', async () => {
  await start();
  stage.backend.send({ type: 'dashboard-ended', dashboard: 1, message: 'top ended: no metrics' });
  await stage.editor.reports('top ended: no metrics');
  expect(await stage.editor.lua('return vim.fn.winnr("$")')).toBe(1);
  await stage.editor.command('Kubectl top pods');
  await stage.backend.asked('dashboard.open', 2);
  const query = { resource: 'pods', namespaces: ['shop'] };
  stage.backend.send({ type: 'open', plan: { do: 'table', queries: [query] } });
  expect((await stage.backend.asked('view.open')).query).toEqual(query);
  await stage.editor.until('a table', async () => (await stage.editor.lua('return vim.bo.filetype')) === 'k8s_pods');
  expect(await stage.editor.lua('return vim.fn.winnr("$")')).toBe(1);
});

test('after the backend ended gr brings the dashboard back', async () => {
  await start();
  stage.backend.kill();
  await stage.editor.shows('top ─ ✕ backend ended (signal 9). gr restarts it');
  await stage.editor.keys('gr');
  expect(await stage.backend.asked('dashboard.open', 2)).toMatchObject({ dashboard: 1, name: 'top' });
  await stage.editor.keys('g');
  await stage.editor.until('the key', () => keys() === 'g');
});
