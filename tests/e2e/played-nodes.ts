/** Nodes that kwok plays, one after the other, each for the pods of one test. */
import type { Target } from '../../src/protocol/resource.ts';
import { until } from './until.ts';
import { podSpec, template, type WriteStage } from './write-stage.ts';

export const playedNodes = (stage: () => WriteStage) => {
  let nodes = 0;
  /** Of the newest. */
  const name = (): string => `node-${nodes}-${stage().namespace}`;
  return {
    name,
    /** The node that comes next has the name of this one again. */
    again: (): void => {
      nodes -= 1;
    },
    fresh: async (): Promise<Target> => {
      nodes += 1;
      const room = { cpu: '32', memory: '64Gi', pods: '110' };
      const made = await stage().create('nodes', {
        metadata: {
          name: name(),
          annotations: { 'kwok.x-k8s.io/node': 'fake' },
          labels: { 'kubernetes.io/hostname': name(), 'kubernetes.io/os': 'linux' },
        },
        spec: { taints: [{ key: 'write-test', value: name(), effect: 'NoSchedule' }] },
        status: { allocatable: room, capacity: room },
      });
      return stage().target('nodes', made);
    },
    /** A deployment whose pods run on the newest node. */
    deployment: async (app: string, replicas: number): Promise<void> => {
      const spec = {
        ...podSpec,
        nodeSelector: { 'kubernetes.io/hostname': name() },
        tolerations: [{ key: 'write-test', value: name() }],
      };
      await stage().create('deploy', {
        metadata: { name: app },
        spec: { replicas, selector: { matchLabels: { app } }, template: template(app, spec) },
      });
      await until(`${app} to run`, async () => (await stage().get('deploy', app)).status?.readyReplicas === replicas);
    },
    /** A budget for its pods. */
    keep: async (app: string, minAvailable: number): Promise<void> => {
      const selector = { matchLabels: { app } };
      await stage().create('pdb', { metadata: { name: `keep-${app}` }, spec: { minAvailable, selector } });
      await until('its budget to be counted', async () => {
        const { status } = await stage().get('pdb', `keep-${app}`);
        return status?.observedGeneration !== undefined && status.expectedPods > 0;
      });
    },
    isCordoned: async (): Promise<boolean> => (await stage().get('nodes', name())).spec.unschedulable === true,
    /** Lets its pods go back to it, so that they do not wait until the end of the lab. */
    open: (): Promise<void> =>
      stage()
        .patch('nodes', name(), { spec: { unschedulable: null } })
        .catch(() => undefined),
  };
};
