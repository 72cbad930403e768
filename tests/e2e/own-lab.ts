import { runId } from '../run-id.ts';
import { setting } from './support.ts';

type Lab = { readonly kubeconfig: string; readonly kubectl: string; readonly name: string; stop(): Promise<void> };

/** A lab of its own, for tests that stop its API server or fill it; it ends with the test process at the latest. */
export const ownLab = async (name: string, args: readonly string[] = []): Promise<Lab> => {
  const { startLab } = await import('../../src/tools/setup/start.cjs');
  const full = `${name}-${runId}`;
  const { kubeconfig, kubectl = '', stop } = await startLab(setting('KUBECTL_LIVE_LAB'), ['--name', full, ...args]);
  return { kubeconfig, kubectl, name: full, stop };
};
