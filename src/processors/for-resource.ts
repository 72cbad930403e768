import type { TableColumn } from '../decode/decoded.ts';
import type { Resource } from '../protocol/resource.ts';
import { type AnyKind, commonFields } from './define-kind.ts';
import { kinds } from './kinds/index.generated.ts';
import { makeProcessor } from './make-processor.ts';
import type { Processor } from './processor.ts';
import { tableProcessor } from './table.ts';

/**
 * How a resource becomes rows. 'own': from objects, of which `fields` (see project.ts) suffice.
 * 'table': from the server's Table, whose columns are known only when it answers.
 */
export type ResourceProcessor =
  | { readonly kind: 'own'; readonly processor: Processor; readonly fields: readonly string[] }
  | { readonly kind: 'table'; readonly create: (columns: readonly TableColumn[]) => Processor };

const kindOf = (resource: Resource): AnyKind | undefined =>
  kinds.find(
    ({ kind: name, groups, versions }) =>
      name === resource.kind &&
      groups.includes(resource.group) &&
      (versions === undefined || versions.includes(resource.version)),
  );

/** What a kind says of a whole object when it is asked to. */
export const hoverFor = (resource: Resource): AnyKind['hover'] => kindOf(resource)?.hover;

export const processorFor = (resource: Resource, now: () => number = Date.now): ResourceProcessor => {
  const kind = kindOf(resource);
  if (kind === undefined) return { kind: 'table', create: (columns) => tableProcessor(columns, resource, now) };
  return { kind: 'own', processor: makeProcessor(kind), fields: [...commonFields, ...kind.fields] };
};
