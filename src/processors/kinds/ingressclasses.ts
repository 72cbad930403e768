import { age, nameOrDefault, text } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { KubeObject, Loose } from '../objects.ts';

type IngressClass = KubeObject &
  Loose<{ spec: { controller: string; parameters: { apiGroup: string; kind: string; name: string } } }>;

const parameters = ({ spec }: IngressClass): string => {
  const reference = spec?.parameters;
  if (reference == null) return '<none>';
  const group = reference.apiGroup == null ? '' : `.${reference.apiGroup}`;
  return `${reference.kind ?? ''}${group}/${reference.name ?? ''}`;
};

/** printers.go, printIngressClass. */
export default defineKind<IngressClass>({
  groups: ['networking.k8s.io'],
  kind: 'IngressClass',
  columns: [
    nameOrDefault('ingressclass.kubernetes.io/is-default-class'),
    text('CONTROLLER', (of: IngressClass) => of.spec?.controller),
    text('PARAMETERS', parameters),
    age,
  ],
  fields: [
    'metadata.annotations',
    'spec.controller',
    'spec.parameters.apiGroup',
    'spec.parameters.kind',
    'spec.parameters.name',
  ],
  children: (row) => ({
    table: { resource: 'ingresses.networking.k8s.io', namespaces: [], filter: `CLASS=${row.name}` },
  }),
});
