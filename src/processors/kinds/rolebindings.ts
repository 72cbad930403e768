import { type Binding, bindingColumns, bindingFields, boundRole, roleFacts } from '../bindings.ts';
import { name, namespace } from '../columns.ts';
import { defineKind } from '../define-kind.ts';

/** printers.go, printRoleBinding. */
export default defineKind<Binding>({
  groups: ['rbac.authorization.k8s.io'],
  kind: 'RoleBinding',
  columns: [namespace, name, ...bindingColumns],
  fields: bindingFields,
  facts: roleFacts,
  children: boundRole,
});
