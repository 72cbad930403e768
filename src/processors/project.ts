/**
 * Projection: the part of an object that a kind reads. A path names keys from the top, lists are walked through
 * (`status.containerStatuses.restartCount` is that of each). The end of a path is taken whole. A parent that is
 * there stays, even when nothing below it is asked for or present: `waiting: {}` says something.
 */
export type FieldTree = { readonly [key: string]: FieldTree | true };

type Growing = { [key: string]: Growing | true };

export const fieldTree = (fields: readonly string[]): FieldTree => {
  const root: Growing = Object.create(null);
  for (const field of fields) {
    let node: Growing = root;
    const keys = field.split('.');
    for (const [index, key] of keys.entries()) {
      const next = node[key];
      if (next === true) break;
      if (index === keys.length - 1) node[key] = true;
      else {
        const child: Growing = next ?? Object.create(null);
        node[key] = child;
        node = child;
      }
    }
  }
  return root;
};

const projectTree = (value: unknown, tree: FieldTree): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element) => projectTree(element, tree));
  const projected: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    const wanted = Object.hasOwn(tree, key) ? tree[key] : undefined;
    if (wanted !== undefined) projected[key] = wanted === true ? child : projectTree(child, wanted);
  }
  return projected;
};

/** The part of `object` that `fields` name. */
export const project = (object: unknown, fields: readonly string[]): unknown => projectTree(object, fieldTree(fields));
