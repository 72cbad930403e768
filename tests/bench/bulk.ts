import { editorOn, kubectl } from '../e2e/support.ts';
import { type Bench, pause } from './bench.ts';
import { watchLoop } from './loop.ts';
import { type Figure, figure, until } from './measure.ts';

const namespace = 'bench-bulk';
const count = 200;

const deployment = (index: number): object => {
  const labels = { app: `bulk-${index}` };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `bulk-${index}`, namespace },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'example/main' }] } },
    },
  };
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

const seconds = (time: number): string => `${(time / 1000).toFixed(1)} s`;

const spread = ({ p99, max }: { readonly p99: number; readonly max: number }): string =>
  `${p99.toFixed(1)} / ${max.toFixed(1)} ms`;

/** Until their controller has nothing left to do: both restarts begin on a server that rests. */
const settled = async (kubeconfig: string): Promise<void> => {
  const template = '{range .items[*]}{.metadata.generation} {.status.observedGeneration}{"\\n"}{end}';
  const args = ['get', 'deployments', '-n', namespace, '-o', `jsonpath=${template}`];
  await until('the deployments to be at rest', async () => {
    const lines = (await kubectl(args, undefined, kubeconfig)).trim().split('\n');
    return lines.every((line) => line.split(' ')[0] === line.split(' ')[1]);
  });
};

/** Restarting every deployment of a table, from the keys to the last answer, with its journal lines. */
const restarts = async ({ kubeconfig }: Bench): Promise<Figure[]> => {
  await kubectl(['create', 'namespace', namespace], undefined, kubeconfig);
  const items = Array.from({ length: count }, (_, index) => deployment(index));
  await kubectl(['create', '--filename=-'], { apiVersion: 'v1', kind: 'List', items }, kubeconfig);
  const editor = await editorOn(kubeconfig, { columns: 120, rows: 40 });
  try {
    await editor.command(`Kubectl get deployments -n ${namespace}`);
    await until('the table', async () => (await editor.lines()).length === count);
    await editor.keys('ggVG<Tab>');
    await editor.shows(`${count} selected`);
    await settled(kubeconfig);
    const loop = await watchLoop(editor);
    const planned = await timed(async () => {
      await editor.keys('gR');
      await editor.shows('[y] restart', 60_000);
    });
    const done = await timed(async () => {
      await editor.keys('y');
      await editor.reports(`${count} of ${count} done`, 120_000);
    });
    const { ping, cpu } = await loop.stop();
    // kubectl refuses two restarts within one second.
    await pause(1500);
    await settled(kubeconfig);
    const peer = await timed(() =>
      kubectl(['rollout', 'restart', 'deployment', '-n', namespace], undefined, kubeconfig),
    );
    return [
      figure(`restart ${count} deployments: plan`, seconds(planned)),
      figure(`restart ${count} deployments: done, journal written`, seconds(done), '', seconds(peer)),
      figure('editor block meanwhile, wall p99 / max', spread(ping), '≤ 8 ms'),
      figure('editor work a round meanwhile, CPU p99 / max', spread(cpu), '≤ 8 ms'),
    ];
  } finally {
    await editor.dispose();
  }
};

/** Fifty describes opened at once in the editor. */
const describes = async ({ kubeconfig }: Bench): Promise<Figure[]> => {
  const names = (await kubectl(['get', 'deployments', '-n', namespace, '-o', 'name'], undefined, kubeconfig))
    .trim()
    .split('\n')
    .slice(0, 50)
    .map((name) => name.split('/')[1]);
  const editor = await editorOn(kubeconfig, { columns: 120, rows: 40 });
  try {
    await editor.command(`Kubectl get deployments -n ${namespace}`);
    await editor.shows('● live', 30_000);
    const loop = await watchLoop(editor);
    const all = await timed(async () => {
      await editor.lua(
        `
        local names, namespace = ...
        for index, name in ipairs(names) do
          local source = { resource = 'deployments', name = name, namespace = namespace }
          -- As fast as keys come, not in one stroke: opening a window is the editor's own work.
          vim.defer_fn(function()
            require('kubectl.navigate').open_text('describe', { source = source })
          end, 2 * index)
        end`,
        names,
        namespace,
      );
      await until('every text', () =>
        editor.lua<boolean>(
          `
          local ready = 0
          for _, buf in ipairs(vim.api.nvim_list_bufs()) do
            local first = vim.api.nvim_buf_get_lines(buf, 0, 1, false)[1] or ''
            ready = ready + (first:match('^Name:') and 1 or 0)
          end
          return ready >= ...`,
          names.length,
        ),
      );
    });
    const { ping, cpu } = await loop.stop();
    return [
      figure('50 describes opened at once', seconds(all)),
      figure('editor block meanwhile, wall p99 / max', spread(ping), '≤ 16 ms'),
      figure('editor work a round meanwhile, CPU p99 / max', spread(cpu), '≤ 16 ms'),
    ];
  } finally {
    await editor.dispose();
  }
};

export const bulk = async (bench: Bench): Promise<readonly Figure[]> => [
  ...(await restarts(bench)),
  ...(await describes(bench)),
];
