/**
 * One lab with the demo world for the whole run, whichever projects ask for it. Tests find it through the environment:
 * KUBECTL_LIVE_LAB (program), …_NAME, …_KUBECONFIG, …_KUBECTL. KUBECTL_LIVE_KEPT_LAB names a lab that is up already
 * (`npm run lab -- up --demo --name N`): it is used instead and left running.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureLab } from '../../src/tools/setup/lab.cjs';
import { cache } from '../../src/tools/setup/paths.cjs';
import { startLab } from '../../src/tools/setup/start.cjs';
import { runId } from '../run-id.ts';

type Lab = { readonly kubeconfig: string; readonly kubectl?: string; stop(): Promise<void> };

type Shared = { users: number; lab: Promise<Lab> | undefined };

/** Each project loads this file afresh; the process is what they have in common. */
const store = globalThis as { kubectlLiveLab?: Shared };
store.kubectlLiveLab ??= { users: 0, lab: undefined };
const shared = store.kubectlLiveLab;

const keptLab = async (name: string): Promise<Lab> => {
  const record = await readFile(join(cache, 'labs', name, 'lab.json'), 'utf8');
  return { ...(JSON.parse(record) as Pick<Lab, 'kubeconfig' | 'kubectl'>), stop: async () => {} };
};

export const setup = async (): Promise<void> => {
  shared.users += 1;
  const program = await ensureLab();
  const kept = process.env.KUBECTL_LIVE_KEPT_LAB;
  const name = kept ?? `test-${runId}`;
  shared.lab ??= kept === undefined ? startLab(program, ['--demo', '--name', name]) : keptLab(kept);
  const { kubeconfig, kubectl } = await shared.lab;
  Object.assign(process.env, {
    KUBECTL_LIVE_LAB: program,
    KUBECTL_LIVE_LAB_NAME: name,
    KUBECTL_LIVE_LAB_KUBECONFIG: kubeconfig,
    KUBECTL_LIVE_LAB_KUBECTL: kubectl ?? '',
  });
};

export const teardown = async (): Promise<void> => {
  shared.users -= 1;
  if (shared.users > 0) return;
  await (await shared.lab)?.stop();
  shared.lab = undefined;
};
