import type { Resource, Target } from '../protocol/resource.ts';
import type { Row } from '../protocol/row.ts';

/** The object a row is of: one of the table's resource, unless the row says another. */
export const targetOf = (
  row: Row,
  { context, resource: own }: { readonly context: string; readonly resource: Resource },
): Target => {
  const { resource, namespace, name, uid, container } = row.of ?? { ...row, resource: own, container: undefined };
  return {
    context,
    resource,
    namespace,
    name,
    ...(uid === '' ? {} : { uid }),
    ...(container === undefined ? {} : { container }),
  };
};
