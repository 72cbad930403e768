import { createRights } from '../cluster/rights.ts';
import { checkAlive } from '../cluster/server.ts';
import type { Transport } from '../cluster/transport.ts';
import { decoderFor } from '../decode/decoder-for.ts';
import { jsonDecoder } from '../decode/json.ts';
import { containersOf, containersProcessor, containersResource } from '../processors/containers.ts';
import { readsObjects, withCustom } from '../processors/custom-columns.ts';
import { processorFor } from '../processors/for-resource.ts';
import type { ChildQuery, Sort } from '../processors/processor.ts';
import type { Resource } from '../protocol/resource.ts';
import { resourcePath } from '../protocol/resource.ts';
import type { Row } from '../protocol/row.ts';
import { openFeed } from '../store/open-feed.ts';
import { createRegistry, type Feed, type Lease, type Scope } from '../store/registry.ts';
import type { Clock } from '../util/clock.ts';
import { namespacesResource } from './permitted.ts';
import { Spread } from './spread.ts';

/** Names for completion are read once and not watched; more than this many help nobody. */
const mostNames = 2000;

type NameList = { readonly items?: readonly { readonly metadata?: { readonly name?: string } }[] };

/** The stores of a context, each with the reader that fits its resource. */
export interface Scopes {
  acquire(scope: Scope): Lease;
  children(resource: Resource, row: Row): ChildQuery;
  /** What a row belongs to although nobody owns it, as a claim belongs to its volume. */
  parent(resource: Resource, row: Row): ChildQuery | undefined;
  /** The order of a table whose query has none; undefined: by namespace and name. */
  defaultSort(resource: Resource): Sort | undefined;
  /** Names of the objects of a resource, from a store where one is held, else asked of the server. */
  names(resource: Resource): Promise<readonly string[]>;
}

type ScopesOptions = {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Namespaces to try for "all of them" where they may not be listed. */
  readonly fallback: () => readonly string[];
};

/** The containers of a pod: rows of parts of what is read. */
const openContainers = (scope: Scope, pods: Resource, { transport, clock }: Omit<ScopesOptions, 'fallback'>): Feed => {
  const processor = containersProcessor(pods);
  return openFeed(scope, {
    transport,
    decoder: jsonDecoder,
    expand: containersOf,
    processorFor: () => processor,
    clock,
    random: Math.random,
  });
};

export const createScopes = ({ transport, clock, fallback }: ScopesOptions): Scopes => {
  const rights = createRights(transport, clock);
  const openOne = (scope: Scope): Feed => {
    if (scope.via !== undefined) return openContainers(scope, scope.via, { transport, clock });
    const found = processorFor(scope.resource, () => clock.now());
    const { custom } = scope;
    return openFeed(scope, {
      transport,
      decoder: decoderFor(scope.resource, found.kind === 'own', custom !== undefined && readsObjects(custom)),
      processorFor: (columns) => {
        const processor = found.kind === 'own' ? found.processor : found.create(columns ?? []);
        return custom === undefined ? processor : withCustom(processor, custom, scope.resource);
      },
      clock,
      random: Math.random,
    });
  };
  const open = (scope: Scope): Feed => {
    const { resource } = scope;
    const whole = openOne(scope);
    if (!resource.namespaced || scope.namespace !== '') return whole;
    return new Spread({
      clock,
      whole,
      acquire: (namespace) => registry.acquire({ ...scope, namespace }),
      namespaces: () => registry.acquire({ resource: namespacesResource, namespace: '' }),
      fallback,
      mayList: (namespace) => rights.mayList(resource, namespace),
      forget: rights.forget,
    });
  };
  const registry = createRegistry({
    clock,
    alive: (question) => checkAlive(transport, question),
    open,
  });
  return {
    acquire: (scope) => registry.acquire(scope),
    children: (resource, row) => {
      const found = processorFor(resource, () => clock.now());
      return found.kind === 'own' ? found.processor.children(row) : found.create([]).children(row);
    },
    parent: (resource, row) => {
      const found = processorFor(resource, () => clock.now());
      return found.kind === 'own' ? found.processor.parent?.(row) : undefined;
    },
    defaultSort: (resource) => {
      if (resource === containersResource) return containersProcessor(resource).sort;
      const found = processorFor(resource);
      return found.kind === 'own' ? found.processor.sort : undefined;
    },
    names: async (resource) => {
      const held = [...registry.stores].find(
        ({ scope, store }) =>
          scope.resource.resource === resource.resource &&
          scope.resource.group === resource.group &&
          scope.namespace === '' &&
          scope.labelSelector === undefined &&
          scope.fieldSelector === undefined &&
          scope.custom === undefined &&
          store.freshness.phase === 'live',
      );
      if (held !== undefined) return [...held.store.rows.values()].map(({ name }) => name).sort();
      const { items = [] } = await transport.json<NameList>({
        path: resourcePath(resource),
        query: { limit: String(mostNames) },
        headers: { accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json' },
      });
      return items.flatMap(({ metadata }) => metadata?.name ?? []).sort();
    },
  };
};
