import { named } from '../children.ts';
import { age, count, extra, name, text, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { KubeObject, Loose } from '../objects.ts';

type CsiNode = KubeObject & Loose<{ spec: { drivers: { name: string }[] } }>;

/** printers.go, printCSINode. */
export default defineKind<CsiNode>({
  groups: ['storage.k8s.io'],
  kind: 'CSINode',
  columns: [
    name,
    count('DRIVERS', (node: CsiNode) => node.spec?.drivers?.length),
    age,
    extra(wide(text('DRIVER NAMES', (node: CsiNode) => node.spec?.drivers?.map(({ name: of }) => of).join(',')))),
  ],
  fields: ['spec.drivers.name'],
  // It is called as its node is.
  children: (row) => named('nodes', '', row.name),
});
