import { guess } from '../cluster/built-in.ts';
import { discover, isDiscovered } from '../cluster/discovery.ts';
import { serverClock } from '../cluster/server-clock.ts';
import type { Transport } from '../cluster/transport.ts';
import { type Resource, resourceKey } from '../protocol/resource.ts';
import type { Completion, Query, ToEditor } from '../protocol/wire.ts';
import type { Scope } from '../store/registry.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import { refuseNoObject } from './api-resources.ts';
import { arrangementOf, checkColumns, choiceFor, customIn } from './custom.ts';
import { drillOf } from './drill.ts';
import { createFinder, type Finder } from './finder.ts';
import { hoverOver } from './hover.ts';
import { createKeptViews } from './kept-views.ts';
import type { EngineMethods } from './messages.ts';
import { ownStores, ownWords } from './own-tables.ts';
import { placeOf, relatedTo } from './related.ts';
import { createScopes, type Scopes } from './scopes.ts';
import { createSearch } from './search.ts';
import { stampsOf } from './stamps.ts';
import { createUsage } from './usage.ts';
import { ViewSession, type ViewSessionOptions } from './view-session.ts';

export type EngineOptions = {
  readonly context: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly toEditor: (client: number, message: ToEditor) => void;
  /** Namespaces to try for "all of them" where they may not be listed. */
  readonly fallback: () => readonly string[];
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

type Sources = {
  readonly context: string;
  readonly transport: Transport;
  readonly scopes: Scopes;
  readonly finder: Finder;
  readonly search: ReturnType<typeof createSearch>;
};

const selectorsOf = (query: Query): Pick<Scope, 'labelSelector' | 'fieldSelector'> => {
  const fieldSelector = fieldSelectorOf(query);
  return {
    ...(query.selector === undefined ? {} : { labelSelector: query.selector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
};

const scopesOf = (resource: Resource, query: Query, namespaces: readonly string[]): readonly Scope[] => {
  const wanted = !resource.namespaced || namespaces.length === 0 ? [''] : [...new Set(namespaces)];
  return wanted.map((namespace) => ({ resource, namespace, ...selectorsOf(query), ...customIn(resource, query) }));
};

/**
 * Begins to read what the query most likely means while discovery is on its way; the view is opened only when that has
 * said what it does mean, and finds these stores if the guess was right. Returns what ends the interest in them.
 */
const readAhead = (query: Query, namespaces: readonly string[], { scopes }: Sources): (() => void) => {
  const resource = guess(query.resource);
  const leases = resource === undefined ? [] : scopesOf(resource, query, namespaces).map(scopes.acquire);
  return () => {
    for (const { release } of leases) release();
  };
};

/**
 * Which stores a query reads, by the namespaces chosen and, where the server can be asked for less, its selectors; the
 * rest of a query does not change.
 */
const storesOf = async (
  resource: Resource,
  query: Query,
  sources: Sources,
  reopen: () => void,
): Promise<Pick<ViewSessionOptions, 'acquire' | 'narrows'>> => {
  const own = ownStores(resource, query, sources);
  if (own !== undefined) return { acquire: await own, narrows: false };
  return {
    acquire: (namespaces, now) =>
      scopesOf(resource, now, namespaces).map((scope) =>
        sources.search.over(sources.scopes.acquire(scope), resource, reopen),
      ),
    narrows: true,
  };
};

const complete = async (
  { what, resource: typed = '', namespace: wanted = '' }: EngineMethods['complete'][0],
  { context, finder, scopes }: Sources,
): Promise<Completion> => {
  if (what === 'resources') {
    const words = (await finder.recent()).resources.flatMap((resource) => [
      resource.resource,
      ...resource.shortNames,
      resourceKey(resource),
    ]);
    return { resources: { [context]: [...new Set([...words, ...ownWords])].sort() } };
  }
  const resource = await finder.find(what === 'namespaces' ? 'namespaces' : typed);
  const namespace = resource.namespaced ? wanted : '';
  const names = await scopes.names(resource, namespace);
  if (what === 'namespaces') return { namespaces: { [context]: names } };
  return { names: { [`${context} ${resourceKey(resource)} ${namespace || '*'}`]: names } };
};

/** The open tables by client and view. */
const createSessions = () => {
  const sessions = new Map<string, ViewSession>();
  const keyOf = (client: number, view: number): string => `${client}:${view}`;
  const close = (client: number, view: number): void => {
    sessions.get(keyOf(client, view))?.dispose();
    sessions.delete(keyOf(client, view));
  };
  return {
    held: (client: number, view: number): ViewSession | undefined => sessions.get(keyOf(client, view)),
    get: (client: number, view: number): ViewSession => {
      const found = sessions.get(keyOf(client, view));
      if (found !== undefined) return found;
      throw new ClusterError('not-found', `view ${view} is not open`, { hint: 'Open the table again.' });
    },
    add: (client: number, view: number, session: ViewSession): void => {
      close(client, view);
      sessions.set(keyOf(client, view), session);
    },
    close,
  };
};

type Sessions = ReturnType<typeof createSessions>;

const gone = (): ClusterError =>
  new ClusterError('not-found', 'this object is gone', { hint: 'The table shows what is there now.' });

const viewHandlers = (
  sessions: Sessions,
  sources: Sources,
): Omit<EngineHandlers, 'view.open' | 'related' | 'find' | 'complete'> => ({
  'view.update': (params, client) => sessions.get(client, params.view).update(params),
  'view.ack': ({ view, seq, gen }, client) => {
    sessions.held(client, view)?.ack(seq, gen);
    return null;
  },
  'view.viewport': ({ view, first, last }, client) => {
    sessions.held(client, view)?.look(first, last);
    return null;
  },
  'view.resend': ({ view }, client) => {
    sessions.held(client, view)?.resend();
    return null;
  },
  'view.refresh': ({ view }, client) => {
    sessions.get(client, view).refresh();
    return {};
  },
  'view.close': ({ view }, client) => {
    sessions.close(client, view);
    return null;
  },
  'view.rows': ({ view }, client) => ({ rows: sessions.get(client, view).rows() }),
  'view.labels': ({ view }, client) => ({ labels: sessions.get(client, view).labels() }),
  'view.drill': async ({ view, key }, client) => {
    const drilled = await sessions.get(client, view).drill(key);
    if (drilled !== undefined) return drilled;
    throw gone();
  },
  'view.related': async ({ view, key, what }, client) => {
    const place = sessions.get(client, view).place(key);
    if (place !== undefined) refuseNoObject(place.resource);
    if (place !== undefined) return await relatedTo(place, what, { ...sources, view });
    throw gone();
  },
  'view.hover': async ({ view, key }, client) => {
    const place = sessions.get(client, view).place(key);
    if (place !== undefined) return await hoverOver(place, sources.transport);
    throw gone();
  },
  'view.targets': ({ view, keys }, client) => {
    const found = sessions.get(client, view).targets(keys);
    for (const { resource } of found.targets) refuseNoObject(resource);
    return found;
  },
  'view.stamps': ({ view, keys }, client) => {
    const session = sessions.get(client, view);
    return { stamps: stampsOf(keys, (key) => session.place(key)) };
  },
});

/** Everything one context's worker does for main, apart from the thread itself. */
export const createEngine = (options: EngineOptions) => {
  const { context, transport, clock, toEditor, fallback } = options;
  const sources: Sources = {
    context,
    transport,
    scopes: createScopes({ transport, clock, fallback }),
    finder: createFinder(transport, clock),
    search: createSearch({ transport, clock }),
  };
  const { finder } = sources;
  const sessions = createSessions();
  const kept = createKeptViews(clock);
  const shown = serverClock(transport, clock);
  const usage = createUsage({ ...sources, clock: shown, toEditor });

  const open: EngineHandlers['view.open'] = async (params, client) => {
    checkColumns(params.query);
    const endAhead = isDiscovered(transport) ? () => undefined : readAhead(params.query, params.namespaces, sources);
    try {
      return await openView(params, client);
    } finally {
      endAhead();
    }
  };

  const openView: EngineHandlers['view.open'] = async (
    { view, query, namespaces, rows, width, usageInterval },
    client,
  ) => {
    usage.every(usageInterval);
    const resource = await finder.table(query.resource);
    const session = new ViewSession({
      view,
      context,
      resource,
      query,
      width,
      rows,
      arrangement: arrangementOf(resource, query),
      defaultSort: sources.scopes.defaultSort(resource),
      namespaces: resource.namespaced ? namespaces : [],
      clock: shown,
      ownNow: () => clock.now(),
      send: (message) => toEditor(client, message),
      ...(await storesOf(resource, query, sources, () => toEditor(client, { type: 'reopen', view }))),
      drill: drillOf(resource, view, sources),
      kept,
      decor: usage.decorOf({ resource, query, client, discovery: await discover(transport) }),
    });
    sessions.add(client, view, session);
    const key = resourceKey(resource);
    const { kind, namespaced, resource: plural } = resource;
    const choice = query.only === true ? undefined : choiceFor(resource, query.choices);
    const name = `kubectl://${context}/${key}`;
    const opened = { context, resource: key, plural, kind, namespaced, namespaces, name };
    return choice === undefined ? opened : { ...opened, choice };
  };

  const handlers: EngineHandlers = {
    ...viewHandlers(sessions, sources),
    'view.open': open,
    related: ({ view, target, what }) => relatedTo(placeOf(target), what, { ...sources, view }),
    find: ({ typed }) => finder.find(typed),
    complete: (params) => complete(params, sources),
  };
  return { handlers };
};
