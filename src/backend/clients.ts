import { ClusterError } from '../util/error.ts';
import type { Contexts, OpenContext } from './contexts.ts';

/** Where one Neovim stands: what `:Kubectx` and `:Kubens` chose. */
type Place = { context: string; namespaces: readonly string[] | undefined };

/** Where somebody stands, as the kubeconfig says; nobody has logged in for that. */
export type Named = { readonly name: string; readonly namespaces: readonly string[] };

export type Standing = { readonly context: OpenContext; readonly namespaces: readonly string[] };

/** The current context and namespaces of each client; the kubeconfig's until the user chooses. */
export interface Clients {
  /** The named context, or the client's current one. Its namespaces are the chosen ones, else the context's own. */
  standing(client: number, context?: string): Promise<Standing>;
  /** The same without a login: it says where a request would go. */
  named(client: number, context?: string): Promise<Named>;
  useContext(client: number, context: string): Promise<Standing>;
  useNamespaces(client: number, namespaces: readonly string[]): void;
  /** Those that have asked for anything. */
  all(): readonly number[];
}

/** `onUse`: a context is about to serve a client. */
export const createClients = (
  contexts: Contexts,
  onUse: (client: number, context: string) => void = () => undefined,
): Clients => {
  const places = new Map<number, Place>();
  const placeOf = (client: number): Place => {
    const place = places.get(client) ?? { context: '', namespaces: undefined };
    places.set(client, place);
    return place;
  };
  const open = async (client: number, name: string): Promise<OpenContext> => {
    const context = await contexts.open(name);
    onUse(client, context.name);
    return context;
  };
  return {
    standing: async (client, wanted = '') => {
      const place = placeOf(client);
      const context = await open(client, wanted === '' ? place.context : wanted);
      // A table of another context does not move the client there.
      if (wanted === '' && place.context === '') place.context = context.name;
      const chosen = context.name === place.context ? place.namespaces : undefined;
      return { context, namespaces: chosen ?? [context.namespace] };
    },
    named: async (client, wanted = '') => {
      const place = placeOf(client);
      const { name, context } = await contexts.entry(wanted === '' ? place.context : wanted);
      if (wanted === '' && place.context === '') place.context = name;
      const chosen = name === place.context ? place.namespaces : undefined;
      return { name, namespaces: chosen ?? [context.namespace || 'default'] };
    },
    useContext: async (client, name) => {
      if (name === '') throw new ClusterError('invalid', 'no context was named', { hint: ':Kubectx lists them.' });
      const context = await open(client, name);
      places.set(client, { context: context.name, namespaces: undefined });
      return { context, namespaces: [context.namespace] };
    },
    useNamespaces: (client, namespaces) => {
      placeOf(client).namespaces = namespaces;
    },
    all: () => [...places.keys()],
  };
};
