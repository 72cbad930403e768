import type { EngineHost } from '../engine/host.ts';
import type { Params, ToEditor } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import { ClusterError } from '../util/error.ts';
import type { Clients } from './clients.ts';

type OpenView = {
  readonly client: number;
  readonly view: number;
  readonly context: string;
  engine: EngineHost | undefined;
  /** What opened it, to open it again when its engine ended. */
  params: Params<'view.open'>;
};

export type ViewHandlers = Pick<
  Handlers,
  | 'view.open'
  | 'view.update'
  | 'view.ack'
  | 'view.resend'
  | 'view.refresh'
  | 'view.close'
  | 'view.rows'
  | 'view.drill'
>;

/** Which engine serves which view. */
export interface Views {
  readonly handlers: ViewHandlers;
  engineOf(client: number, view: number): EngineHost;
  contextOf(client: number, view: number): string;
  engineEnded(context: string, reason: string): void;
}

export const createViews = (clients: Clients, toEditor: (client: number, message: ToEditor) => void): Views => {
  const views = new Map<string, OpenView>();
  const keyOf = (client: number, view: number): string => `${client}:${view}`;

  const find = (client: number, view: number): OpenView => {
    const open = views.get(keyOf(client, view));
    if (open === undefined) {
      throw new ClusterError('not-found', `view ${view} is not open`, { hint: 'Open the table again.' });
    }
    return open;
  };

  const engineOf = (client: number, view: number): EngineHost => {
    const { engine, context } = find(client, view);
    if (engine !== undefined) return engine;
    throw new ClusterError('internal', `the engine of context '${context}' has ended`, { hint: 'gr starts it again.' });
  };

  const open: ViewHandlers['view.open'] = async (params, client) => {
    const { context, namespaces: standing } = await clients.standing(client, params.query.context);
    const namespaces = params.query.namespaces ?? standing;
    const entry: OpenView = { client, view: params.view, context: context.name, engine: context.engine, params };
    views.set(keyOf(client, params.view), entry);
    try {
      const opened = await context.engine.call('view.open', { ...params, namespaces }, client);
      entry.params = { ...params, query: { ...params.query, context: context.name, namespaces } };
      toEditor(client, { type: 'event', name: 'K8sResourceSelected', data: { view: params.view, ...opened } });
      return opened;
    } catch (thrown) {
      views.delete(keyOf(client, params.view));
      throw thrown;
    }
  };

  const post = (method: 'view.ack' | 'view.resend' | 'view.close') => {
    return (params: Params<'view.ack'> & Params<'view.close'>, client: number): null => {
      const entry = views.get(keyOf(client, params.view));
      entry?.engine?.post(method, params, client);
      if (method === 'view.close') views.delete(keyOf(client, params.view));
      return null;
    };
  };

  const update: ViewHandlers['view.update'] = async (params, client) => {
    const entry = find(client, params.view);
    const { filter, namespaces } = params;
    entry.params = {
      ...entry.params,
      query: {
        ...entry.params.query,
        ...(filter === undefined ? {} : { filter }),
        ...(namespaces === undefined ? {} : { namespaces }),
      },
    };
    return await engineOf(client, params.view).call('view.update', params, client);
  };

  const refresh: ViewHandlers['view.refresh'] = async (params, client) => {
    const entry = find(client, params.view);
    if (entry.engine !== undefined) return await entry.engine.call('view.refresh', params, client);
    await open(entry.params, client);
    return {};
  };

  return {
    engineOf,
    contextOf: (client, view) => find(client, view).context,
    engineEnded: (context, reason) => {
      for (const entry of views.values()) {
        if (entry.context !== context) continue;
        entry.engine = undefined;
        toEditor(entry.client, {
          type: 'state',
          view: entry.view,
          phase: 'ended',
          left: context,
          middle: '',
          right: `✕ the engine ended (${reason}): gr starts it again`,
          style: 'KubectlError',
          shown: 0,
          total: 0,
        });
      }
    },
    handlers: {
      'view.open': open,
      'view.update': update,
      'view.refresh': refresh,
      'view.ack': post('view.ack') as ViewHandlers['view.ack'],
      'view.resend': post('view.resend') as ViewHandlers['view.resend'],
      'view.close': post('view.close') as ViewHandlers['view.close'],
      'view.rows': (params, client) => engineOf(client, params.view).call('view.rows', params, client),
      'view.drill': (params, client) => engineOf(client, params.view).call('view.drill', params, client),
    },
  };
};
