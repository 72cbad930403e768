import { createConnector } from '../../src/cluster/connect.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { createTransport } from '../../src/cluster/node-transport.ts';
import type { Transport } from '../../src/cluster/transport.ts';
import { systemClock } from '../../src/util/clock.ts';

export const specOf = async (kubeconfig: string) => {
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  return await createConnector(await loadKubeconfig({ env }), { clock: systemClock, env }).resolve('');
};

export const labTransportOf = async (kubeconfig: string): Promise<Transport> =>
  createTransport(await specOf(kubeconfig), { clock: systemClock });
