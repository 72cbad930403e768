import { labTransport } from '../e2e/parity/lab-api.ts';
import { kubectl } from '../e2e/support.ts';
import type { Editor } from '../lua/harness.ts';
import { until } from './measure.ts';

const pod = { name: 'bench-probe', namespace: 'default' };
const path = `/api/v1/namespaces/${pod.namespace}/pods`;

/** The monotonic clock that Neovim's `vim.uv.hrtime()` reads too, in ms. */
const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Remembers when the buffer first had each restart count of the probe. */
const hook = `
  _G.bench_seen = {}
  vim.api.nvim_buf_attach(0, false, {
    on_lines = function(_, buf, _, first, _, last)
      for _, line in ipairs(vim.api.nvim_buf_get_lines(buf, first, last, false)) do
        if line:find('${pod.name}', 1, true) then
          local count = line:match('%d/%d +%a+ +(%d+)')
          if count and not _G.bench_seen[count] then _G.bench_seen[count] = vim.uv.hrtime() / 1e6 end
        end
      end
    end,
  })`;

const create = (kubeconfig: string): Promise<string> =>
  kubectl(
    ['apply', '--filename=-'],
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: pod,
      spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'example/main' }] },
    },
    kubeconfig,
  );

type Watched = {
  readonly object?: {
    readonly metadata?: { readonly name?: string };
    readonly status?: { readonly containerStatuses?: readonly { readonly restartCount: number }[] };
  };
};

/** Counts go on from run to run: a pod's restarts only ever rise, and never widen their column. */
let counted = 0;

/** Arrival times by restart count at a bare watch of every pod, which does nothing else. */
const bareWatch = async (kubeconfig: string) => {
  const api = await labTransport(kubeconfig);
  const arrived = new Map<number, number>();
  const over = new AbortController();
  const { body } = await api.request({
    path,
    query: { watch: '1', fieldSelector: `metadata.name=${pod.name}`, resourceVersion: '0' },
    signal: over.signal,
  });
  const reading = (async () => {
    let rest = '';
    for await (const chunk of body) {
      const at = monotonic();
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const count = (JSON.parse(line) as Watched).object?.status?.containerStatuses?.[0]?.restartCount;
        if (count !== undefined && !arrived.has(count)) arrived.set(count, at);
      }
    }
  })().catch(() => undefined);
  const stop = async (): Promise<void> => {
    over.abort();
    await reading;
    api.dispose();
  };
  return { arrived, stop };
};

/** Brings the probe's line onto the screen, or the top of a table that it is at the end of. */
const lookAt = async (editor: Editor, seen: boolean): Promise<void> => {
  await editor.lua(
    seen
      ? `vim.fn.search('${pod.name}', 'w') vim.cmd.normal({ 'zz', bang = true })`
      : `vim.cmd.normal({ 'gg', bang = true })`,
  );
  await until('where it is looked at', async () => editor.grid.text().includes(pod.name) === seen);
};

/**
 * From an event's arrival at a bare watch until the buffer has its text, in ms: a pod of its own gets another restart
 * count through the API, again and again, while others change. Its line is on the screen (`seen`) or is not. The server's
 * own way to its watchers is not counted.
 */
export const eventLatencies = async (
  editor: Editor,
  kubeconfig: string,
  seen: boolean,
  samples = 100,
): Promise<number[]> => {
  await create(kubeconfig);
  await until('the probe', async () => (await editor.lua<number>(`return vim.fn.search('${pod.name}', 'nw')`)) > 0);
  await lookAt(editor, seen);
  await editor.lua(hook);
  const watch = await bareWatch(kubeconfig);
  const api = await labTransport(kubeconfig);
  const latencies: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    counted += 1;
    const count = counted;
    const status = {
      containerStatuses: [{ name: 'main', image: 'x', imageID: '', ready: false, restartCount: count, state: {} }],
    };
    await api.json({
      method: 'PATCH',
      path: `${path}/${pod.name}/status`,
      headers: { 'content-type': 'application/strategic-merge-patch+json' },
      body: { status },
    });
    const shownAt = (): Promise<number> => editor.lua<number>(`return _G.bench_seen['${count}'] or 0`);
    await until('the new count', async () => watch.arrived.has(count) && (await shownAt()) > 0);
    latencies.push((await shownAt()) - (watch.arrived.get(count) ?? Number.NaN));
    // Not in step with the frames.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 50));
  }
  await watch.stop();
  api.dispose();
  return latencies;
};
