import type { Health } from '../../protocol/row.ts';
import { age, count, name, namespace, ratio, text, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { selectorText } from '../label-selector.ts';
import {
  conditionOf,
  containerColumns,
  podsBySelector,
  selectorFacts,
  type Workload,
  workloadFields,
} from '../workload.ts';

type Deployment = Workload & {
  readonly status?: {
    readonly observedGeneration?: number | null;
    readonly updatedReplicas?: number | null;
    readonly readyReplicas?: number | null;
    readonly availableReplicas?: number | null;
  } | null;
};

/** The rules of `kubectl rollout status`, and what went wrong where the controller says so. */
const health = (deployment: Deployment): Health => {
  const wanted = deployment.spec?.replicas ?? 0;
  const status = deployment.status;
  const progressing = conditionOf(deployment, 'Progressing');
  if (progressing?.status === 'False') return 'error';
  if (conditionOf(deployment, 'ReplicaFailure')?.status === 'True') return 'error';
  if ((status?.observedGeneration ?? 0) < (deployment.metadata?.generation ?? 0)) return 'pending';
  if ((status?.updatedReplicas ?? 0) < wanted) return 'pending';
  if ((status?.availableReplicas ?? 0) >= wanted) return wanted === 0 ? 'done' : 'ok';
  // Rolled out once and short of pods since: that is a loss, not progress.
  return progressing?.reason === 'NewReplicaSetAvailable' ? 'warning' : 'pending';
};

/** printers.go, printDeployment. */
export default defineKind<Deployment>({
  groups: ['apps'],
  kind: 'Deployment',
  columns: [
    namespace,
    name,
    ratio('READY', (deployment: Deployment) => [deployment.status?.readyReplicas, deployment.spec?.replicas]),
    count('UP-TO-DATE', (deployment: Deployment) => deployment.status?.updatedReplicas),
    count('AVAILABLE', (deployment: Deployment) => deployment.status?.availableReplicas),
    age,
    ...containerColumns,
    wide(text('SELECTOR', (deployment: Deployment) => selectorText(deployment.spec?.selector) ?? '<invalid>')),
  ],
  fields: [
    'metadata.generation',
    ...workloadFields,
    'status.observedGeneration',
    'status.updatedReplicas',
    'status.readyReplicas',
    'status.availableReplicas',
  ],
  health,
  facts: selectorFacts,
  children: podsBySelector,
});
