import type { Row } from '../protocol/row.ts';
import { named } from './children.ts';
import { age, type Column, text, wide } from './columns.ts';
import type { KubeObject, Loose } from './objects.ts';
import type { ChildQuery } from './processor.ts';

/** Role bindings and those of the cluster are printed alike. */
export type Binding = KubeObject &
  Loose<{
    roleRef: { kind: string; name: string };
    subjects: { kind: string; namespace: string; name: string }[];
  }>;

export const bindingFields: readonly string[] = [
  'roleRef.kind',
  'roleRef.name',
  'subjects.kind',
  'subjects.namespace',
  'subjects.name',
];

type Subject = NonNullable<Binding['subjects']>[number];

const plainName = (subject: Subject): string => subject.name ?? '';

/** rbac.SubjectsStrings. */
const subjects = (title: string, kind: string, read = plainName): Column<Binding> =>
  wide(
    text(title, (binding: Binding) =>
      (binding.subjects ?? [])
        .filter((subject) => subject.kind === kind)
        .map(read)
        .join(', '),
    ),
  );

/** printers.go, printRoleBinding and printClusterRoleBinding, behind the name. */
export const bindingColumns: readonly Column<Binding>[] = [
  text('ROLE', ({ roleRef }: Binding) => `${roleRef?.kind ?? ''}/${roleRef?.name ?? ''}`),
  age,
  subjects('USERS', 'User'),
  subjects('GROUPS', 'Group'),
  subjects('SERVICEACCOUNTS', 'ServiceAccount', (subject) => `${subject.namespace ?? ''}/${subject.name ?? ''}`),
];

export const roleFacts = ({ roleRef }: Binding): Readonly<Record<string, string>> | undefined =>
  roleRef?.kind && roleRef.name ? { kind: roleRef.kind, role: roleRef.name } : undefined;

/** The role that is bound. */
export const boundRole = ({ namespace, facts }: Row): ChildQuery =>
  facts?.kind === 'Role'
    ? named('roles.rbac.authorization.k8s.io', namespace, facts.role)
    : named('clusterroles.rbac.authorization.k8s.io', '', facts?.role);
