import { age, extra, name, namespace, text, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { selectorLabel } from '../label-selector.ts';
import type { KubeObject, LabelSelector, Maybe } from '../objects.ts';
import { podsSelected, selectedFacts } from '../workload.ts';

type NetworkPolicy = KubeObject & {
  readonly spec?: Maybe<{
    readonly podSelector?: Maybe<LabelSelector>;
    readonly policyTypes?: Maybe<readonly string[]>;
  }>;
};

/** printers.go, printNetworkPolicy. */
export default defineKind<NetworkPolicy>({
  groups: ['networking.k8s.io'],
  kind: 'NetworkPolicy',
  columns: [
    namespace,
    name,
    text('POD-SELECTOR', (policy: NetworkPolicy) => selectorLabel(policy.spec?.podSelector)),
    age,
    extra(wide(text('POLICY TYPES', (policy: NetworkPolicy) => policy.spec?.policyTypes?.join(','), '<none>'))),
  ],
  fields: ['spec.podSelector', 'spec.policyTypes'],
  // A policy without a selector is for every pod of its namespace.
  facts: (policy) => selectedFacts(policy.spec?.podSelector ?? {}),
  children: podsSelected,
});
