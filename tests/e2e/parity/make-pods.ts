import type { Transport } from '../../../src/cluster/transport.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { ghostNode } from '../../run-id.ts';
import { eachOf, mergePatch } from './lab-api.ts';

export type WantedPod = {
  readonly name: string;
  readonly spec?: Readonly<Record<string, unknown>> | undefined;
  readonly status?: Readonly<Record<string, unknown>> | undefined;
  readonly deleted?: boolean | undefined;
};

const finalizer = 'test.example.com/hold';

/** No scheduler takes them and no node runs them: their status stays what the test wrote. */
const makePod = async (
  api: Transport,
  namespace: string,
  { name, spec, status, deleted }: WantedPod,
  ghost: string,
): Promise<void> => {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  // A pod that is being deleted and has no node is failed by the pod collector, which looks every 20 s.
  const placed = deleted === true || spec?.nodeName !== undefined;
  // The server refuses a nomination for a pod that has its node.
  const written = placed && status !== undefined ? { ...status, nominatedNodeName: undefined } : status;
  await api.json({
    method: 'POST',
    path: pods,
    body: {
      metadata: { name, labels: { app: 'parity' }, ...(deleted === true ? { finalizers: [finalizer] } : {}) },
      spec: {
        schedulerName: 'nobody',
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'app', image: 'registry.example/app:1' }],
        ...spec,
        ...(placed ? { nodeName: ghost } : {}),
      },
    },
  });
  if (written !== undefined) await api.json(mergePatch(`${pods}/${name}/status`, { status: written }));
  if (deleted === true) await api.json({ method: 'DELETE', path: `${pods}/${name}` });
};

export const makePods = (api: Transport, namespace: string, pods: readonly WantedPod[]): Promise<void> => {
  const ghost = ghostNode();
  return eachOf(pods, (pod) => makePod(api, namespace, pod, ghost));
};

/** Lets go of pods that a finalizer keeps, so that their namespace can end. */
export const releasePods = (api: Transport, namespace: string, pods: readonly WantedPod[]): Promise<void> =>
  eachOf(
    pods.filter(({ deleted }) => deleted === true),
    async ({ name }) => {
      const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
      // Not found: the test failed before it was made, and that failure is the one to see.
      await api.json(mergePatch(path, { metadata: { finalizers: null } })).catch((error: unknown) => {
        if (!(error instanceof ClusterError && error.code === 'not-found')) throw error;
      });
    },
  );
