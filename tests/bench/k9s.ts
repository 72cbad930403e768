import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { type Bench, pause, underChurn } from './bench.ts';
import { cpuMs, type Figure, figure, rssMb, until } from './measure.ts';

const run = promisify(execFile);

const onPath = async (program: string): Promise<boolean> =>
  await run(program, ['version', '--short']).then(
    () => true,
    () => false,
  );

/** The child of `script`, which gives k9s the terminal it wants. */
const childOf = (pid: number): number | undefined => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? undefined : Number(children.split(' ')[0]);
};

/** k9s on the same pods: until rows are on its screen, its CPU and its memory. No figure where it is not on PATH. */
export const k9s = async (bench: Bench, rates: readonly number[]): Promise<readonly Figure[]> => {
  if (!(await onPath('k9s'))) return [figure('k9s', 'not on PATH')];
  const start = performance.now();
  const command = `stty cols 200 rows 50; exec k9s --kubeconfig '${bench.kubeconfig}' --all-namespaces --command pods`;
  const script: ChildProcess = spawn('script', ['--quiet', '--flush', '--command', command, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let said = '';
  script.stdout?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-20_000);
  });
  try {
    await until('rows in k9s', () => said.includes('bench-'));
    const figures: Figure[] = [figure('k9s: rows on screen', `${Math.round(performance.now() - start)} ms`)];
    const pid = childOf(script.pid ?? 0) ?? 0;
    await pause(5000);
    for (const rate of rates) {
      const cpu = await underChurn(bench, rate, async () => {
        const before = cpuMs(pid);
        await pause(10_000);
        return (cpuMs(pid) - before) / 100;
      });
      figures.push(figure(`k9s: CPU at ${rate} events/s`, `${cpu.toFixed(1)} %`));
    }
    return [...figures, figure('k9s: RSS', `${Math.round(rssMb(pid))} MB`)];
  } finally {
    script.kill('SIGKILL');
  }
};
