import type { KubeObject } from '../journal/kept-object.ts';
import { type Resource, resourcePath, type Target } from '../protocol/resource.ts';
import { mapLimited } from '../util/map-limited.ts';
import type { Ability } from './ability.ts';

type Meta = Pick<KubeObject, 'metadata'>;
type Owned = { readonly resource: Resource; readonly meta: Meta };
type List = { readonly items?: readonly Meta[]; readonly metadata?: { readonly continue?: string } };

/** Made by controllers only, and many: nothing of these needs to be brought back by hand. */
const made = new Set(['pods', 'events', 'endpoints', 'endpointslices', 'leases', 'replicasets', 'controllerrevisions']);

/** A resource with more objects than this in one namespace is not searched. */
const MOST = 500;

const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

const searched = new WeakMap<Ability, Map<string, Promise<readonly Owned[]>>>();

/** Objects of a namespace that belong to another one without being run by it. What cannot be listed is left out. */
const ownedIn = (namespace: string, ability: Ability): Promise<readonly Owned[]> => {
  const known = searched.get(ability) ?? new Map<string, Promise<readonly Owned[]>>();
  searched.set(ability, known);
  const before = known.get(namespace);
  if (before !== undefined) return before;
  const resources = ability.discovery.resources.filter(
    ({ namespaced, verbs, resource }) =>
      namespaced && ['list', 'get', 'create'].every((verb) => verbs.includes(verb)) && !made.has(resource),
  );
  const found = mapLimited(resources, 8, async (resource) => {
    const path = resourcePath(resource, namespace);
    const query = { limit: String(MOST) };
    const headers = { accept: metadataOnly };
    const list: List = await ability.transport.json<List>({ path, query, headers }).catch(() => ({}));
    if (list.metadata?.continue) return [];
    return (list.items ?? []).flatMap((meta) => {
      const owners = meta.metadata?.ownerReferences ?? [];
      return owners.length > 0 && !owners.some(({ controller }) => controller === true) ? [{ resource, meta }] : [];
    });
  }).then((lists) => lists.flat());
  known.set(namespace, found);
  return found;
};

/**
 * Objects that the cluster deletes together with one, and that nothing makes again: they name it as an owner, and none
 * as their controller. Looked for once in each namespace however many objects are deleted; of pods none.
 */
export const dependentsOf = async (target: Target, uid: string, ability: Ability): Promise<readonly KubeObject[]> => {
  if (target.namespace === '' || made.has(target.resource.resource)) return [];
  const owned = await ownedIn(target.namespace, ability);
  const mine = owned.filter(({ meta }) => {
    const owners = meta.metadata?.ownerReferences ?? [];
    // With another owner it stays.
    return owners.length === 1 && owners[0]?.uid === uid;
  });
  const objects = await mapLimited(mine, 8, ({ resource, meta }) =>
    ability.transport
      .json<KubeObject>({ path: resourcePath(resource, target.namespace, meta.metadata?.name) })
      .catch(() => undefined),
  );
  return objects.filter((object) => object !== undefined);
};
