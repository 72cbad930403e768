/**
 * `npm run bench [-- --pods N] [--rate R] [--rounds K]`: the first rows of the budgets, on a lab of its own, with kubectl
 * measured in the same run. Prints a Markdown table on stdout; asserts nothing: times depend on the machine.
 */
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ownLab } from '../e2e/own-lab.ts';
import { editorOn, kubectl, lab, setting } from '../e2e/support.ts';
import { type Editor, root } from '../lua/harness.ts';
import { describeTimes } from './describe.ts';
import { blocks, eventLatencies, openPods, pidOfBackend } from './editor.ts';
import { cpuMs, type Figure, figure, median, quantile, rssMb, table, until } from './measure.ts';

const { values } = parseArgs({
  options: {
    pods: { type: 'string', default: '10000' },
    rate: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '3' },
  },
});
const pods = Number(values.pods);
const rate = Number(values.rate);
const rounds = Number(values.rounds);

const ms = (figures: readonly number[]): string => {
  const round = (value: number): string => (value < 10 ? value.toFixed(1) : Math.round(value).toString());
  return `${round(median(figures))} ms [${round(Math.min(...figures))}..${round(Math.max(...figures))}]`;
};

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const pause = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration));

const kubeconfigOf: { path: string } = { path: '' };

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

/** Sizes of what is installed, in MB. */
const sizes = (): Figure[] => {
  const total = (folder: string): number =>
    readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
      const path = join(folder, entry.name);
      return sum + (entry.isDirectory() ? total(path) : statSync(path).size);
    }, 0);
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  const native = total(join(root, 'dist', 'native'));
  const addon = readdirSync(join(root, 'dist', 'native')).filter((name) => name.endsWith('.node'));
  return [
    figure('bundle (dist/ without native)', mb(total(join(root, 'dist')) - native), '≤ 10 MB'),
    ...addon.map((name) => figure(`addon ${name}`, mb(statSync(join(root, 'dist', 'native', name)).size), '≤ 40 MB')),
  ];
};

/** Start-up, without any cluster work. */
const startUp = async (): Promise<Figure[]> => {
  const setups: number[] = [];
  const answers: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < rounds + 2; round++) {
    const editor = await editorOn(kubeconfigOf.path);
    setups.push(
      await editor.lua<number>(`
        local start = vim.uv.hrtime()
        require('kubectl').setup({})
        return (vim.uv.hrtime() - start) / 1e6`),
    );
    await editor.lua(`
      _G.answered = nil
      _G.asked = vim.uv.hrtime()
      local params = { version = '', columns = vim.o.columns, lines = vim.o.lines, truecolor = true, ascii = false }
      require('kubectl.host').request('hello', params, function() _G.answered = (vim.uv.hrtime() - _G.asked) / 1e6 end)`);
    await until('the first answer', async () => (await editor.lua('return _G.answered ~= nil')) === true);
    answers.push(await editor.lua<number>('return _G.answered'));
    memory.push(rssMb(await pidOfBackend(editor)));
    await editor.dispose();
  }
  return [
    figure('setup()', ms(setups), '≤ 1 ms'),
    figure('backend spawn → first answer', ms(answers), '≤ 60 ms'),
    figure('backend RSS before the first view', `${Math.round(median(memory))} MB`, '≤ 60 MB'),
  ];
};

/** `:Kubectl get pods -A` until the first screen and until the last row. */
const opening = async (): Promise<Figure[]> => {
  const first: number[] = [];
  const all: number[] = [];
  const coldFirst: number[] = [];
  const blocked: number[] = [];
  const peer: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const cold = await editorOn(kubeconfigOf.path, { columns: 200, rows: 50 });
    coldFirst.push((await openPods(cold, pods)).first);
    await cold.dispose();
    const editor = await editorOn(kubeconfigOf.path, { columns: 200, rows: 50 });
    await editor.command('Kubectl get namespaces');
    await editor.shows('● live', 60_000);
    const watch = await blocks(editor);
    const opened = await openPods(editor, pods);
    blocked.push((await watch.stop()).max);
    first.push(opened.first);
    all.push(opened.all);
    await pause(3000);
    memory.push(rssMb(await pidOfBackend(editor)));
    await editor.dispose();
    peer.push(await timed(() => kubectl(['get', 'pods', '-A'], undefined, kubeconfigOf.path)));
  }
  const ratio = (median(all) / median(peer)).toFixed(2);
  return [
    figure(`first screen, ${pods} pods, backend warm`, ms(first), '≤ 100 ms', ms(peer)),
    figure(`first screen, ${pods} pods, backend cold`, ms(coldFirst), '≤ 200 ms'),
    figure(`all rows, ${pods} pods`, `${ms(all)} (${ratio} × kubectl)`, '≤ 0.4 × kubectl', ms(peer)),
    figure('longest editor block while loading', ms(blocked), '≤ 16 ms'),
    figure(`backend RSS, ${pods} pods`, `${Math.round(median(memory))} MB`, '≤ 140 MB'),
  ];
};

/** An open table of all pods: idle, then under churn. */
const steady = async (labName: string): Promise<Figure[]> => {
  const editor: Editor = await editorOn(kubeconfigOf.path, { columns: 200, rows: 50 });
  await openPods(editor, pods);
  const pid = await pidOfBackend(editor);
  await pause(2000);
  const cpuOver = async (seconds: number): Promise<number> => {
    const before = cpuMs(pid);
    await pause(seconds * 1000);
    return (cpuMs(pid) - before) / (seconds * 10);
  };
  const idle = await cpuOver(10);
  const churn = spawn(setting('KUBECTL_LIVE_LAB'), ['churn', '--name', labName, '--rate', String(rate)], {
    stdio: 'ignore',
  });
  await pause(3000);
  const watch = await blocks(editor);
  const busy = await cpuOver(10);
  const block = await watch.stop();
  const latencies = await eventLatencies(editor, kubeconfigOf.path);
  const memory = rssMb(pid);
  churn.kill('SIGINT');
  await new Promise((resolve) => churn.once('exit', resolve));
  const filtered: number[] = [];
  for (const text of ['bench-1', '', 'bench-2', '', 'bench-3']) {
    filtered.push(
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
  await editor.dispose();
  return [
    figure('backend CPU, idle view', `${idle.toFixed(1)} %`, '≤ 1 %'),
    figure(`backend CPU, ${rate} events/s`, `${busy.toFixed(1)} %`, '≤ 10 %'),
    figure(
      `editor block, ${rate} events/s: p50 / p99 / max`,
      `${block.p50.toFixed(1)} / ${block.p99.toFixed(1)} / ${block.max.toFixed(1)} ms`,
      '≤ 8 ms',
    ),
    figure(
      `event → buffer, ${rate} events/s: p50 / p99`,
      `${Math.round(median(latencies))} / ${Math.round(quantile(latencies, 0.99))} ms`,
      '≤ 40 / 100 ms',
    ),
    figure(`backend RSS after churn`, `${Math.round(memory)} MB`, '≤ 140 MB'),
    figure('filter → first changed rows', ms(filtered), '≤ 50 ms'),
  ];
};

/** Fills the lab and lets it come to rest; start-up is measured before, on a quiet machine. */
const load = async (labName: string): Promise<Figure[]> => {
  await lab(['load', '--name', labName, '--pods', String(pods), '--nodes', '100']);
  await pause(15_000);
  return [];
};

const run = async (): Promise<void> => {
  say(`bench: ${pods} pods, ${rate} events/s, ${cpus().length} cores`);
  const own = await ownLab('bench');
  kubeconfigOf.path = own.kubeconfig;
  process.env.KUBECTL_LIVE_LAB_KUBECTL = own.kubectl;
  try {
    const figures: Figure[] = [];
    const parts: readonly (readonly [string, () => Promise<Figure[]>])[] = [
      ['start-up', startUp],
      ['load', () => load(own.name)],
      ['opening', opening],
      ['steady', () => steady(own.name)],
      ['describe', () => describeTimes(own.kubeconfig)],
    ];
    for (const [name, part] of parts) {
      say(`bench: ${name}`);
      figures.push(...(await part()));
    }
    figures.push(...sizes());
    process.stdout.write(`${table(figures)}\n`);
  } finally {
    await own.stop();
  }
};

await run();
