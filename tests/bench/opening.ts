import { editorOn, kubectl } from '../e2e/support.ts';
import { type Bench, pause } from './bench.ts';
import { openPods, pidOfBackend } from './editor.ts';
import { watchLoop } from './loop.ts';
import { type Figure, figure, median, ms, rssMb } from './measure.ts';

const screen = { columns: 200, rows: 50 };

const kubectlMs = async (kubeconfig: string): Promise<number> => {
  const start = performance.now();
  await kubectl(['get', 'pods', '-A'], undefined, kubeconfig);
  return performance.now() - start;
};

/** `:Kubectl get pods -A` until the first screen and until the last row; then the same buffer once more. */
export const opening = async ({ kubeconfig, rounds }: Bench, pods: number): Promise<readonly Figure[]> => {
  const cold: number[] = [];
  const first: number[] = [];
  const all: number[] = [];
  const again: number[] = [];
  const blocks: number[] = [];
  const work: number[] = [];
  const peer: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const fresh = await editorOn(kubeconfig, screen);
    cold.push((await openPods(fresh, pods)).first);
    await fresh.dispose();
    const editor = await editorOn(kubeconfig, screen);
    await editor.command('Kubectl get namespaces');
    await editor.shows('● live', 60_000);
    const loop = await watchLoop(editor);
    const opened = await openPods(editor, pods);
    const { ping, cpu } = await loop.stop();
    blocks.push(ping.max);
    work.push(cpu.max);
    first.push(opened.first);
    all.push(opened.all);
    await pause(3000);
    memory.push(rssMb(await pidOfBackend(editor)));
    await editor.command('bwipeout!');
    again.push((await openPods(editor, pods)).first);
    await editor.dispose();
    peer.push(await kubectlMs(kubeconfig));
  }
  const ratio = (median(all) / median(peer)).toFixed(2);
  return [
    figure('first screen, backend warm', ms(first), '≤ 100 ms', ms(peer)),
    figure('first screen, backend cold', ms(cold), '≤ 200 ms'),
    figure('first screen of a view known before', ms(again), '≤ 50 ms'),
    figure('all rows', `${ms(all)} (${ratio} × kubectl)`, pods > 10_000 ? '≤ 5 × 10,000' : '≤ 0.4 ×', ms(peer)),
    figure('longest editor block while loading: wall', ms(blocks), '≤ 16 ms'),
    figure('longest editor block while loading: CPU', ms(work), '≤ 16 ms'),
    figure('backend RSS, loaded', `${Math.round(median(memory))} MB`, pods > 10_000 ? '≤ 280 MB' : '≤ 140 MB'),
  ];
};
