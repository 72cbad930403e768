import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { editorOn } from '../e2e/support.ts';
import { type Bench, pause, underChurn } from './bench.ts';
import { openPods } from './editor.ts';
import { type Figure, figure } from './measure.ts';

type Profile = {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** µs between samples. */
  readonly timeDeltas: readonly number[];
};

const seconds = 20;

/** ms of self time by function in the last `seconds` of a profile; what waits is left out. */
const selfTimes = ({ nodes, samples, timeDeltas }: Profile): Map<string, number> => {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const place = url === '' ? '' : ` ${basename(url)}:${lineNumber + 1}`;
      return [id, `${functionName || '(anonymous)'}${place}`];
    }),
  );
  const times = new Map<string, number>();
  let left = seconds * 1e6;
  for (let index = samples.length - 1; index >= 0 && left > 0; index--) {
    const time = timeDeltas[index] ?? 0;
    left -= time;
    const name = names.get(samples[index] ?? 0) ?? '';
    if (name === '(idle)') continue;
    times.set(name, (times.get(name) ?? 0) + time / 1000);
  }
  return times;
};

/** Where the backend's threads spend a second of churn: self time by function, per thread. */
export const profile = async (bench: Bench, pods: number, rate: number): Promise<readonly Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-live-profile-'));
  const env = { NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${folder}` };
  const editor = await editorOn(bench.kubeconfig, { columns: 200, rows: 50, env });
  try {
    await openPods(editor, pods);
    await underChurn(bench, rate, () => pause(seconds * 1000));
  } finally {
    await editor.dispose();
  }
  // The backend ends by itself after its editor, and writes then.
  await pause(2000);
  const figures = readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const times = selfTimes(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile);
      const total = [...times.values()].reduce((sum, time) => sum + time, 0);
      const top = [...times].toSorted(([, a], [, b]) => b - a).slice(0, 25);
      const perSecond = (time: number): string => `${(time / seconds).toFixed(2)} ms/s`;
      return [figure(`thread ${file}`, perSecond(total)), ...top.map(([name, time]) => figure(name, perSecond(time)))];
    });
  rmSync(folder, { recursive: true, force: true });
  return figures;
};
