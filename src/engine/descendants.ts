import { discover } from '../cluster/discovery.ts';
import type { Transport } from '../cluster/transport.ts';
import { type Resource, resourcePath } from '../protocol/resource.ts';
import { asClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';

export type Descendants = {
  /** Every resource with an object below the one asked for, in the order of discovery. */
  readonly resources: readonly Resource[];
  /** How many objects there are. */
  readonly count: number;
  /** Resources that seem to have none but have more objects than were looked through. */
  readonly unsure: readonly Resource[];
};

type Metadata = {
  readonly uid?: string;
  readonly ownerReferences?: readonly { readonly uid?: string }[];
};

type Page = {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly { readonly metadata?: Metadata }[];
};

/** Lists at once. */
const parallel = 6;
const pageSize = 1000;
/** Objects of a resource (in a namespace, where the owner is in one) that are looked through. */
export const mostObjects = 4 * pageSize;

const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

/** They refer to everything, belong to nobody and are many. */
const noise = new Set(['Event', 'Lease']);

type Owned = {
  readonly found: readonly { readonly uid: string; readonly owners: readonly string[] }[];
  readonly cut: boolean;
};

const owned = async (resource: Resource, namespace: string, transport: Transport): Promise<Owned> => {
  const found: { uid: string; owners: readonly string[] }[] = [];
  let token: string | undefined;
  for (let read = 0; read < mostObjects; read += pageSize) {
    const { items = [], metadata }: Page = await transport.json<Page>({
      path: resourcePath(resource, namespace),
      query: { limit: String(pageSize), continue: token },
      headers: { accept },
    });
    for (const { metadata: of } of items) {
      const owners = (of?.ownerReferences ?? []).flatMap(({ uid }) => uid ?? []);
      if (of?.uid !== undefined && owners.length > 0) found.push({ uid: of.uid, owners });
    }
    token = metadata?.continue || undefined;
    if (token === undefined) return { found, cut: false };
  }
  return { found, cut: true };
};

/** What may not be listed, or is served by something that is down, is not known to belong to anything. */
const tolerantly = async (work: Promise<Owned>): Promise<Owned> => {
  try {
    return await work;
  } catch (thrown) {
    if (asClusterError(thrown).code === 'cancelled') throw thrown;
    return { found: [], cut: false };
  }
};

/**
 * Which resources have objects below one in its owner tree. No server can be asked that: the metadata of everything in
 * the namespace (of a cluster-scoped owner: in all of them) is read once, when somebody wants to know.
 */
export const findDescendants = async (
  { uid, namespace }: { readonly uid: string; readonly namespace: string },
  transport: Transport,
): Promise<Descendants> => {
  const { resources } = await discover(transport);
  const candidates = resources.filter(
    ({ verbs, namespaced, kind }) =>
      verbs.includes('list') && verbs.includes('watch') && !noise.has(kind) && (namespaced || namespace === ''),
  );
  const lists = await mapLimited(candidates, parallel, (resource) => tolerantly(owned(resource, namespace, transport)));
  const below = new Set([uid]);
  const hits = new Set<Resource>();
  for (let grew = true; grew; ) {
    grew = false;
    for (const [index, list] of lists.entries()) {
      for (const { uid: child, owners } of list.found) {
        if (below.has(child) || !owners.some((owner) => below.has(owner))) continue;
        below.add(child);
        hits.add(candidates[index] as Resource);
        grew = true;
      }
    }
  }
  return {
    resources: candidates.filter((resource) => hits.has(resource)),
    count: below.size - 1,
    unsure: candidates.filter((resource, index) => lists[index]?.cut === true && !hits.has(resource)),
  };
};
