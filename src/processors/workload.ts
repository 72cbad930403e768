import type { Row } from '../protocol/row.ts';
import { type Column, text, wide } from './columns.ts';
import { selectorText } from './label-selector.ts';
import type { Condition, Container, KubeObject, LabelSelector, Loose, Maybe } from './objects.ts';
import type { ChildQuery } from './processor.ts';

/** What kinds that make pods from a template have in common. */
export type Workload = KubeObject & {
  readonly spec?: {
    readonly replicas?: number | null;
    readonly selector?: LabelSelector | null;
    readonly template?: { readonly spec?: { readonly containers?: readonly Container[] | null } | null } | null;
  } | null;
  readonly status?: { readonly conditions?: readonly Condition[] | null } | null;
};

export const workloadFields: readonly string[] = [
  'spec.replicas',
  'spec.selector',
  'spec.template.spec.containers.name',
  'spec.template.spec.containers.image',
  'status.conditions.type',
  'status.conditions.status',
  'status.conditions.reason',
];

const joined = (
  containers: Maybe<readonly Container[]>,
  read: (container: Container) => string | null | undefined,
): string => {
  const first = containers?.[0];
  if (first === undefined) return '';
  let texts = read(first) ?? '';
  for (let index = 1; index < (containers?.length ?? 0); index++) texts += `,${read(containers?.[index] ?? {}) ?? ''}`;
  return texts;
};

/** Of the containers that `read` finds, as layoutContainerCells writes them. */
export const imagesOf = <T>(read: (object: T) => Maybe<readonly Container[]>): Column<T> =>
  wide(text('IMAGES', (object: T) => joined(read(object), (container) => container.image)));

/** printers.go, layoutContainerCells, of the containers that `read` finds. */
export const containerColumnsOf = <T>(read: (object: T) => Maybe<readonly Container[]>): readonly Column<T>[] => [
  wide(text('CONTAINERS', (object: T) => joined(read(object), (container) => container.name))),
  imagesOf(read),
];

export const containerColumns = containerColumnsOf((workload: Workload) => workload.spec?.template?.spec?.containers);

/** The selector as a query, so that drill-down finds the pods; nothing for one that selects nothing or is invalid. */
export const selectorFacts = (workload: Workload): Readonly<Record<string, string>> | undefined => {
  const selector = selectorText(workload.spec?.selector);
  return selector ? { selector } : undefined;
};

/** Pods of the row's namespace that the selector among its facts finds. */
export const podsBySelector = (row: Row): ChildQuery => {
  const selector = row.facts?.selector;
  if (selector === undefined) return { describe: true };
  return { table: { resource: 'pods', namespaces: [row.namespace], selector } };
};

/** The pods a policy is for: an empty selector takes all of the namespace, none at all or an invalid one takes none. */
export const selectedFacts = (
  selector: LabelSelector | null | undefined,
): Readonly<Record<string, string>> | undefined => {
  const selects = selector == null ? undefined : selectorText(selector);
  return selects === undefined ? undefined : { selector: selects };
};

export const podsSelected = (row: Row): ChildQuery =>
  row.facts?.selector === '' ? { table: { resource: 'pods', namespaces: [row.namespace] } } : podsBySelector(row);

/** The first condition of the type. */
export const conditionOf = (
  object: Loose<{ status: { conditions: Condition[] } }>,
  type: string,
): Loose<Condition> | undefined => object.status?.conditions?.find((condition) => condition.type === type);
