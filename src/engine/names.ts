import type { Transport } from '../cluster/transport.ts';
import { type Resource, resourcePath } from '../protocol/resource.ts';
import { asClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import { sanitize } from '../util/width.ts';

/** Names for completion are read once and not watched; more than this many help nobody. */
const mostNames = 2000;
/** Nor do those of more namespaces than this, where each has to be asked about. */
const mostNamespaces = 8;

type NameList = { readonly items?: readonly { readonly metadata?: { readonly name?: string } }[] };

const isForbidden = (thrown: unknown): boolean => asClusterError(thrown).code === 'forbidden';

/** What can be typed: an aggregated server may call its objects what it likes. */
const isWord = (name: string | undefined): name is string =>
  name !== undefined && name !== '' && sanitize(name) === name;

const read = async (transport: Transport, resource: Resource, namespace = ''): Promise<readonly string[]> => {
  const { items = [] } = await transport.json<NameList>({
    path: resourcePath(resource, namespace),
    query: { limit: String(mostNames) },
    headers: { accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json' },
  });
  return items.map(({ metadata }) => metadata?.name).filter(isWord);
};

/**
 * Names of the objects of a resource, in one namespace or in all. Who may not list them everywhere gets those of the namespaces of `fallback`, and
 * these themselves instead of all namespaces.
 */
export const readNames = async (
  transport: Transport,
  resource: Resource,
  fallback: readonly string[],
  namespace = '',
): Promise<readonly string[]> => {
  if (namespace !== '') return (await read(transport, resource, namespace)).toSorted();
  try {
    return (await read(transport, resource)).toSorted();
  } catch (thrown) {
    if (!isForbidden(thrown)) throw thrown;
    if (resource.group === '' && resource.resource === 'namespaces') return fallback.toSorted();
    if (!resource.namespaced) throw thrown;
    let allowed = false;
    const found = await mapLimited(fallback.slice(0, mostNamespaces), 4, async (namespace) => {
      try {
        const names = await read(transport, resource, namespace);
        allowed = true;
        return names;
      } catch (refused) {
        if (!isForbidden(refused)) throw refused;
        return [];
      }
    });
    if (!allowed) throw thrown;
    return [...new Set(found.flat())].sort();
  }
};
