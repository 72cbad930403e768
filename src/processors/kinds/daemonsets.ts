import type { Health } from '../../protocol/row.ts';
import { ownedBy } from '../children.ts';
import { age, count, name, namespace, text, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { labelsText, selectorLabel } from '../label-selector.ts';
import type { Loose } from '../objects.ts';
import { containerColumns, selectorFacts, type Workload } from '../workload.ts';

type DaemonSet = Workload &
  Loose<{
    spec: { template: { spec: { nodeSelector: Record<string, string> } }; updateStrategy: { type: string } };
    status: {
      observedGeneration: number;
      desiredNumberScheduled: number;
      currentNumberScheduled: number;
      numberReady: number;
      updatedNumberScheduled: number;
      numberAvailable: number;
    };
  }>;

/** The rules of `kubectl rollout status`; with every pod in place and some of them not up it is a loss, not progress. */
const health = ({ metadata, spec, status }: DaemonSet): Health => {
  const wanted = status?.desiredNumberScheduled ?? 0;
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return 'pending';
  if (wanted === 0) return 'done';
  if ((status?.currentNumberScheduled ?? 0) < wanted) return 'pending';
  if (spec?.updateStrategy?.type !== 'OnDelete' && (status?.updatedNumberScheduled ?? 0) < wanted) return 'pending';
  return (status?.numberAvailable ?? 0) < wanted ? 'warning' : 'ok';
};

/** printers.go, printDaemonSet. */
export default defineKind<DaemonSet>({
  groups: ['apps'],
  kind: 'DaemonSet',
  columns: [
    namespace,
    name,
    count('DESIRED', (set: DaemonSet) => set.status?.desiredNumberScheduled),
    count('CURRENT', (set: DaemonSet) => set.status?.currentNumberScheduled),
    count('READY', (set: DaemonSet) => set.status?.numberReady),
    count('UP-TO-DATE', (set: DaemonSet) => set.status?.updatedNumberScheduled),
    count('AVAILABLE', (set: DaemonSet) => set.status?.numberAvailable),
    text('NODE SELECTOR', (set: DaemonSet) => labelsText(set.spec?.template?.spec?.nodeSelector), '<none>'),
    age,
    ...containerColumns,
    wide(text('SELECTOR', (set: DaemonSet) => selectorLabel(set.spec?.selector))),
  ],
  fields: [
    'metadata.generation',
    'spec.selector',
    'spec.template.spec.containers.name',
    'spec.template.spec.containers.image',
    'spec.template.spec.nodeSelector',
    'spec.updateStrategy.type',
    'status.observedGeneration',
    'status.desiredNumberScheduled',
    'status.currentNumberScheduled',
    'status.numberReady',
    'status.updatedNumberScheduled',
    'status.numberAvailable',
  ],
  health,
  facts: selectorFacts,
  children: ownedBy('pods'),
});
