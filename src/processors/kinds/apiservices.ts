import type { Health } from '../../protocol/row.ts';
import { named } from '../children.ts';
import { age, name, status, text } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { Condition, KubeObject, Loose } from '../objects.ts';
import { healthStyle } from '../row-parts.ts';
import { conditionOf } from '../workload.ts';

type ApiService = KubeObject &
  Loose<{ spec: { service: { namespace: string; name: string } }; status: { conditions: Condition[] } }>;

const serviceText = ({ spec }: ApiService): string =>
  spec?.service == null ? 'Local' : `${spec.service.namespace ?? ''}/${spec.service.name ?? ''}`;

const available = (service: ApiService): string => {
  const condition = conditionOf(service, 'Available');
  if (condition === undefined) return 'Unknown';
  const state = condition.status ?? '';
  return state === 'True' || !condition.reason ? state : `${state} (${condition.reason})`;
};

const availableHealth = (text: string): Health => {
  if (text === 'True') return 'ok';
  return text.startsWith('Unknown') ? 'warning' : 'error';
};

/** k8s.io/kube-aggregator/pkg/registry/apiservice/etcd/etcd.go, ConvertToTable. */
export default defineKind<ApiService>({
  groups: ['apiregistration.k8s.io'],
  kind: 'APIService',
  columns: [
    name,
    text('SERVICE', serviceText),
    status('AVAILABLE', available, (word) => healthStyle(availableHealth(word))),
    age,
  ],
  fields: [
    'spec.service.namespace',
    'spec.service.name',
    'status.conditions.type',
    'status.conditions.status',
    'status.conditions.reason',
  ],
  health: (service) => availableHealth(available(service)),
  facts: ({ spec }) => {
    const { namespace, name: of } = spec?.service ?? {};
    return namespace && of ? { namespace, service: of } : undefined;
  },
  children: ({ facts }) => named('services', facts?.namespace ?? '', facts?.service),
});
