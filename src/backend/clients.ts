import { ClusterError } from '../util/error.ts';
import type { Contexts, OpenContext } from './contexts.ts';

/** Where one Neovim stands: what `:Kubectx` and `:Kubens` chose. */
type Place = { context: string; namespaces: readonly string[] | undefined };

export type Standing = { readonly context: OpenContext; readonly namespaces: readonly string[] };

/** The current context and namespaces of each client; the kubeconfig's until the user chooses. */
export interface Clients {
  /** The named context, or the client's current one. Its namespaces are the chosen ones, else the context's own. */
  standing(client: number, context?: string): Promise<Standing>;
  useContext(client: number, context: string): Promise<Standing>;
  useNamespaces(client: number, namespaces: readonly string[]): void;
  /** Those that have asked for anything. */
  all(): readonly number[];
}

export const createClients = (contexts: Contexts): Clients => {
  const places = new Map<number, Place>();
  const placeOf = (client: number): Place => {
    const place = places.get(client) ?? { context: '', namespaces: undefined };
    places.set(client, place);
    return place;
  };
  return {
    standing: async (client, wanted = '') => {
      const place = placeOf(client);
      const context = await contexts.open(wanted === '' ? place.context : wanted);
      if (place.context === '') place.context = context.name;
      const chosen = context.name === place.context ? place.namespaces : undefined;
      return { context, namespaces: chosen ?? [context.namespace] };
    },
    useContext: async (client, name) => {
      if (name === '') throw new ClusterError('invalid', 'no context was named', { hint: ':Kubectx lists them.' });
      const context = await contexts.open(name);
      places.set(client, { context: context.name, namespaces: undefined });
      return { context, namespaces: [context.namespace] };
    },
    useNamespaces: (client, namespaces) => {
      placeOf(client).namespaces = namespaces;
    },
    all: () => [...places.keys()],
  };
};
