import type { Health } from '../../protocol/row.ts';
import { ownedBy } from '../children.ts';
import { age, count, name, namespace, text, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { selectorLabel } from '../label-selector.ts';
import { conditionOf, containerColumns, selectorFacts, type Workload, workloadFields } from '../workload.ts';

type ReplicaSet = Workload & {
  readonly status?: { readonly replicas?: number | null; readonly readyReplicas?: number | null } | null;
};

const health = (set: ReplicaSet): Health => {
  const wanted = set.spec?.replicas ?? 0;
  const made = set.status?.replicas ?? 0;
  if (conditionOf(set, 'ReplicaFailure')?.status === 'True') return 'error';
  if (made !== wanted) return 'pending';
  if (wanted === 0) return 'done';
  return (set.status?.readyReplicas ?? 0) < wanted ? 'warning' : 'ok';
};

/** printers.go, printReplicaSet. */
export default defineKind<ReplicaSet>({
  groups: ['apps'],
  kind: 'ReplicaSet',
  columns: [
    namespace,
    name,
    count('DESIRED', (set: ReplicaSet) => set.spec?.replicas),
    count('CURRENT', (set: ReplicaSet) => set.status?.replicas),
    count('READY', (set: ReplicaSet) => set.status?.readyReplicas),
    age,
    ...containerColumns,
    wide(text('SELECTOR', (set: ReplicaSet) => selectorLabel(set.spec?.selector))),
  ],
  fields: [...workloadFields, 'status.replicas', 'status.readyReplicas'],
  health,
  facts: selectorFacts,
  children: ownedBy('pods'),
});
