import { editorOn } from '../e2e/support.ts';
import type { Editor } from '../lua/harness.ts';
import { type Bench, pause, underChurn } from './bench.ts';
import { openPods, pidOfBackend } from './editor.ts';
import { type Figure, figure, median, rssMb } from './measure.ts';

const mb = (figures: readonly number[]): string => `${Math.round(median(figures))} MB`;

/** Medians of the first and the last fifth, and the whole course. */
const course = (what: string, figures: readonly number[]): Figure[] => {
  const fifth = Math.max(1, Math.floor(figures.length / 5));
  return [
    figure(
      `${what}: first fifth → last fifth`,
      `${mb(figures.slice(0, fifth))} → ${mb(figures.slice(-fifth))}`,
      'flat',
    ),
    figure(`${what}: all`, figures.map((each) => Math.round(each)).join(' ')),
  ];
};

const duringChurn = async (bench: Bench, editor: Editor, pods: number, minutes: number): Promise<Figure[]> => {
  const backend: number[] = [];
  const neovim: number[] = [];
  await openPods(editor, pods);
  const pid = await pidOfBackend(editor);
  await underChurn(bench, 500, async () => {
    const samples = Math.max(10, minutes);
    for (let sample = 0; sample < samples; sample++) {
      await pause((minutes * 60_000) / samples);
      backend.push(rssMb(pid));
      neovim.push(rssMb(editor.pid));
      bench.say(`${sample + 1} of ${samples}: backend ${Math.round(backend.at(-1) ?? 0)} MB`);
    }
  });
  const what = `${minutes} min of 500 events/s`;
  return [...course(`backend RSS, ${what}`, backend), ...course(`Neovim RSS, ${what}`, neovim)];
};

const duringCycles = async (bench: Bench, editor: Editor, pods: number, cycles: number): Promise<Figure[]> => {
  const backend: number[] = [];
  const neovim: number[] = [];
  const pid = await pidOfBackend(editor);
  for (let cycle = 1; cycle <= cycles; cycle++) {
    await openPods(editor, pods);
    await editor.command('bwipeout!');
    if (cycle % Math.ceil(cycles / 20) !== 0) continue;
    backend.push(rssMb(pid));
    neovim.push(rssMb(editor.pid));
    bench.say(`${cycle} of ${cycles}: backend ${Math.round(backend.at(-1) ?? 0)} MB`);
  }
  const what = `${cycles} times opened and closed`;
  return [...course(`backend RSS, ${what}`, backend), ...course(`Neovim RSS, ${what}`, neovim)];
};

/** An open table under churn for `minutes`, then one opened and closed `cycles` times: memory must stay where it is. */
export const memory = async (
  bench: Bench,
  pods: number,
  { minutes, cycles }: { readonly minutes: number; readonly cycles: number },
): Promise<readonly Figure[]> => {
  const editor = await editorOn(bench.kubeconfig, { columns: 200, rows: 50 });
  try {
    const churn = await duringChurn(bench, editor, pods, minutes);
    return [...churn, ...(await duringCycles(bench, editor, pods, cycles))];
  } finally {
    await editor.dispose();
  }
};
