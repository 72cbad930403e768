import { lookup } from '../cluster/discovery.ts';
import type { Transport } from '../cluster/transport.ts';
import { type Resource, resourceKey, resourcePath, type Target } from '../protocol/resource.ts';
import type { Row } from '../protocol/row.ts';
import type { Drill, Params } from '../protocol/wire.ts';
import { ClusterError } from '../util/error.ts';
import { fromOf, leadTo, objectOf } from './drill.ts';
import type { Scopes } from './scopes.ts';

/** A row and where it is shown. */
export type Place = { readonly row: Row; readonly resource: Resource; readonly namespaces: readonly string[] };

type Server = {
  readonly context: string;
  readonly transport: Transport;
  readonly scopes: Pick<Scopes, 'parent'>;
  /** The view the row is in. */
  readonly view: number;
};

type OwnerReference = {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly controller?: boolean;
};

const nameOf = ({ row, resource }: Place): string =>
  `${resourceKey(resource)}/${row.name}${row.namespace === '' ? '' : ` in ${row.namespace}`}`;

/** Of an object that is in no table: whether it has owners is not known. */
export const placeOf = ({ resource, namespace, name, uid = '' }: Target): Place => ({
  row: {
    ...{ key: uid, uid, namespace, name, resourceVersion: '', created: undefined },
    ...{ labels: {}, owners: [], health: 'unknown', cells: [] },
  },
  resource,
  namespaces: namespace === '' ? [] : [namespace],
});

const isOwned = ({ owners, resourceVersion }: Row): boolean => owners.length > 0 || resourceVersion === '';

/** Rows keep the uids of owners only; their names are asked for when somebody wants to go there. */
const ownerOf = async ({ row, resource }: Place, transport: Transport): Promise<OwnerReference | undefined> => {
  const { metadata } = await transport.json<{
    readonly metadata?: { readonly ownerReferences?: readonly OwnerReference[] };
  }>({
    path: resourcePath(resource, row.namespace, row.name),
    headers: { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json' },
  });
  const references = metadata?.ownerReferences ?? [];
  return references.find(({ controller }) => controller === true) ?? references[0];
};

const owner = async (place: Place, server: Server): Promise<Drill> => {
  const { context, transport } = server;
  const { row, namespaces } = place;
  const found = isOwned(row) ? await ownerOf(place, transport) : undefined;
  if (found === undefined) {
    const parent = server.scopes.parent(place.resource, row);
    if (parent !== undefined && 'table' in parent) {
      return await leadTo(parent, objectOf(row, place.resource), { view: server.view, key: row.key }, server);
    }
    throw new ClusterError('not-found', `${nameOf(place)} has no owner.`, {
      hint: 'It was not made by another object, so nothing else keeps it as it is.',
    });
  }
  const { apiVersion = '', kind = '', name = '', uid = '' } = found;
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  const resource = await lookup(
    transport,
    (discovery) => discovery.findKind(group, kind, version) ?? discovery.findKind(group, kind),
  );
  if (resource === undefined) {
    throw new ClusterError('not-found', `${nameOf(place)} is owned by ${kind}/${name} of ${apiVersion}.`, {
      hint: 'The server has no such kind: `:Kubectl api-resources` lists what it has.',
    });
  }
  const key = resourceKey(resource);
  if (!resource.verbs.includes('list')) {
    const namespace = resource.namespaced ? { namespace: row.namespace } : {};
    return { open: 'describe', source: { resource: key, name, context, ...namespace } };
  }
  const shown = namespaces.length === 0 || namespaces.includes(row.namespace) ? namespaces : [row.namespace];
  const scope = resource.namespaced ? { namespaces: shown } : {};
  return { open: 'table', query: { resource: key, context, ...scope }, key: uid };
};

/** The kubelet speaks of its node by name and gives the name as the uid; everybody else gives the uid. */
const eventsOf = (place: Place): string => {
  const { row, resource } = place;
  if (row.uid !== '' && resource.kind !== 'Node') return `involvedObject.uid=${row.uid}`;
  return `involvedObject.kind=${resource.kind},involvedObject.name=${row.name}`;
};

const events = (place: Place, { context }: Server): Drill => {
  const { row } = place;
  const namespaces = row.namespace === '' ? [] : [row.namespace];
  const from = fromOf(objectOf(row, place.resource));
  return { open: 'table', query: { resource: 'events', context, namespaces, fieldSelector: eventsOf(place), from } };
};

/** Where `gO` and `gv` on a row lead. */
export const relatedTo = async (place: Place, what: Params<'view.related'>['what'], server: Server): Promise<Drill> => {
  const { row } = place;
  const { container, resource, namespace, name, uid } = objectOf(row, place.resource);
  // A container is where its pod is: in the pod's table, with the pod's events.
  if (container !== undefined && what === 'owner') {
    const query = { resource: resourceKey(resource), context: server.context, namespaces: [namespace] };
    return { open: 'table', query, key: uid };
  }
  if (container !== undefined) return events({ ...place, row: { ...row, name, uid } }, server);
  switch (what) {
    case 'owner':
      return await owner(place, server);
    case 'row-events':
      return events(place, server);
    default:
      return what satisfies never;
  }
};
