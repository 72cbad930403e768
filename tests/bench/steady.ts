import { editorOn } from '../e2e/support.ts';
import type { Editor } from '../lua/harness.ts';
import { type Bench, pause, underChurn } from './bench.ts';
import { openPods, pidOfBackend } from './editor.ts';
import { keyTimes, type Spread, watchLoop } from './loop.ts';
import { cpuMs, type Figure, figure, median, ms, quantile, rssMb } from './measure.ts';
import { eventLatencies } from './probe.ts';

const spread = ({ p50, p99, max }: Spread): string => `${p50.toFixed(1)} / ${p99.toFixed(1)} / ${max.toFixed(1)} ms`;

const latency = (times: readonly number[]): string =>
  `${Math.round(median(times))} / ${Math.round(quantile(times, 0.99))} ms`;

const cpuBudget: Readonly<Record<number, string>> = { 0: '≤ 1 %', 500: '≤ 10 %' };

const percentOver = async (pid: number, seconds: number): Promise<number> => {
  const before = cpuMs(pid);
  await pause(seconds * 1000);
  return (cpuMs(pid) - before) / (seconds * 10);
};

/** One rate of change: CPU, blocks, latencies and keys of an open table of all pods. */
const atRate = async (bench: Bench, editor: Editor, pid: number, rate: number): Promise<Figure[]> =>
  await underChurn(bench, rate, async () => {
    const loop = await watchLoop(editor);
    const [cpu, cpuEditor] = await Promise.all([percentOver(pid, 10), percentOver(editor.pid, 10)]);
    const { ping, cpu: work } = await loop.stop();
    const seen = await eventLatencies(editor, bench.kubeconfig, true);
    const unseen = await eventLatencies(editor, bench.kubeconfig, false);
    const keys = await keyTimes(editor, 120);
    const key = { p50: median(keys), p99: quantile(keys, 0.99), max: Math.max(...keys) };
    const at = `${rate} events/s`;
    return [
      figure(`${at}: backend CPU`, `${cpu.toFixed(1)} %`, cpuBudget[rate]),
      figure(`${at}: Neovim CPU (with a ping every 5 ms)`, `${cpuEditor.toFixed(1)} %`),
      figure(`${at}: editor block, wall p50 / p99 / max`, spread(ping), '≤ 8 ms'),
      figure(`${at}: editor work a round, CPU p50 / p99 / max`, spread(work), '≤ 8 ms'),
      figure(`${at}: event → screen p50 / p99`, latency(seen), '≤ 40 / 100 ms'),
      figure(`${at}: event → buffer elsewhere p50 / p99`, latency(unseen)),
      figure(`${at}: key j → screen p50 / p99 / max`, spread(key), rate === 0 ? '' : 'idle + 2 ms'),
      figure(`${at}: backend RSS`, `${Math.round(rssMb(pid))} MB`),
    ];
  });

const filterTimes = async (editor: Editor): Promise<number[]> => {
  const times: number[] = [];
  for (const text of ['bench-1', '', 'bench-2', '', 'bench-3', '']) {
    times.push(
      await editor.lua<number>(
        `
        local view = require('kubectl.view').of(0)
        local start = vim.uv.hrtime()
        local before = vim.api.nvim_buf_get_changedtick(0)
        require('kubectl.view').update(view, { filter = ... })
        vim.wait(5000, function() return vim.api.nvim_buf_get_changedtick(0) ~= before end, 1)
        return (vim.uv.hrtime() - start) / 1e6`,
        text,
      ),
    );
  }
  return times;
};

/** An open table of all pods, at each rate of change in turn. */
export const steady = async (bench: Bench, pods: number, rates: readonly number[]): Promise<readonly Figure[]> => {
  const editor = await editorOn(bench.kubeconfig, { columns: 200, rows: 50 });
  try {
    await openPods(editor, pods);
    const pid = await pidOfBackend(editor);
    await pause(5000);
    const filtered = await filterTimes(editor);
    const figures: Figure[] = [figure('filter → first changed rows', ms(filtered), '≤ 50 ms')];
    for (const rate of rates) {
      bench.say(`${pods} pods, ${rate} events/s`);
      figures.push(...(await atRate(bench, editor, pid, rate)));
    }
    return figures;
  } finally {
    await editor.dispose();
  }
};
