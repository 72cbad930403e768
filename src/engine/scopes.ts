import { createRights } from '../cluster/rights.ts';
import { checkAlive } from '../cluster/server.ts';
import type { Transport } from '../cluster/transport.ts';
import { containersProcessor, containersResource } from '../processors/containers.ts';
import { processorFor } from '../processors/for-resource.ts';
import type { ChildQuery, Sort } from '../processors/processor.ts';
import type { Resource } from '../protocol/resource.ts';
import type { Row } from '../protocol/row.ts';
import { createRegistry, type Feed, type Lease, type Scope } from '../store/registry.ts';
import type { Clock } from '../util/clock.ts';
import { readNames } from './names.ts';
import { openScope } from './open-scope.ts';
import { namespacesResource } from './permitted.ts';
import { Spread } from './spread.ts';

/** The stores of a context, each with the reader that fits its resource. */
export interface Scopes {
  acquire(scope: Scope): Lease;
  children(resource: Resource, row: Row): ChildQuery;
  /** What a row belongs to although nobody owns it, as a claim belongs to its volume. */
  parent(resource: Resource, row: Row): ChildQuery | undefined;
  /** The order of a table whose query has none; undefined: by namespace and name. */
  defaultSort(resource: Resource): Sort | undefined;
  /** Names of the objects of a resource, from a store where one is held, else asked of the server. */
  names(resource: Resource, namespace?: string): Promise<readonly string[]>;
}

type ScopesOptions = {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Namespaces to try for "all of them" where they may not be listed. */
  readonly fallback: () => readonly string[];
};

export const createScopes = ({ transport, clock, fallback }: ScopesOptions): Scopes => {
  const rights = createRights(transport, clock);
  const open = (scope: Scope): Feed => {
    const { resource } = scope;
    const whole = openScope(scope, { transport, clock });
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
    names: async (resource, namespace = '') => {
      const held = [...registry.stores].find(
        ({ scope, store }) =>
          scope.resource.resource === resource.resource &&
          scope.resource.group === resource.group &&
          (scope.namespace === '' || scope.namespace === namespace) &&
          scope.labelSelector === undefined &&
          scope.fieldSelector === undefined &&
          scope.custom === undefined &&
          store.freshness.phase === 'live',
      );
      if (held === undefined) return await readNames(transport, resource, fallback(), namespace);
      const rows = [...held.store.rows.values()];
      return (namespace === '' ? rows : rows.filter((row) => row.namespace === namespace))
        .map(({ name }) => name)
        .sort();
    },
  };
};
