import { age, name, namespace } from '../columns.ts';
import { defineKind } from '../define-kind.ts';

/** printers.go, printServiceAccount. */
export default defineKind({
  groups: [''],
  kind: 'ServiceAccount',
  columns: [namespace, name, age],
  fields: [],
  children: (row) => ({
    table: {
      resource: 'pods',
      namespaces: [row.namespace],
      fieldSelector: `spec.serviceAccountName=${row.name}`,
    },
  }),
});
