import { contextInfos } from '../cluster/kubeconfig.ts';
import type { ToEditor } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { Clients } from './clients.ts';
import type { Contexts } from './contexts.ts';

export type ContextHandlers = Pick<Handlers, 'contexts' | 'context.use' | 'namespace.use' | 'namespaces' | 'complete'>;

/** Contexts and namespaces, and what completion may offer of them. */
export const contextHandlers = (
  contexts: Contexts,
  clients: Clients,
  toEditor: (client: number, message: ToEditor) => void,
): ContextHandlers => {
  const complete: Handlers['complete'] = async (params, client) => {
    const { context, namespaces } = await clients.standing(client, params.context);
    const namespace = params.namespace ?? (namespaces.length === 1 ? namespaces[0] : undefined);
    const wanted = { ...params, context: context.name, ...(namespace === undefined ? {} : { namespace }) };
    const completion = await context.engine.call('complete', wanted, client);
    toEditor(client, { type: 'completion', data: completion });
    return completion;
  };
  const namespaceList = async (client: number, wanted?: string) => {
    const { context } = await clients.standing(client, wanted);
    const completion = await context.engine.call('complete', { what: 'namespaces', context: context.name }, client);
    toEditor(client, { type: 'completion', data: completion });
    return { context: context.name, namespaces: completion.namespaces?.[context.name] ?? [] };
  };
  return {
    contexts: async (_params, client) => {
      const config = await contexts.kubeconfig();
      const infos = contextInfos(config);
      toEditor(client, { type: 'completion', data: { contexts: infos.map(({ name }) => name) } });
      return { current: config.current, contexts: infos, problems: config.problems };
    },
    'context.use': async ({ context: name }, client) => {
      const { context, namespaces } = await clients.useContext(client, name);
      const data = { context: context.name, namespaces };
      toEditor(client, { type: 'event', name: 'K8sContextChanged', data });
      return data;
    },
    'namespace.use': ({ namespaces }, client) => {
      clients.useNamespaces(client, namespaces);
      return { namespaces };
    },
    namespaces: ({ context }, client) => namespaceList(client, context),
    complete,
  };
};
