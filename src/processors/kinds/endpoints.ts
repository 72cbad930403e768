import type { Health } from '../../protocol/row.ts';
import { age, name, namespace, uniqueText } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { KubeObject, Loose } from '../objects.ts';

type Endpoints = KubeObject &
  Loose<{ subsets: { addresses: { ip: string }[]; notReadyAddresses: { ip: string }[]; ports: { port: number }[] }[] }>;

const none: readonly never[] = [];
const most = 3;

/** net.JoinHostPort. */
const hostPort = (ip: string, port: number): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);

/** formatEndpoints: each address once a port, the first three of them. */
const endpointsText = ({ subsets }: Endpoints): string => {
  if ((subsets ?? none).length === 0) return '<none>';
  const shown: string[] = [];
  let total = 0;
  for (const { addresses, ports } of subsets ?? none) {
    const found = addresses ?? none;
    // Headless services may have no ports.
    const each = (ports ?? none).length === 0 ? [undefined] : (ports ?? none).map(({ port }) => port ?? 0);
    total += found.length * each.length;
    for (const port of each) {
      for (const { ip } of found.slice(0, most - shown.length)) {
        shown.push(port === undefined ? (ip ?? '') : hostPort(ip ?? '', port));
      }
    }
  }
  return total > most ? `${shown.join(',')} + ${total - most} more...` : shown.join(',');
};

const health = ({ subsets }: Endpoints): Health => {
  const all = subsets ?? none;
  if (all.some(({ addresses }) => (addresses ?? none).length > 0)) return 'ok';
  return all.some(({ notReadyAddresses }) => (notReadyAddresses ?? none).length > 0) ? 'warning' : 'unknown';
};

/** printers.go, printEndpoints. */
export default defineKind<Endpoints>({
  groups: [''],
  kind: 'Endpoints',
  columns: [namespace, name, uniqueText('ENDPOINTS', endpointsText), age],
  fields: ['subsets.addresses.ip', 'subsets.notReadyAddresses.ip', 'subsets.ports.port'],
  health,
  children: (row) => ({
    table: {
      resource: 'endpointslices.discovery.k8s.io',
      namespaces: [row.namespace],
      selector: `kubernetes.io/service-name=${row.name}`,
    },
  }),
});
