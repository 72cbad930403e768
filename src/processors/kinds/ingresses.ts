import type { Health } from '../../protocol/row.ts';
import { type Balanced, balancerAddresses, balancerFields } from '../balancer.ts';
import { named, namesFact } from '../children.ts';
import { age, name, namespace, text, uniqueText } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { KubeObject, Loose } from '../objects.ts';

type Backend = { service: { name: string } };

type Ingress = KubeObject &
  Balanced &
  Loose<{
    spec: {
      ingressClassName: string;
      defaultBackend: Backend;
      rules: { host: string; http: { paths: { backend: Backend }[] } }[];
      tls: { hosts: string[] }[];
    };
  }>;

const none: readonly never[] = [];
const most = 3;

/** formatHosts: what is left out is counted in rules, those without a host included. */
const hosts = ({ spec }: Ingress): string => {
  const rules = spec?.rules ?? none;
  const shown: string[] = [];
  let more = false;
  for (const { host } of rules) {
    if (shown.length === most) more = true;
    else if (host) shown.push(host);
  }
  if (shown.length === 0) return '*';
  return more ? `${shown.join(',')} + ${rules.length - most} more...` : shown.join(',');
};

/** An address is written by the controller that serves the ingress. */
const health = (ingress: Ingress): Health => (balancerAddresses(ingress).length === 0 ? 'pending' : 'ok');

const services = ({ spec }: Ingress): readonly (string | null | undefined)[] => [
  spec?.defaultBackend?.service?.name,
  ...(spec?.rules ?? none).flatMap(({ http }) => (http?.paths ?? none).map(({ backend }) => backend?.service?.name)),
];

/** printers.go, printIngress. */
export default defineKind<Ingress>({
  groups: ['networking.k8s.io'],
  kind: 'Ingress',
  columns: [
    namespace,
    name,
    text('CLASS', (ingress: Ingress) => ingress.spec?.ingressClassName ?? '<none>'),
    uniqueText('HOSTS', hosts),
    uniqueText('ADDRESS', (ingress: Ingress) => balancerAddresses(ingress).join(',')),
    text('PORTS', (ingress: Ingress) => ((ingress.spec?.tls ?? none).length > 0 ? '80, 443' : '80')),
    age,
  ],
  fields: [
    'spec.ingressClassName',
    'spec.defaultBackend.service.name',
    'spec.rules.host',
    'spec.rules.http.paths.backend.service.name',
    'spec.tls.hosts',
    ...balancerFields,
  ],
  health,
  facts: (ingress) => {
    const names = namesFact(services(ingress));
    return names === undefined ? undefined : { services: names };
  },
  children: (row) => named('services', row.namespace, row.facts?.services),
});
