import type { Editor } from '../lua/harness.ts';
import { until } from './measure.ts';

const screen = 45;

/** From the command to the first screen of rows and to the last row, in ms. */
export const openPods = async (editor: Editor, pods: number): Promise<{ first: number; all: number }> => {
  const start = performance.now();
  editor.nvim.notify('nvim_command', ['Kubectl get pods -A']);
  const lines = (): Promise<number> =>
    editor.lua<number>(`return vim.bo.filetype == 'k8s_pods' and vim.api.nvim_buf_line_count(0) or 0`);
  await until('the first screen', async () => (await lines()) >= Math.min(screen, pods));
  const first = performance.now() - start;
  await until('all rows', async () => (await lines()) === pods);
  return { first, all: performance.now() - start };
};

/** Asked with `hello`, which loads nothing: `health` would load the addon and change what is measured. */
export const pidOfBackend = async (editor: Editor): Promise<number> => {
  await editor.lua(`
    _G.backend_pid = nil
    local params = { version = '', columns = vim.o.columns, lines = vim.o.lines, truecolor = true, ascii = false }
    require('kubectl.host').request('hello', params, function(_, ok) _G.backend_pid = ok and ok.pid or 0 end)`);
  await until('the pid', async () => (await editor.lua('return _G.backend_pid ~= nil')) === true);
  return await editor.lua<number>('return _G.backend_pid');
};
