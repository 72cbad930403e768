/**
 * One lab with the demo world for the whole run, whichever projects ask for it. Tests find it through the environment:
 * KUBECTL_LIVE_LAB (program), …_NAME, …_KUBECONFIG, …_KUBECTL.
 */
import { ensureLab } from '../../src/tools/setup/lab.cjs';
import { startLab } from '../../src/tools/setup/start.cjs';

type Shared = { users: number; lab: ReturnType<typeof startLab> | undefined };

/** Each project loads this file afresh; the process is what they have in common. */
const store = globalThis as { kubectlLiveLab?: Shared };
store.kubectlLiveLab ??= { users: 0, lab: undefined };
const shared = store.kubectlLiveLab;

export const setup = async (): Promise<void> => {
  shared.users += 1;
  const program = await ensureLab();
  const name = `test-${process.pid}`;
  shared.lab ??= startLab(program, ['--demo', '--name', name]);
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
