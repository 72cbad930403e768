import type { Health } from '../../protocol/row.ts';
import { ownedBy } from '../children.ts';
import { age, count, name, namespace, text, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { labelsText } from '../label-selector.ts';
import type { Condition, Container, KubeObject, Loose } from '../objects.ts';
import { conditionOf, containerColumnsOf } from '../workload.ts';

/** Unlike other workloads' its selector is a plain set of labels. */
type ReplicationController = KubeObject &
  Loose<{
    spec: { replicas: number; selector: Record<string, string>; template: { spec: { containers: Container[] } } };
    status: { replicas: number; readyReplicas: number; conditions: Condition[] };
  }>;

const health = (controller: ReplicationController): Health => {
  const wanted = controller.spec?.replicas ?? 0;
  if (conditionOf(controller, 'ReplicaFailure')?.status === 'True') return 'error';
  if ((controller.status?.replicas ?? 0) !== wanted) return 'pending';
  if (wanted === 0) return 'done';
  return (controller.status?.readyReplicas ?? 0) < wanted ? 'warning' : 'ok';
};

/** printers.go, printReplicationController. */
export default defineKind<ReplicationController>({
  groups: [''],
  kind: 'ReplicationController',
  columns: [
    namespace,
    name,
    count('DESIRED', (controller: ReplicationController) => controller.spec?.replicas),
    count('CURRENT', (controller: ReplicationController) => controller.status?.replicas),
    count('READY', (controller: ReplicationController) => controller.status?.readyReplicas),
    age,
    ...containerColumnsOf((controller: ReplicationController) => controller.spec?.template?.spec?.containers),
    wide(text('SELECTOR', (controller: ReplicationController) => labelsText(controller.spec?.selector), '<none>')),
  ],
  fields: [
    'spec.replicas',
    'spec.selector',
    'spec.template.spec.containers.name',
    'spec.template.spec.containers.image',
    'status.replicas',
    'status.readyReplicas',
    'status.conditions.type',
    'status.conditions.status',
  ],
  health,
  facts: (controller) => {
    const selector = labelsText(controller.spec?.selector);
    return selector === '' ? undefined : { selector };
  },
  children: ownedBy('pods'),
});
