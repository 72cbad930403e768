import { monitorEventLoopDelay } from 'node:perf_hooks';
import { loadNative } from '../../src/native/load.ts';
import { kubectl } from '../e2e/support.ts';
import { root } from '../lua/harness.ts';
import { type Figure, figure, median } from './measure.ts';
import { specOf } from './transport.ts';

const repeated = async (times: number, work: () => Promise<unknown>): Promise<number> => {
  const figures: number[] = [];
  for (let index = 0; index < times; index++) {
    const start = performance.now();
    await work();
    figures.push(performance.now() - start);
  }
  return median(figures);
};

/** One pod described again and again, by the native code in this process and by kubectl. */
export const describeTimes = async (kubeconfig: string): Promise<Figure[]> => {
  const native = await loadNative({ root });
  if (native.kind === 'none') return [figure('describe a pod', 'not available', '', native.why.join(' '))];
  const client = native.client(await specOf(kubeconfig));
  const target = { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespace: 'default', name: 'bench-probe' };
  const work = (): Promise<string> => client.describe(target);
  // The churn before has left the API server with work of its own, which a describe would wait for.
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  await work();
  const warm = await repeated(20, work);
  const peer = await repeated(5, () =>
    kubectl(['describe', 'pod', 'bench-probe', '--namespace=default'], undefined, kubeconfig),
  );
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await Promise.all(Array.from({ length: 50 }, work));
  delay.disable();
  client.dispose();
  native.dispose();
  return [
    figure(
      `describe a pod, warm (${native.kind})`,
      `${warm.toFixed(1)} ms`,
      '≤ 1/10 of kubectl',
      `${Math.round(peer)} ms`,
    ),
    figure('50 describes at once: loop delay max', `${(delay.max / 1e6).toFixed(1)} ms`),
  ];
};
