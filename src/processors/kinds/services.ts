import type { Health } from '../../protocol/row.ts';
import { type Balanced, balancerAddresses, balancerFields } from '../balancer.ts';
import { address, age, name, namespace, text, uniqueText, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { labelsText } from '../label-selector.ts';
import type { KubeObject } from '../objects.ts';
import { podsBySelector } from '../workload.ts';

type Port = { readonly port?: number; readonly nodePort?: number | null; readonly protocol?: string | null };

type Service = KubeObject &
  Balanced & {
    readonly spec?: {
      readonly type?: string | null;
      readonly clusterIP?: string | null;
      readonly clusterIPs?: readonly string[] | null;
      readonly externalIPs?: readonly string[] | null;
      readonly externalName?: string | null;
      readonly ports?: readonly Port[] | null;
      readonly selector?: Readonly<Record<string, string>> | null;
    } | null;
  };

const none: readonly never[] = [];

/** getServiceExternalIP. */
const externalIp = (service: Service): string => {
  const external = service.spec?.externalIPs ?? none;
  switch (service.spec?.type) {
    case 'ClusterIP':
    case 'NodePort':
      return external.join(',') || '<none>';
    case 'LoadBalancer':
      return [...balancerAddresses(service), ...external].join(',') || '<pending>';
    case 'ExternalName':
      return service.spec.externalName ?? '';
    default:
      return '<unknown>';
  }
};

const portText = ({ port, nodePort, protocol }: Port): string =>
  nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`;

/** Servers before 1.20 have no list of cluster addresses. */
const clusterIp = (service: Service): string | undefined | null =>
  service.spec?.clusterIPs?.[0] ?? service.spec?.clusterIP;

const health = (service: Service): Health =>
  service.spec?.type === 'LoadBalancer' && externalIp(service) === '<pending>' ? 'pending' : 'ok';

/** printers.go, printService. */
export default defineKind<Service>({
  groups: [''],
  kind: 'Service',
  columns: [
    namespace,
    name,
    text('TYPE', (service: Service) => service.spec?.type),
    address('CLUSTER-IP', clusterIp),
    uniqueText('EXTERNAL-IP', externalIp),
    text('PORT(S)', (service: Service) => (service.spec?.ports ?? none).map(portText).join(','), '<none>'),
    age,
    wide(text('SELECTOR', (service: Service) => labelsText(service.spec?.selector), '<none>')),
  ],
  fields: [
    'spec.type',
    'spec.clusterIP',
    'spec.clusterIPs',
    'spec.externalIPs',
    'spec.externalName',
    'spec.ports.port',
    'spec.ports.nodePort',
    'spec.ports.protocol',
    'spec.selector',
    ...balancerFields,
  ],
  health,
  facts: (service) => {
    const selector = labelsText(service.spec?.selector);
    return selector === '' ? undefined : { selector };
  },
  // Without a selector somebody else says where it leads.
  children: (row) =>
    row.facts?.selector === undefined
      ? {
          table: {
            resource: 'endpointslices.discovery.k8s.io',
            namespaces: [row.namespace],
            selector: `kubernetes.io/service-name=${row.name}`,
          },
        }
      : podsBySelector(row),
});
