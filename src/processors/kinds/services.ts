import type { Health } from '../../protocol/row.ts';
import { address, age, name, namespace, text, uniqueText, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { labelsText } from '../label-selector.ts';
import type { KubeObject } from '../objects.ts';
import { podsBySelector } from '../workload.ts';

type Port = { readonly port?: number; readonly nodePort?: number | null; readonly protocol?: string | null };

type Ingress = { readonly ip?: string | null; readonly hostname?: string | null };

type Service = KubeObject & {
  readonly spec?: {
    readonly type?: string | null;
    readonly clusterIP?: string | null;
    readonly clusterIPs?: readonly string[] | null;
    readonly externalIPs?: readonly string[] | null;
    readonly externalName?: string | null;
    readonly ports?: readonly Port[] | null;
    readonly selector?: Readonly<Record<string, string>> | null;
  } | null;
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly Ingress[] | null } | null } | null;
};

const none: readonly never[] = [];

/** loadBalancerStatusStringer; the API always prints it whole, never clipped to 16 characters. */
const balancerAddresses = (service: Service): readonly string[] => {
  const addresses = new Set<string>();
  for (const ingress of service.status?.loadBalancer?.ingress ?? none) {
    const found = ingress.ip || ingress.hostname;
    if (found) addresses.add(found);
  }
  return [...addresses].sort();
};

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
    'status.loadBalancer.ingress.ip',
    'status.loadBalancer.ingress.hostname',
  ],
  health,
  facts: (service) => {
    const selector = labelsText(service.spec?.selector);
    return selector === '' ? undefined : { selector };
  },
  children: podsBySelector,
});
