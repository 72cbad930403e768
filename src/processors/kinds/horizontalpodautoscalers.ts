import type { Health } from '../../protocol/row.ts';
import { numberCell } from '../cells.ts';
import { named } from '../children.ts';
import { age, type Column, count, name, namespace, text, uniqueText } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { type Metric, metricFields, metricsText } from '../hpa-metrics.ts';
import type { Condition, KubeObject, Loose } from '../objects.ts';
import { conditionOf } from '../workload.ts';

type Autoscaler = KubeObject & {
  readonly spec?:
    | (Loose<{
        scaleTargetRef: { apiVersion: string; kind: string; name: string };
        minReplicas: number;
        maxReplicas: number;
      }> & { readonly metrics?: readonly Metric[] | null })
    | null;
  readonly status?:
    | (Loose<{ currentReplicas: number; conditions: Condition[] }> & {
        readonly currentMetrics?: readonly Metric[] | null;
      })
    | null;
};

const reference = ({ spec }: Autoscaler): string =>
  `${spec?.scaleTargetRef?.kind ?? ''}/${spec?.scaleTargetRef?.name ?? ''}`;

const unset = { text: '<unset>', value: undefined };

const minPods: Column<Autoscaler> = {
  title: 'MINPODS',
  align: 'right',
  cell: ({ spec }) => (spec?.minReplicas == null ? unset : numberCell(spec.minReplicas)),
};

/**
 * The controller's own conditions. Held at the minimum is where an idle workload rests; held at the maximum, or by
 * the rate allowed, is a workload that gets less than it asks for.
 */
const health = (scaler: Autoscaler): Health => {
  const active = conditionOf(scaler, 'ScalingActive');
  const limited = conditionOf(scaler, 'ScalingLimited');
  if (conditionOf(scaler, 'AbleToScale')?.status === 'False') return 'error';
  if (active?.status === 'False') return active.reason === 'ScalingDisabled' ? 'done' : 'error';
  if (limited?.status === 'True' && limited.reason !== 'TooFewReplicas') return 'warning';
  return active === undefined ? 'pending' : 'ok';
};

/** `Deployment` of `apps/v1` → `deployment.apps`, as discovery finds it. */
const targetResource = (apiVersion: string, kind: string): string => {
  const group = apiVersion.includes('/') ? `.${apiVersion.slice(0, apiVersion.indexOf('/'))}` : '';
  return `${kind.toLowerCase()}${group}`;
};

/** printers.go, printHorizontalPodAutoscaler. autoscaling/v1 has most of it in annotations: the server's Table reads them. */
export default defineKind<Autoscaler>({
  groups: ['autoscaling'],
  kind: 'HorizontalPodAutoscaler',
  versions: ['v2', 'v2beta2'],
  columns: [
    namespace,
    name,
    text('REFERENCE', reference),
    uniqueText('TARGETS', ({ spec, status }: Autoscaler) =>
      metricsText(spec?.metrics ?? [], status?.currentMetrics ?? []),
    ),
    minPods,
    count('MAXPODS', (scaler: Autoscaler) => scaler.spec?.maxReplicas),
    count('REPLICAS', (scaler: Autoscaler) => scaler.status?.currentReplicas),
    age,
  ],
  fields: [
    'spec.scaleTargetRef.apiVersion',
    'spec.scaleTargetRef.kind',
    'spec.scaleTargetRef.name',
    'spec.minReplicas',
    'spec.maxReplicas',
    ...metricFields,
    'status.currentReplicas',
    'status.conditions.type',
    'status.conditions.status',
    'status.conditions.reason',
  ],
  health,
  facts: ({ spec }) => {
    const { apiVersion, kind, name: of } = spec?.scaleTargetRef ?? {};
    return kind && of ? { resource: targetResource(apiVersion ?? '', kind), target: of } : undefined;
  },
  children: ({ namespace: space, facts }) => named(facts?.resource ?? '', space, facts?.target),
});
