/** Writes the plan of one message as TypeScript, trimmed to some paths. */
import type { Field, FieldType } from '../../decode/proto/plan.ts';
import type { Schema, SchemaField } from './schema.ts';

const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1';

const types: Readonly<Record<string, FieldType>> = {
  string: 'string',
  int32: 'int',
  int64: 'int',
  bool: 'bool',
  double: 'double',
  bytes: 'bytes',
  [`${meta}.Time`]: 'time',
  [`${meta}.MicroTime`]: 'microTime',
  'k8s.io.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'k8s.io.apimachinery.pkg.util.intstr.IntOrString': 'intOrString',
};

/** Children by key; `true` takes what is there whole. */
type Tree = Map<string, Tree | true>;

const treeOf = (paths: readonly string[]): Tree => {
  const root: Tree = new Map();
  for (const path of paths) {
    let node = root;
    const keys = path.split('.');
    for (const [index, key] of keys.entries()) {
      const next = node.get(key);
      if (next === true) break;
      if (index === keys.length - 1) node.set(key, true);
      else {
        const child: Tree = next ?? new Map();
        node.set(key, child);
        node = child;
      }
    }
  }
  return root;
};

const indent = (depth: number): string => '  '.repeat(depth);

const attributes = (field: SchemaField, type: FieldType): string => {
  const wanted: Partial<Field> = {
    name: field.name,
    type,
    ...(field.many === undefined ? {} : { many: field.many }),
    ...(field.nil ? { nil: true } : {}),
    ...(field.omit && type !== 'message' ? { omit: true } : {}),
    ...(field.name === '' ? { inline: true } : {}),
  };
  return Object.entries(wanted)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? `'${value}'` : value}`)
    .join(', ');
};

type Writer = {
  readonly schema: Schema;
  /** Paths that were found; the rest does not exist in this message. */
  readonly found: Set<string>;
};

/** A message's plan, or undefined when nothing of it is asked for. */
const messageSource = (
  writer: Writer,
  name: string,
  tree: Tree | true,
  path: readonly string[],
  depth: number,
): string | undefined => {
  const lines = writer.schema.fieldsOf(name).flatMap((field) => {
    const line = fieldSource(writer, field, tree, path, depth + 1);
    return line === undefined ? [] : [`${indent(depth + 1)}${field.number}: ${line},`];
  });
  return lines.length === 0 ? undefined : ['message({', ...lines, `${indent(depth)}})`].join('\n');
};

const fieldSource = (
  writer: Writer,
  field: SchemaField,
  tree: Tree | true,
  path: readonly string[],
  depth: number,
): string | undefined => {
  const inline = field.name === '';
  const wanted = inline || tree === true ? tree : tree.get(field.name);
  if (wanted === undefined) return undefined;
  const own = inline ? path : [...path, field.name];
  const type = types[field.type];
  if (!inline) writer.found.add(own.join('.'));
  if (type !== undefined) return `{ ${attributes(field, type)} }`;
  const plan = messageSource(writer, field.type, wanted, own, depth);
  if (plan === undefined && inline) return undefined;
  return `{ ${attributes(field, 'message')}, plan: ${plan ?? 'message({})'} }`;
};

/** The source of a plan for `root` with the fields under `paths`, and the paths that the message does not have. */
export const planSource = (
  schema: Schema,
  root: string,
  paths: readonly string[],
): { readonly source: string; readonly unknown: ReadonlySet<string> } => {
  const writer: Writer = { schema, found: new Set() };
  const source = messageSource(writer, root, treeOf(paths), [], 0) ?? 'message({})';
  return { source, unknown: new Set(paths.filter((path) => !writer.found.has(path))) };
};
