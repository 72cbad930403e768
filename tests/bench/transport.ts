import { createConnector } from '../../src/cluster/connect.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { systemClock } from '../../src/util/clock.ts';

export const specOf = async (kubeconfig: string) => {
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  return await createConnector(await loadKubeconfig({ env }), { clock: systemClock, env }).resolve('');
};
