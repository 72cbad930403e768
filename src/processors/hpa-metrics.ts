import type { Loose, Maybe } from './objects.ts';

type Amount = { value: string; averageValue: string; averageUtilization: number };
type Source = { name: string; target: Amount; current: Amount };
type Sources = { resource: Source; containerResource: Source; pods: Source; object: Source; external: Source };

/** One entry of `spec.metrics` (with targets) or of `status.currentMetrics` (with current amounts). */
export type Metric = Loose<{ type: string } & Sources>;

export const metricFields: readonly string[] = [
  ['spec.metrics', 'target'] as const,
  ['status.currentMetrics', 'current'] as const,
].flatMap(([list, amount]) => [
  `${list}.type`,
  ...['resource', 'containerResource'].flatMap((source) => [
    `${list}.${source}.name`,
    `${list}.${source}.${amount}.averageValue`,
    `${list}.${source}.${amount}.averageUtilization`,
  ]),
  `${list}.pods.${amount}.averageValue`,
  ...['object', 'external'].flatMap((source) => [
    `${list}.${source}.${amount}.value`,
    `${list}.${source}.${amount}.averageValue`,
  ]),
]);

const unknown = '<unknown>';
const most = 2;

/** How Go writes a quantity that is not there. */
const written = (quantity: Maybe<string>): string => quantity ?? '<nil>';

/** Of an object or from outside: the whole amount or, where an average is the target, that one. */
const amountText = (wanted: Maybe<Loose<Source>>, now: Maybe<Loose<Source>>): string => {
  const average = wanted?.target?.averageValue;
  if (average != null) return `${now?.current?.averageValue ?? unknown}/${average} (avg)`;
  return `${now == null ? unknown : written(now.current?.value)}/${written(wanted?.target?.value)}`;
};

const podsText = (wanted: Maybe<Loose<Source>>, now: Maybe<Loose<Source>>): string =>
  `${now == null ? unknown : written(now.current?.averageValue)}/${written(wanted?.target?.averageValue)}`;

const percent = (utilization: Maybe<number>, absent: string): string =>
  utilization == null ? absent : `${utilization}%`;

const resourceText = (wanted: Maybe<Loose<Source>>, now: Maybe<Loose<Source>>): string => {
  const name = wanted?.name ?? '';
  const average = wanted?.target?.averageValue;
  if (average != null) return `${name}: ${now == null ? unknown : written(now.current?.averageValue)}/${average}`;
  const current = percent(now?.current?.averageUtilization, unknown);
  return `${name}: ${current}/${percent(wanted?.target?.averageUtilization, '<auto>')}`;
};

const metricText = (spec: Metric, status: Metric | undefined): string => {
  switch (spec.type) {
    case 'External':
      return amountText(spec.external, status?.external);
    case 'Object':
      return amountText(spec.object, status?.object);
    case 'Pods':
      return podsText(spec.pods, status?.pods);
    case 'Resource':
      return resourceText(spec.resource, status?.resource);
    case 'ContainerResource':
      return resourceText(spec.containerResource, status?.containerResource);
    default:
      return '<unknown type>';
  }
};

/** printers.go, formatHPAMetrics: a metric's current amount stands at its place among the targets. */
export const metricsText = (specs: readonly Metric[], statuses: readonly Metric[]): string => {
  if (specs.length === 0) return '<none>';
  const shown = specs.slice(0, most).map((spec, index) => metricText(spec, statuses[index]));
  return specs.length > most ? `${shown.join(', ')} + ${specs.length - most} more...` : shown.join(', ');
};
