import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createConnector } from '../../../src/cluster/connect.ts';
import { loadKubeconfig } from '../../../src/cluster/kubeconfig.ts';
import { createTransport } from '../../../src/cluster/node-transport.ts';
import type { Transport, TransportRequest } from '../../../src/cluster/transport.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { until } from '../until.ts';

const run = promisify(execFile);

const setting = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: run this through the e2e project`);
  return value;
};

/** Admin requests to the run's lab, or to another one, through the product's own transport. */
export const labTransport = async (kubeconfig = setting('KUBECTL_LIVE_LAB_KUBECONFIG')): Promise<Transport> => {
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  const connector = createConnector(await loadKubeconfig({ env }), { clock: systemClock, env });
  return createTransport(await connector.resolve(''), { clock: systemClock });
};

/** What kubectl prints; its exit code 0 is expected. */
export const kubectl = async (...args: readonly string[]): Promise<string> => {
  const { stdout } = await run(setting('KUBECTL_LIVE_LAB_KUBECTL'), [...args], {
    env: { ...process.env, KUBECONFIG: setting('KUBECTL_LIVE_LAB_KUBECONFIG') },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
};

/** Runs `work` on each item, a few at a time. */
export const eachOf = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
};

export const mergePatch = (path: string, body: unknown): TransportRequest => ({
  method: 'PATCH',
  path,
  headers: { 'content-type': 'application/merge-patch+json' },
  body: JSON.stringify(body),
});

/** Waits until pods can be made in a namespace: they need its default account, which a controller makes. */
export const furnished = async (api: Transport, namespace: string): Promise<void> => {
  await until(`the account of ${namespace}`, () =>
    api.json<object>({ path: `/api/v1/namespaces/${namespace}/serviceaccounts/default` }),
  );
};

/** Objects made up at random are the same in every run, unless this is set to another number. */
export const seed = Number(process.env.KUBECTL_LIVE_SEED ?? 1);

/** A namespace of its own for one test; the returned function starts its deletion. */
export const makeNamespace = async (
  api: Transport,
  prefix: string,
): Promise<{ name: string; remove(): Promise<void> }> => {
  const made = await api.json<{ metadata: { name: string } }>({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { metadata: { generateName: `${prefix}-` } },
  });
  const { name } = made.metadata;
  await furnished(api, name);
  return { name, remove: async () => void (await api.json({ method: 'DELETE', path: `/api/v1/namespaces/${name}` })) };
};
