import { lookup } from '../cluster/discovery.ts';
import type { Transport } from '../cluster/transport.ts';
import { containersResource } from '../processors/containers.ts';
import type { ChildQuery, ObjectReference } from '../processors/processor.ts';
import { type Resource, resourceKey } from '../protocol/resource.ts';
import type { Row, RowObject } from '../protocol/row.ts';
import type { Drill, Source } from '../protocol/wire.ts';
import { ClusterError } from '../util/error.ts';
import { apiResourcesResource, resourceFact } from './api-resources.ts';
import { findDescendants } from './descendants.ts';
import type { Scopes } from './scopes.ts';

type Server = { readonly context: string; readonly transport: Transport };
type Sources = Server & { readonly scopes: Scopes };

/** The object a row stands for. */
export const objectOf = (row: Row, resource: Resource): RowObject =>
  row.of ?? { resource, namespace: row.namespace, name: row.name, uid: row.uid };

/** `pod/cart-1`: where one came from, as titles say it. */
export const fromOf = ({ resource, name }: RowObject): string => `${resource.singular || resource.resource}/${name}`;

/** An object that another one refers to, as discovery names its kind; undefined when the server has no such kind. */
const referred = async (
  { apiVersion, kind, namespace, name }: ObjectReference,
  { context, transport }: Server,
): Promise<Source | undefined> => {
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  const resource = await lookup(transport, (discovery) => discovery.findKind(group, kind, version));
  return resource === undefined ? undefined : { resource: resourceKey(resource), name, namespace, context };
};

type PodList = {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly spec?: {
      readonly volumes?: readonly {
        readonly name?: string;
        readonly persistentVolumeClaim?: { readonly claimName?: string };
        readonly ephemeral?: object;
      }[];
    };
  }[];
};

/** Names of the pods that mount a claim; read when somebody asks, because tables of pods know nothing of volumes. */
const mounting = async (namespace: string, claim: string, transport: Transport): Promise<readonly string[]> => {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const { items = [], metadata }: PodList = await transport.json<PodList>({
      path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`,
      query: { limit: '500', continue: token },
    });
    for (const { metadata: of, spec } of items) {
      const name = of?.name ?? '';
      const uses = (spec?.volumes ?? []).some(
        (volume) =>
          volume.persistentVolumeClaim?.claimName === claim ||
          // The claim of a generic ephemeral volume is called after its pod and the volume.
          (volume.ephemeral !== undefined && `${name}-${volume.name}` === claim),
      );
      if (uses) names.push(name);
    }
    token = metadata?.continue || undefined;
  } while (token !== undefined);
  return names;
};

/** A query for what belongs to an object, with the context and where it came from filled in. */
export const leadTo = async (child: ChildQuery, object: RowObject, source: Source, sources: Server): Promise<Drill> => {
  const { context, transport } = sources;
  const from = fromOf(object);
  const { namespace, uid } = object;
  if ('table' in child) return { open: 'table', query: { ...child.table, context, from } };
  if ('logs' in child) return { open: 'logs', source, options: { follow: true } };
  if ('descendants' in child) {
    const below = uid === '' ? undefined : await findDescendants({ uid, namespace }, transport);
    // Where not everything was looked through, the table says so; a description would not.
    if (below === undefined || below.count + below.unsure.length === 0) return { open: 'describe', source };
    const namespaces = namespace === '' ? [] : [namespace];
    return { open: 'table', query: { resource: 'children', namespaces, under: uid, context, from } };
  }
  if ('mounts' in child) {
    const names = await mounting(namespace, child.mounts, transport);
    if (names.length > 0)
      return { open: 'table', query: { resource: 'pods', namespaces: [namespace], names, context, from } };
    throw new ClusterError('not-found', `No pod in ${namespace} uses ${from}.`, {
      hint: 'gO goes to its volume, gd describes it.',
    });
  }
  const other = child.object === undefined ? undefined : await referred(child.object, sources);
  return { open: 'describe', source: other ?? source };
};

/** Where `<CR>` on a row leads. */
export const drillOf = (table: Resource, view: number, sources: Sources) => {
  const { context, scopes } = sources;
  return async (row: Row): Promise<Drill> => {
    const target = row.facts?.[resourceFact];
    if (table === apiResourcesResource && target !== undefined) {
      return { open: 'table', query: { resource: target, context } };
    }
    const object = objectOf(row, table);
    const child: ChildQuery = table === containersResource ? { logs: true } : scopes.children(object.resource, row);
    return await leadTo(child, object, { view, key: row.key }, sources);
  };
};
