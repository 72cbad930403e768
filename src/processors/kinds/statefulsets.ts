import type { Health } from '../../protocol/row.ts';
import { ownedBy } from '../children.ts';
import { age, name, namespace, ratio } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { Loose } from '../objects.ts';
import { containerColumns, selectorFacts, type Workload, workloadFields } from '../workload.ts';

type StatefulSet = Workload &
  Loose<{
    spec: { updateStrategy: { type: string; rollingUpdate: { partition: number } } };
    status: { observedGeneration: number; replicas: number; readyReplicas: number; updatedReplicas: number };
  }>;

/** The rules of `kubectl rollout status`: pods below the partition keep the old revision on purpose. */
const health = (set: StatefulSet): Health => {
  const { spec, status } = set;
  const wanted = spec?.replicas ?? 0;
  if ((status?.observedGeneration ?? 0) < (set.metadata?.generation ?? 0)) return 'pending';
  if ((status?.replicas ?? 0) !== wanted) return 'pending';
  if (wanted === 0) return 'done';
  const strategy = spec?.updateStrategy;
  const moving = wanted - (strategy?.rollingUpdate?.partition ?? 0);
  if (strategy?.type !== 'OnDelete' && (status?.updatedReplicas ?? 0) < moving) return 'pending';
  return (status?.readyReplicas ?? 0) < wanted ? 'warning' : 'ok';
};

/** printers.go, printStatefulSet. */
export default defineKind<StatefulSet>({
  groups: ['apps'],
  kind: 'StatefulSet',
  columns: [
    namespace,
    name,
    ratio('READY', (set: StatefulSet) => [set.status?.readyReplicas, set.spec?.replicas]),
    age,
    ...containerColumns,
  ],
  fields: [
    'metadata.generation',
    ...workloadFields,
    'spec.updateStrategy.type',
    'spec.updateStrategy.rollingUpdate.partition',
    'status.observedGeneration',
    'status.replicas',
    'status.readyReplicas',
    'status.updatedReplicas',
  ],
  health,
  facts: selectorFacts,
  children: ownedBy('pods'),
});
