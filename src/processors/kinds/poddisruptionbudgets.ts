import type { Health } from '../../protocol/row.ts';
import { age, type Column, count, extra, name, namespace, ratio, text, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { Condition, KubeObject, LabelSelector, Loose } from '../objects.ts';
import { conditionOf, podsSelected, selectedFacts } from '../workload.ts';

/** A count or a percentage. */
type Amount = number | string;

type Budget = KubeObject & {
  readonly spec?:
    | (Loose<{ minAvailable: Amount; maxUnavailable: Amount }> & { readonly selector?: LabelSelector | null })
    | null;
  readonly status?: Loose<{
    observedGeneration: number;
    disruptionsAllowed: number;
    currentHealthy: number;
    desiredHealthy: number;
    conditions: Condition[];
  }> | null;
};

const amount = (title: string, read: (budget: Budget) => Amount | null | undefined): Column<Budget> =>
  text(title, (budget: Budget) => String(read(budget) ?? 'N/A'));

/** That no disruption is allowed is what a budget is for; too few healthy pods is what it cannot prevent. */
const health = (budget: Budget): Health => {
  const { metadata, status } = budget;
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return 'pending';
  if (conditionOf(budget, 'DisruptionAllowed')?.reason === 'SyncFailed') return 'warning';
  return (status?.currentHealthy ?? 0) < (status?.desiredHealthy ?? 0) ? 'warning' : 'ok';
};

/** printers.go, printPodDisruptionBudget. */
export default defineKind<Budget>({
  groups: ['policy'],
  kind: 'PodDisruptionBudget',
  columns: [
    namespace,
    name,
    amount('MIN AVAILABLE', (budget) => budget.spec?.minAvailable),
    amount('MAX UNAVAILABLE', (budget) => budget.spec?.maxUnavailable),
    count('ALLOWED DISRUPTIONS', (budget: Budget) => budget.status?.disruptionsAllowed),
    age,
    extra(wide(ratio('HEALTHY', ({ status }: Budget) => [status?.currentHealthy, status?.desiredHealthy]))),
  ],
  fields: [
    'metadata.generation',
    'spec.minAvailable',
    'spec.maxUnavailable',
    'spec.selector',
    'status.observedGeneration',
    'status.disruptionsAllowed',
    'status.currentHealthy',
    'status.desiredHealthy',
    'status.conditions.type',
    'status.conditions.status',
    'status.conditions.reason',
  ],
  health,
  facts: (budget) => selectedFacts(budget.spec?.selector),
  children: podsSelected,
});
