import type { Health } from '../../protocol/row.ts';
import { named, namesFact } from '../children.ts';
import { age, extra, name, namespace, ratio, text, uniqueText, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { KubeObject, Loose } from '../objects.ts';

type Endpoint = {
  addresses: string[];
  conditions: { ready: boolean };
  targetRef: { kind: string; name: string };
};

type EndpointSlice = KubeObject &
  Loose<{ addressType: string; ports: { name: string; port: number }[]; endpoints: Endpoint[] }>;

const none: readonly never[] = [];
const most = 3;

/** listWithMoreString. */
const firstOf = (all: readonly string[]): string => {
  const shown = all.slice(0, most).join(',');
  return all.length > most ? `${shown} + ${all.length - most} more...` : shown || '<unset>';
};

/** formatDiscoveryPorts: a port without a number is every port. */
const portsText = ({ ports }: EndpointSlice): string =>
  firstOf((ports ?? none).map(({ name: called, port }) => (port == null ? (called ?? '*') : String(port))));

const endpointsOf = ({ endpoints }: EndpointSlice): readonly Loose<Endpoint>[] => endpoints ?? none;

/** Those that do not say are ready: discovery/v1, EndpointConditions. */
const readyOf = (slice: EndpointSlice): number =>
  endpointsOf(slice).filter(({ conditions }) => conditions?.ready !== false).length;

const health = (slice: EndpointSlice): Health => {
  const total = endpointsOf(slice).length;
  if (total === 0) return 'unknown';
  return readyOf(slice) === 0 ? 'warning' : 'ok';
};

/** printers.go, printEndpointSlice. */
export default defineKind<EndpointSlice>({
  groups: ['discovery.k8s.io'],
  kind: 'EndpointSlice',
  columns: [
    namespace,
    name,
    text('ADDRESSTYPE', (slice: EndpointSlice) => slice.addressType),
    text('PORTS', portsText),
    uniqueText('ENDPOINTS', (slice: EndpointSlice) =>
      firstOf(endpointsOf(slice).flatMap(({ addresses }) => addresses ?? none)),
    ),
    age,
    extra(wide(ratio('READY', (slice: EndpointSlice) => [readyOf(slice), endpointsOf(slice).length]))),
  ],
  fields: [
    'addressType',
    'ports.name',
    'ports.port',
    'endpoints.addresses',
    'endpoints.conditions.ready',
    'endpoints.targetRef.kind',
    'endpoints.targetRef.name',
  ],
  health,
  facts: (slice) => {
    const pods = namesFact(
      endpointsOf(slice).map(({ targetRef }) => (targetRef?.kind === 'Pod' ? targetRef.name : undefined)),
    );
    return pods === undefined ? undefined : { pods };
  },
  children: (row) => named('pods', row.namespace, row.facts?.pods),
});
