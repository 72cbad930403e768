import { homedir } from 'node:os';
import { join } from 'node:path';
import { createConnector } from '../cluster/connect.ts';
import { type Environment, findContext, type Kubeconfig, loadKubeconfig } from '../cluster/kubeconfig.ts';
import type { TransportOptions } from '../cluster/node-transport.ts';
import type { Transport } from '../cluster/transport.ts';
import { createEngineHost, type EngineHost } from '../engine/host.ts';
import type { Workers } from '../engine/workers.ts';
import type { ClientSpec } from '../protocol/client-spec.ts';
import type { ToEditor } from '../protocol/wire.ts';
import type { Clock } from '../util/clock.ts';

/** One context in use: its credential, main's own transport, and its engine. */
export type OpenContext = {
  readonly name: string;
  /** Of the kubeconfig; `default` where it names none. */
  readonly namespace: string;
  /** A credential that is good now. */
  readonly spec: () => Promise<ClientSpec>;
  /** A newer credential than one that was refused. */
  readonly renew: (stale: ClientSpec) => Promise<ClientSpec>;
  /** Made on first use: Node's TLS takes longer to load than everything else here. */
  readonly transport: () => Promise<Transport>;
  readonly engine: EngineHost;
  readonly disposeTransport: () => void;
};

export type ContextsOptions = {
  readonly env: Environment;
  readonly clock: Clock;
  readonly workers: Workers;
  readonly toEditor: (client: number, message: ToEditor) => void;
  /** The user's `namespace_fallback`; empty: the context's own namespace is tried. */
  readonly fallback: () => readonly string[];
  readonly onEngineEnd: (context: string, reason: string) => void;
};

/** Every context that anybody looks at, opened once. The kubeconfig is read again at each opening, never written. */
export interface Contexts {
  kubeconfig(): Promise<Kubeconfig>;
  /** '' is the kubeconfig's current context. */
  open(name: string): Promise<OpenContext>;
  dispose(): void;
}

/** Where the lab named `demo` writes its kubeconfig (tests/cluster/state). */
const demoKubeconfig = (env: Environment): string => {
  const cache =
    env.KUBECTL_LIVE_CACHE || join(env.XDG_CACHE_HOME || join(env.HOME ?? homedir(), '.cache'), 'kubectl-live');
  return join(cache, 'labs', 'demo', 'kubeconfig');
};

type LoginOptions = {
  readonly env: Environment;
  readonly clock: Clock;
  readonly kubeconfig: () => Promise<Kubeconfig>;
};

/** The credential of one context. When it was refused the kubeconfig is read again: it may have been rewritten. */
const createLogin = (config: Kubeconfig, name: string, { env, clock, kubeconfig }: LoginOptions) => {
  const entriesOf = (each: Kubeconfig): string => JSON.stringify(findContext(each, name));
  let entries = entriesOf(config);
  let connector = createConnector(config, { env, clock });
  return {
    resolve: (): Promise<ClientSpec> => connector.resolve(name),
    renew: async (stale: ClientSpec): Promise<ClientSpec> => {
      const now = await kubeconfig();
      if (entriesOf(now) === entries) return await connector.renew(name, stale);
      entries = entriesOf(now);
      connector = createConnector(now, { env, clock });
      return await connector.resolve(name);
    },
  };
};

const lazyTransport = (spec: ClientSpec, options: TransportOptions) => {
  let made: Promise<Transport> | undefined;
  return {
    transport: (): Promise<Transport> => {
      made ??= import('../cluster/node-transport.ts').then(({ createTransport }) => createTransport(spec, options));
      return made;
    },
    disposeTransport: (): void => void made?.then((transport) => transport.dispose()),
  };
};

export const createContexts = (options: ContextsOptions): Contexts => {
  const { env, clock } = options;
  const opened = new Map<string, OpenContext>();
  const opening = new Map<string, Promise<OpenContext>>();

  /** The user's; where there is none, that of a demo cluster that `:Kubectl demo` has started. */
  const kubeconfig = async (): Promise<Kubeconfig> => {
    const own = await loadKubeconfig({ env });
    if (own.contexts.size > 0) return own;
    const demo = await loadKubeconfig({ env: { ...env, KUBECONFIG: demoKubeconfig(env) } });
    return demo.contexts.size > 0 ? demo : own;
  };

  const close = (name: string): void => {
    const context = opened.get(name);
    opened.delete(name);
    context?.disposeTransport();
  };

  const openNew = async (config: Kubeconfig, name: string): Promise<OpenContext> => {
    const { context } = findContext(config, name);
    const login = createLogin(config, name, { env, clock, kubeconfig });
    const { renew } = login;
    const spec = await login.resolve();
    const namespace = context.namespace || 'default';
    const fallback = options.fallback();
    const engine = createEngineHost({
      workers: options.workers,
      context: name,
      spec,
      fallback: fallback.length === 0 ? [namespace] : fallback,
      renew,
      toEditor: options.toEditor,
      onEnd: (reason) => {
        close(name);
        options.onEngineEnd(name, reason);
      },
    });
    const open: OpenContext = {
      name,
      namespace,
      spec: login.resolve,
      renew,
      ...lazyTransport(spec, { clock, renew }),
      engine,
    };
    opened.set(name, open);
    return open;
  };

  return {
    kubeconfig,
    open: async (typed) => {
      const known = typed === '' ? undefined : (opened.get(typed) ?? opening.get(typed));
      if (known !== undefined) return await known;
      const config = await kubeconfig();
      const { name } = findContext(config, typed);
      const other = opened.get(name) ?? opening.get(name);
      if (other !== undefined) return await other;
      const work = openNew(config, name).finally(() => opening.delete(name));
      opening.set(name, work);
      return await work;
    },
    dispose: () => {
      for (const { name, engine } of [...opened.values()]) {
        engine.dispose();
        close(name);
      }
    },
  };
};
