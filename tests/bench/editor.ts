import { labTransport } from '../e2e/parity/lab-api.ts';
import { kubectl } from '../e2e/support.ts';
import type { Editor } from '../lua/harness.ts';
import { quantile, until } from './measure.ts';

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

/** Answer times of a ping every 5 ms into Neovim, from outside: what a key press would wait. */
export const blocks = async (
  editor: Editor,
): Promise<{ stop(): Promise<{ p50: number; p99: number; max: number }> }> => {
  const times: number[] = [];
  let going = true;
  const loop = (async () => {
    while (going) {
      const start = performance.now();
      await editor.lua('return 1');
      times.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  return {
    stop: async () => {
      going = false;
      await loop;
      return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), max: Math.max(...times) };
    },
  };
};

/**
 * From the server's answer to a change until the buffer has the new text, in ms: a pod of its own gets another restart
 * count through the API, again and again, while others change.
 */
export const eventLatencies = async (editor: Editor, kubeconfig: string, samples = 100): Promise<number[]> => {
  const api = await labTransport(kubeconfig);
  const path = '/api/v1/namespaces/default/pods';
  await kubectl(
    ['create', '--filename=-'],
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'bench-probe', namespace: 'default' },
      spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'example/main' }] },
    },
    kubeconfig,
  );
  const line = (): Promise<string> =>
    editor.lua<string>(`
      local at = vim.fn.search('bench-probe', 'nw')
      return at > 0 and vim.fn.getline(at) or ''`);
  await until('the probe', async () => (await line()) !== '');
  const latencies: number[] = [];
  for (let count = 1; count <= samples; count++) {
    const status = {
      containerStatuses: [{ name: 'main', image: 'x', imageID: '', ready: false, restartCount: count, state: {} }],
    };
    const sent = performance.now();
    await api.json({
      method: 'PATCH',
      path: `${path}/bench-probe/status`,
      headers: { 'content-type': 'application/strategic-merge-patch+json' },
      body: { status },
    });
    const answered = performance.now();
    const wanted = new RegExp(` ${count}( |$)`);
    await until('the new count', async () => wanted.test(await line()));
    // The event leaves the server before the answer does: half of the exchange is counted as its way.
    latencies.push(performance.now() - (sent + answered) / 2);
  }
  api.dispose();
  return latencies;
};
