import { discover } from '../cluster/discovery.ts';
import type { Transport } from '../cluster/transport.ts';
import type { Composite } from '../processors/composite.ts';
import { children, workloads } from '../processors/composites/workloads.ts';
import { containersResource } from '../processors/containers.ts';
import type { Resource } from '../protocol/resource.ts';
import type { Query } from '../protocol/wire.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { apiResourcesResource, apiResourcesStore } from './api-resources.ts';
import { CompositeStore, type Shows, type Source } from './composite-store.ts';
import { findDescendants } from './descendants.ts';
import type { HeldStore } from './held-stores.ts';
import type { Scopes } from './scopes.ts';

type Sources = { readonly transport: Transport; readonly scopes: Scopes };

/** The stores of a table, by the namespaces chosen. */
type Stores = (namespaces: readonly string[]) => readonly HeldStore[];

/** A table that no server has as a resource; it is opened, filtered, sorted and left like any other. */
type OwnTable = {
  readonly resource: Resource;
  readonly stores: (query: Query, sources: Sources) => Promise<Stores>;
};

const refuse = (message: string, hint: string): ClusterError => new ClusterError('invalid', message, { hint });

const composed = (
  composite: Composite,
  members: readonly Resource[],
  shows: Shows,
  unsure: readonly string[],
  { selector }: Query,
  { scopes }: Sources,
): Stores => {
  const sourceOf = (resource: Resource, namespace: string): Source => {
    const scope = { resource, namespace };
    const chosen = selector === undefined ? undefined : scopes.acquire({ ...scope, labelSelector: selector });
    return { resource, ...heldOf(scopes.acquire(scope)), chosen };
  };
  return (namespaces) => {
    const wanted = namespaces.length === 0 ? [''] : [...new Set(namespaces)];
    const sources = members.flatMap((resource) =>
      (resource.namespaced ? wanted : ['']).map((namespace) => sourceOf(resource, namespace)),
    );
    const store = new CompositeStore(composite, sources, shows, unsure);
    return [{ store, release: () => store.dispose(), reconnect: () => store.reconnect() }];
  };
};

const names = (resources: readonly Resource[]): readonly string[] => resources.map(({ resource }) => resource);

const heldOf = (lease: HeldStore): HeldStore => ({
  store: lease.store,
  release: () => lease.release(),
  reconnect: () => lease.reconnect(),
});

const noFieldSelector = ({ resource, fieldSelector }: Query): void => {
  if (fieldSelector === undefined) return;
  throw refuse(
    `${resource} takes no field selector: it is several resources.`,
    'Filter its columns instead, for example /STATUS:Failed.',
  );
};

const apiResources: OwnTable = {
  resource: apiResourcesResource,
  stores: async (_, { transport }) => {
    const store = apiResourcesStore((await discover(transport, true)).resources);
    // Without a watch, gr is how a table of definitions learns of new ones.
    const reconnect = (): void => {
      discover(transport, true).then(
        ({ resources }) => store.become(resources),
        (thrown) => store.fail(asClusterError(thrown).message),
      );
    };
    return () => [{ store, release: () => undefined, reconnect }];
  },
};

const workloadsTable: OwnTable = {
  resource: workloads.resource,
  stores: async (query, sources) => {
    noFieldSelector(query);
    const discovery = await discover(sources.transport);
    const members = workloads.members.flatMap(({ group, kind }) => discovery.findKind(group, kind) ?? []);
    return composed(workloads, members, 'roots', [], query, sources);
  },
};

const childrenTable: OwnTable = {
  resource: children.resource,
  stores: async (query, sources) => {
    noFieldSelector(query);
    const { under, namespaces = [] } = query;
    if (under === undefined) {
      throw refuse('children of which object?', 'Go to the object in its table: <CR> shows what belongs to it.');
    }
    const { resources, unsure } = await findDescendants(
      { uid: under, namespace: namespaces[0] ?? '' },
      sources.transport,
    );
    return composed(children, resources, { under }, names(unsure), query, sources);
  },
};

/** The pod that a query for containers is about. */
export const podOf = ({ resource, names }: Query): string => {
  const [pod, second] = names ?? [];
  if (pod !== undefined && second === undefined) return pod;
  throw refuse(`${resource} of which pod?`, `Name one: :Kubectl get ${resource} POD`);
};

const containersTable: OwnTable = {
  resource: containersResource,
  stores: async (query, { transport, scopes }) => {
    const fieldSelector = `metadata.name=${podOf(query)}`;
    const via = (await discover(transport)).find('pods');
    return ([namespace, second]) => {
      if (namespace === undefined || second !== undefined) {
        throw refuse('containers of a pod in which namespace?', 'Name one: :Kubectl get containers POD -n NAMESPACE');
      }
      return [scopes.acquire({ resource: containersResource, via, namespace, fieldSelector })];
    };
  },
};

const tables: readonly OwnTable[] = [apiResources, workloadsTable, containersTable, childrenTable];

/** As `find` of discovery: by plural, singular or short name. */
export const findOwn = (typed: string): Resource | undefined =>
  tables.find(
    ({ resource: { resource, singular, shortNames } }) =>
      resource === typed || singular === typed || shortNames.includes(typed),
  )?.resource;

/** Words that completion offers besides those of the server. */
export const ownWords: readonly string[] = tables
  .map(({ resource }) => resource.resource)
  .filter((word) => word !== children.resource.resource);

export const ownStores = (resource: Resource, query: Query, sources: Sources): Promise<Stores> | undefined =>
  tables.find((table) => table.resource === resource)?.stores(query, sources);
