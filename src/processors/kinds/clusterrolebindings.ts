import { type Binding, bindingColumns, bindingFields, boundRole, roleFacts } from '../bindings.ts';
import { name } from '../columns.ts';
import { defineKind } from '../define-kind.ts';

/** printers.go, printClusterRoleBinding. */
export default defineKind<Binding>({
  groups: ['rbac.authorization.k8s.io'],
  kind: 'ClusterRoleBinding',
  columns: [name, ...bindingColumns],
  fields: bindingFields,
  facts: roleFacts,
  children: boundRole,
});
