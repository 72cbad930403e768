import { type ChildProcess, spawn } from 'node:child_process';
import { lab, setting } from '../e2e/support.ts';
import type { Figure } from './measure.ts';

/** What every part of a run needs. */
export type Bench = {
  readonly kubeconfig: string;
  readonly labName: string;
  readonly rounds: number;
  readonly say: (text: string) => void;
};

export type Part = (bench: Bench) => Promise<readonly Figure[]>;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Fills the lab and lets it come to rest: what was loaded before goes first. */
export const load = async ({ labName, say }: Bench, pods: number): Promise<void> => {
  say(`loading ${pods} pods`);
  await lab(['load', '--name', labName, '--clear']);
  await lab(['load', '--name', labName, '--pods', String(pods), '--nodes', '100']);
  await pause(15_000);
};

/** `work` while the lab's pods change at `rate` a second; 0 leaves them alone. */
export const underChurn = async <T>({ labName }: Bench, rate: number, work: () => Promise<T>): Promise<T> => {
  if (rate === 0) return await work();
  const churn: ChildProcess = spawn(setting('KUBECTL_LIVE_LAB'), ['churn', '--name', labName, '--rate', String(rate)], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => churn.once('exit', resolve));
  try {
    await pause(3000);
    return await work();
  } finally {
    churn.kill('SIGINT');
    await ended;
  }
};
