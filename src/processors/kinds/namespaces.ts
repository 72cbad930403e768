import type { Health } from '../../protocol/row.ts';
import { age, name, status } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { KubeObject } from '../objects.ts';
import { healthStyle } from '../row-parts.ts';

type Namespace = KubeObject & { readonly status?: { readonly phase?: string | null } | null };

const phaseHealth = (phase: string): Health => {
  if (phase === 'Active') return 'ok';
  return phase === 'Terminating' ? 'pending' : 'unknown';
};

/** printers.go, printNamespace. */
export default defineKind<Namespace>({
  groups: [''],
  kind: 'Namespace',
  columns: [
    name,
    status(
      'STATUS',
      (namespace: Namespace) => namespace.status?.phase,
      (word) => healthStyle(phaseHealth(word)),
    ),
    age,
  ],
  fields: ['status.phase'],
  health: (namespace) => phaseHealth(namespace.status?.phase ?? ''),
  children: (row) => ({ table: { resource: 'workloads', namespaces: [row.name] } }),
});
