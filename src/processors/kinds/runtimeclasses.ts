import { age, name, text } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { KubeObject, Loose } from '../objects.ts';

type RuntimeClass = KubeObject & Loose<{ handler: string }>;

/** printers.go, printRuntimeClass. */
export default defineKind<RuntimeClass>({
  groups: ['node.k8s.io'],
  kind: 'RuntimeClass',
  columns: [name, text('HANDLER', (of: RuntimeClass) => of.handler), age],
  fields: ['handler'],
});
