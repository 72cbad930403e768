import { discover } from '../cluster/discovery.ts';
import type { Transport } from '../cluster/transport.ts';
import { type Resource, resourceKey } from '../protocol/resource.ts';
import type { Row } from '../protocol/row.ts';
import type { Completion, Drill, Query, ToEditor } from '../protocol/wire.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import { apiResourcesResource, apiResourcesStore, resourceFact } from './api-resources.ts';
import type { EngineMethods } from './messages.ts';
import { createScopes } from './scopes.ts';
import { type HeldStore, ViewSession } from './view-session.ts';

export type EngineOptions = {
  readonly context: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly toEditor: (client: number, message: ToEditor) => void;
};

type EngineHandlers = {
  readonly [M in keyof EngineMethods]: (
    params: EngineMethods[M][0],
    client: number,
  ) => EngineMethods[M][1] | Promise<EngineMethods[M][1]>;
};

const fieldSelectorOf = ({ names, fieldSelector }: Query): string | undefined => {
  if (names?.length !== 1) return fieldSelector;
  const byName = `metadata.name=${names[0]}`;
  return fieldSelector === undefined ? byName : `${byName},${fieldSelector}`;
};

/** Everything one context's worker does for main, apart from the thread itself. */
export const createEngine = ({ context, transport, clock, toEditor }: EngineOptions) => {
  const sessions = new Map<string, ViewSession>();
  const scopes = createScopes({ transport, clock });
  const keyOf = (client: number, view: number): string => `${client}:${view}`;

  const session = (client: number, view: number): ViewSession => {
    const found = sessions.get(keyOf(client, view));
    if (found === undefined) throw new ClusterError('not-found', `view ${view} is not open`, { hint: 'Open the table again.' });
    return found;
  };

  const find = async (typed: string): Promise<Resource> => {
    if (typed === apiResourcesResource.resource) return apiResourcesResource;
    return (await discover(transport)).find(typed);
  };

  const storesOf = async (resource: Resource, query: Query): Promise<(namespaces: readonly string[]) => readonly HeldStore[]> => {
    if (resource === apiResourcesResource) {
      const store = apiResourcesStore((await discover(transport, true)).resources);
      return () => [{ store, release: () => undefined, reconnect: () => undefined }];
    }
    const fieldSelector = fieldSelectorOf(query);
    const selectors = {
      ...(query.selector === undefined ? {} : { labelSelector: query.selector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
    };
    return (namespaces) => {
      const wanted = !resource.namespaced || namespaces.length === 0 ? [''] : namespaces;
      return wanted.map((namespace) => scopes.acquire({ resource, namespace, ...selectors }));
    };
  };

  const drill = (resource: Resource, view: number) => {
    return (row: Row, namespaces: readonly string[]): Drill => {
      const target = row.facts?.[resourceFact];
      if (resource === apiResourcesResource && target !== undefined) {
        return { open: 'table', query: { resource: target, context, namespaces } };
      }
      const child = scopes.children(resource, row);
      const source = { view, key: row.key };
      if ('table' in child) return { open: 'table', query: { ...child.table, context } };
      return 'logs' in child ? { open: 'logs', source, options: { follow: true } } : { open: 'describe', source };
    };
  };

  const complete: EngineHandlers['complete'] = async ({ what, resource: typed = '' }): Promise<Completion> => {
    const { resources } = await discover(transport);
    if (what === 'resources') {
      const words = resources.flatMap((resource) => [resource.resource, ...resource.shortNames, resourceKey(resource)]);
      return { resources: { [context]: [...new Set(words)].sort() } };
    }
    const resource = what === 'namespaces' ? await find('namespaces') : await find(typed);
    const names = await scopes.names(resource);
    if (what === 'namespaces') return { namespaces: { [context]: names } };
    return { names: { [`${context} ${resourceKey(resource)} *`]: names } };
  };

  const open: EngineHandlers['view.open'] = async ({ view, query, namespaces }, client) => {
    const resource = await find(query.resource);
    const acquire = await storesOf(resource, query);
    sessions.get(keyOf(client, view))?.dispose();
    const opened = new ViewSession({
      view,
      context,
      resource,
      query,
      namespaces: resource.namespaced ? namespaces : [],
      clock,
      send: (message) => toEditor(client, message),
      acquire,
      drill: drill(resource, view),
    });
    sessions.set(keyOf(client, view), opened);
    const key = resourceKey(resource);
    const { kind, namespaced, resource: plural } = resource;
    return { context, resource: key, plural, kind, namespaced, namespaces, name: `kubectl://${context}/${key}` };
  };

  const close = (client: number, view: number): void => {
    sessions.get(keyOf(client, view))?.dispose();
    sessions.delete(keyOf(client, view));
  };

  const handlers: EngineHandlers = {
    'view.open': open,
    'view.update': (params, client) => {
      session(client, params.view).update(params);
      return {};
    },
    'view.ack': ({ view, seq }, client) => {
      sessions.get(keyOf(client, view))?.ack(seq);
      return null;
    },
    'view.resend': ({ view }, client) => {
      sessions.get(keyOf(client, view))?.resend();
      return null;
    },
    'view.refresh': ({ view }, client) => {
      session(client, view).refresh();
      return {};
    },
    'view.close': ({ view }, client) => {
      close(client, view);
      return null;
    },
    'view.rows': ({ view }, client) => ({ rows: session(client, view).rows() }),
    'view.drill': ({ view, key }, client) => {
      const drilled = session(client, view).drill(key);
      if (drilled !== undefined) return drilled;
      throw new ClusterError('not-found', 'this object is gone', { hint: 'The table shows what is there now.' });
    },
    'view.targets': ({ view, keys }, client) => ({ targets: session(client, view).targets(keys) }),
    find: ({ typed }) => find(typed),
    discovery: async () => {
      const { resources, failures } = await discover(transport);
      return { resources, failures };
    },
    complete,
  };

  return {
    handlers,
    clientGone: (client: number): void => {
      for (const key of [...sessions.keys()]) {
        if (key.startsWith(`${client}:`)) close(client, Number(key.slice(`${client}:`.length)));
      }
    },
  };
};
