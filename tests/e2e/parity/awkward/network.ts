import { type Family, specs } from './awkward.ts';

const addresses = (...ips: readonly string[]) => ips.map((ip) => ({ ip }));

const four = addresses('192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4');

const endpoints: Family = {
  resource: 'endpoints',
  objects: () =>
    Object.entries<readonly object[]>({
      none: [],
      one: [{ addresses: addresses('192.0.2.1'), ports: [{ port: 80 }] }],
      'two-ports': [
        {
          addresses: addresses('192.0.2.1', '192.0.2.2'),
          ports: [
            { name: 'a', port: 80 },
            { name: 'b', port: 443 },
          ],
        },
      ],
      'without-ports': [{ addresses: four }],
      'exactly-three': [{ addresses: four.slice(1), ports: [{ port: 80 }] }],
      six: [{ addresses: addresses('2001:db8::1', '2001:db8::2'), ports: [{ port: 1 }] }],
      'not-ready': [{ notReadyAddresses: four, ports: [{ port: 80 }] }],
      'two-subsets': [
        { addresses: four.slice(0, 2), ports: [{ port: 80 }] },
        { addresses: four.slice(2), notReadyAddresses: addresses('192.0.2.9') },
      ],
    }).map(([name, subsets]) => ({ name, body: { subsets } })),
};

const endpoint = (...ips: readonly string[]) => ({ addresses: ips });

const endpointSlices: Family = {
  resource: 'endpointslices.discovery.k8s.io',
  objects: () =>
    Object.entries<object>({
      empty: { addressType: 'IPv4', endpoints: [], ports: [] },
      'without-ports': { addressType: 'IPv4', endpoints: [endpoint('192.0.2.1')] },
      ports: {
        addressType: 'IPv4',
        endpoints: [endpoint('192.0.2.1'), endpoint('192.0.2.2')],
        ports: [{ name: 'a', port: 80 }, { name: 'b' }, { name: '', port: 443 }],
      },
      'many-ports': {
        addressType: 'IPv4',
        endpoints: [],
        ports: [1, 2, 3, 4, 5].map((port) => ({ name: `p${port}`, port })),
      },
      'many-endpoints': {
        addressType: 'IPv6',
        endpoints: [1, 2, 3, 4].map((last) => endpoint(`2001:db8::${last}`)),
        ports: [{ name: '' }],
      },
      names: { addressType: 'FQDN', endpoints: [endpoint('a.example.com')], ports: [{ port: 80, protocol: 'UDP' }] },
      'not-ready': {
        addressType: 'IPv4',
        endpoints: [
          {
            ...endpoint('192.0.2.1'),
            conditions: { ready: false },
            targetRef: { kind: 'Pod', name: 'web-1', namespace: 'default' },
          },
        ],
        ports: [{ port: 80 }],
      },
    }).map(([name, body]) => ({ name, body: { ...body } })),
};

const backend = (name: string) => ({ service: { name, port: { number: 80 } } });

const rule = (host: string | undefined, name = 'web') => ({
  ...(host === undefined ? {} : { host }),
  http: { paths: [{ path: '/', pathType: 'Prefix', backend: backend(name) }] },
});

const balanced = (...ingress: readonly object[]) => ({ loadBalancer: { ingress } });

const hosts = ['a.example.com', 'b.example.com', 'c.example.com', 'd.example.com', 'e.example.com'];

const ingresses: Family = {
  resource: 'ingresses.networking.k8s.io',
  objects: () =>
    specs({
      default: { spec: { defaultBackend: backend('web') } },
      'no-host': { spec: { ingressClassName: 'parity-none', rules: [rule(undefined)] } },
      'three-hosts': { spec: { rules: hosts.slice(0, 3).map((host) => rule(host)) } },
      'many-hosts': {
        spec: { rules: hosts.map((host, index) => rule(host, `web-${index}`)), tls: [{ hosts: ['a.example.com'] }] },
        status: balanced({ ip: '198.51.100.9' }, { hostname: 'lb.example.com' }, { ip: '198.51.100.10' }),
      },
      'hosts-after-none': { spec: { rules: [...hosts.slice(0, 3).map((host) => rule(host)), rule(undefined, 'x')] } },
      'tls-without-hosts': {
        spec: { rules: [rule('*.example.com')], tls: [{}] },
        status: balanced({ hostname: 'a-very-long-name-of-a-balancer.elb.example.com' }),
      },
    }),
};

const parameters = (more: object) => ({
  controller: 'test.example.com/parity',
  parameters: { kind: 'Config', ...more },
});

const ingressClasses: Family = {
  resource: 'ingressclasses.networking.k8s.io',
  objects: () =>
    specs({
      plain: { spec: { controller: 'test.example.com/parity' } },
      default: {
        spec: { controller: 'test.example.com/parity' },
        metadata: { annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
      },
      'with-parameters': { spec: parameters({ apiGroup: 'test.example.com', name: 'c', scope: 'Cluster' }) },
      'core-parameters': { spec: parameters({ name: 'c', scope: 'Cluster' }) },
    }),
};

const networkPolicies: Family = {
  resource: 'networkpolicies.networking.k8s.io',
  objects: () =>
    specs({
      'every-pod': { spec: { podSelector: {} } },
      some: {
        spec: {
          podSelector: {
            matchLabels: { tier: 'web' },
            matchExpressions: [{ key: 'app', operator: 'In', values: ['y', 'x'] }],
          },
          policyTypes: ['Ingress', 'Egress'],
        },
      },
    }),
};

export const networkFamilies: readonly Family[] = [
  endpoints,
  endpointSlices,
  ingresses,
  ingressClasses,
  networkPolicies,
];
