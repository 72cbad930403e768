import type { Transport } from '../cluster/transport.ts';
import type { Resource } from '../protocol/resource.ts';
import { asClusterError } from '../util/error.ts';
import { isList, isMap, type Json, type JsonMap } from './json.ts';
import { skeletons } from './skeletons.ts';
import { objectText } from './text.ts';

type Schemas = JsonMap;

/** Schemas that refer to themselves, as those of definitions do, end here. */
const deepest = 8;

const resolved = (schema: Json | undefined, schemas: Schemas): JsonMap => {
  if (!isMap(schema)) return {};
  // What a field adds to a type (its default, a description) stands beside `allOf: [the type]`.
  const [first] = isList(schema.allOf) ? schema.allOf : [];
  const reference = schema.$ref ?? (isMap(first) ? first.$ref : undefined);
  if (typeof reference !== 'string') return schema;
  const target = schemas[reference.split('/').at(-1) ?? ''];
  return isMap(target) ? { ...target, ...schema } : schema;
};

const emptyOf = (schema: JsonMap): Json => {
  if (schema.default !== undefined) return schema.default;
  if (isList(schema.enum) && schema.enum[0] !== undefined) return schema.enum[0];
  if (schema.type === 'integer' || schema.type === 'number') {
    return typeof schema.minimum === 'number' ? schema.minimum : 0;
  }
  if (schema.type === 'boolean') return false;
  if (schema.type === 'object' || schema.properties !== undefined) return {};
  return '';
};

/** The least a schema allows: its required fields, and theirs. */
const required = (schema: JsonMap, schemas: Schemas, depth: number): Json => {
  if (schema.type === 'array') {
    return depth === 0 ? [] : [required(resolved(schema.items, schemas), schemas, depth - 1)];
  }
  const names = isList(schema.required) ? schema.required.filter((name) => typeof name === 'string') : [];
  const properties = isMap(schema.properties) ? schema.properties : {};
  if (depth === 0 || names.length === 0 || schema.type === 'string') return emptyOf(schema);
  return Object.fromEntries(
    names.map((name) => [name, required(resolved(properties[name], schemas), schemas, depth - 1)]),
  );
};

const ofKind = (schema: Json | undefined, { group, version, kind }: Resource): boolean =>
  isMap(schema) &&
  isList(schema['x-kubernetes-group-version-kind']) &&
  schema['x-kubernetes-group-version-kind'].some(
    (each) => isMap(each) && each.group === group && each.version === version && each.kind === kind,
  );

/** What a kind's schema says a new object needs besides its name; just a spec where nothing is known. */
export const requiredFields = (document: JsonMap, resource: Resource): JsonMap => {
  const components = isMap(document.components) ? document.components : {};
  const schemas = isMap(components.schemas) ? components.schemas : {};
  const schema = Object.values(schemas).find((each) => ofKind(each, resource));
  if (!isMap(schema)) return { spec: {} };
  const {
    apiVersion: _a,
    kind: _k,
    metadata: _m,
    status: _s,
    ...properties
  } = isMap(schema.properties) ? schema.properties : {};
  const all = isList(schema.required) ? schema.required : [];
  const needed = Object.keys(properties).filter((name) => name === 'spec' || all.includes(name));
  return Object.fromEntries(
    needed.map((name) => [name, required(resolved(properties[name], schemas), schemas, deepest)]),
  );
};

const schemaPath = ({ group, version }: Resource): string =>
  group === '' ? `/openapi/v3/api/${version}` : `/openapi/v3/apis/${group}/${version}`;

const bodyOf = async (resource: Resource, transport: Transport): Promise<string> => {
  const known = skeletons[`${resource.group}/${resource.kind}`];
  if (known !== undefined) return known === '' ? '' : `${known}\n`;
  try {
    const fields = requiredFields(await transport.json<JsonMap>({ path: schemaPath(resource) }), resource);
    return Object.keys(fields).length === 0 ? '' : objectText(fields);
  } catch (thrown) {
    // Old servers, and some aggregated ones, publish no such schema: the user knows the kind.
    if (['not-found', 'forbidden', 'unsupported'].includes(asClusterError(thrown).code)) return 'spec: {}\n';
    throw thrown;
  }
};

export type Skeleton = {
  readonly text: string;
  /** 0-based line of the name. */
  readonly line: number;
};

/** How a new object of a kind begins. An empty name is to be filled in. */
export const skeletonOf = async (
  resource: Resource,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  transport: Transport,
): Promise<Skeleton> => {
  const { group, version, kind, namespaced } = resource;
  const head = [
    `apiVersion: ${group === '' ? version : `${group}/${version}`}`,
    `kind: ${kind}`,
    'metadata:',
    `  name: ${name}`,
    ...(namespaced ? [`  namespace: ${namespace}`] : []),
  ];
  const body = (await bodyOf(resource, transport))
    .replaceAll('NAMESPACE', namespace === '' ? 'default' : namespace)
    .replaceAll('NAME', name === '' ? 'new' : name);
  return { text: `${head.join('\n')}\n${body}`, line: 3 };
};
