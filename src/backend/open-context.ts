import { createConnector } from '../cluster/connect.ts';
import { type Environment, findContext, type Kubeconfig } from '../cluster/kubeconfig.ts';
import type { TransportOptions } from '../cluster/node-transport.ts';
import type { Transport } from '../cluster/transport.ts';
import { createEngineHost, type EngineHost } from '../engine/host.ts';
import type { Workers } from '../engine/workers.ts';
import type { ClientSpec } from '../protocol/client-spec.ts';
import type { ToEditor } from '../protocol/wire.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';

/** One context in use: its credential, main's own transport, and its engine. It stays what it was when it was opened. */
export type OpenContext = {
  readonly name: string;
  /** Of the kubeconfig; `default` where it names none. */
  readonly namespace: string;
  /** A credential that is good now. */
  readonly spec: () => Promise<ClientSpec>;
  /** A newer credential than one that was refused. */
  readonly renew: (stale: ClientSpec) => Promise<ClientSpec>;
  /** The next `renew` is tried, however short a time ago another was. */
  readonly insist: () => void;
  /** Why the newest login failed; undefined where it did not. */
  readonly loginFailure: () => ClusterError | undefined;
  /** Made on first use: Node's TLS takes longer to load than everything else here. */
  readonly transport: () => Promise<Transport>;
  /** Started on first use, and again after it ended. */
  readonly engine: EngineHost;
  /** Somebody needs it, until what is returned is called. */
  readonly hold: () => () => void;
};

export type OpenContextOptions = {
  readonly env: Environment;
  readonly clock: Clock;
  readonly workers: Workers;
  readonly toEditor: (client: number, message: ToEditor) => void;
  readonly fallback: () => readonly string[];
  readonly ambiwidth: () => 'single' | 'double';
  readonly kubeconfig: () => Promise<Kubeconfig>;
  /** A login takes long; what its plugin says meanwhile. */
  readonly onWait: (words: string) => void;
  readonly onEngineEnd: (context: OpenContext, reason: string) => void;
  /** Nobody has needed it for a while. */
  readonly onIdle: (context: OpenContext) => void;
};

/** What contexts keep of each other: how to let one go. */
export type Opened = {
  readonly context: OpenContext;
  /** The kubeconfig's entries it was opened with, to compare by. */
  readonly entries: string;
  /** It was asked for: the time until it is idle begins anew. */
  readonly touch: () => void;
  readonly rename: (namespace: string) => void;
  /** Ends the engine now, and connections when nobody needs them any more. */
  readonly retire: () => void;
  readonly dispose: () => void;
};

/** A table that is looked at again within this time costs nothing; later it costs a start. */
const idleMs = 5 * 60_000;

/** Who connects where; not the namespace, which only says where to begin. */
export const entriesOf = (config: Kubeconfig, name: string): string => {
  const { cluster, user } = findContext(config, name);
  return JSON.stringify([cluster, user]);
};

export const namespaceOf = (config: Kubeconfig, name: string): string =>
  findContext(config, name).context.namespace || 'default';

/** The credential of one context. When it was refused the kubeconfig is read again: it may have been rewritten. */
const createLogin = (config: Kubeconfig, name: string, { env, clock, kubeconfig, onWait }: OpenContextOptions) => {
  const options = { env, clock, onWait };
  let entries = entriesOf(config, name);
  let connector = createConnector(config, options);
  return {
    resolve: (): Promise<ClientSpec> => connector.resolve(name),
    renew: async (stale: ClientSpec): Promise<ClientSpec> => {
      const now = await kubeconfig();
      if (entriesOf(now, name) === entries) return await connector.renew(name, stale);
      entries = entriesOf(now, name);
      connector = createConnector(now, options);
      return await connector.resolve(name);
    },
    insist: (): void => connector.insist(name),
    failure: (): ClusterError | undefined => connector.failure(name),
  };
};

/** A failure is told to who asked and is not kept for who asks next. */
const lazyTransport = (spec: () => Promise<ClientSpec>, options: TransportOptions) => {
  let made: Promise<Transport> | undefined;
  const make = async (): Promise<Transport> => {
    const [{ createTransport }, now] = await Promise.all([import('../cluster/node-transport.ts'), spec()]);
    return createTransport(now, options);
  };
  return {
    transport: (): Promise<Transport> => {
      if (made !== undefined) return made;
      const making = make();
      made = making;
      making.catch(() => {
        if (made === making) made = undefined;
      });
      return making;
    },
    end: (): void => {
      const ending = made;
      made = undefined;
      ending?.then(
        (transport) => transport.dispose(),
        () => undefined,
      );
    },
  };
};

/** Counts who needs it; `idle` runs when nobody has for a while. */
const createHolds = (clock: Clock, idle: () => void) => {
  let holders = 0;
  let cancel = (): void => undefined;
  const touch = (): void => {
    cancel();
    if (holders === 0) cancel = clock.after(idleMs, idle);
  };
  return {
    touch,
    hold: (): (() => void) => {
      let released = false;
      holders++;
      cancel();
      return () => {
        if (released) return;
        released = true;
        holders--;
        touch();
      };
    },
    anybody: (): boolean => holders > 0,
    end: (): void => cancel(),
  };
};

/** The engine of one context; `get` starts it where none runs. */
const createEngineSlot = (name: string, first: ClientSpec, namespace: () => string, options: OpenContextOptions) => {
  let engine: EngineHost | undefined;
  let newest = first;
  let closed = false;
  const start = (renew: OpenContext['renew'], ended: (reason: string) => void): EngineHost => {
    const fallback = options.fallback();
    return createEngineHost({
      workers: options.workers,
      context: name,
      spec: newest,
      fallback: fallback.length === 0 ? [namespace()] : fallback,
      ambiwidth: options.ambiwidth(),
      renew: async (stale) => {
        newest = await renew(stale);
        return newest;
      },
      toEditor: options.toEditor,
      onEnd: (reason) => {
        engine = undefined;
        ended(reason);
      },
    });
  };
  return {
    get: (renew: OpenContext['renew'], ended: (reason: string) => void): EngineHost => {
      if (closed)
        throw new ClusterError('cancelled', `the context '${name}' has just been closed`, { hint: 'Try again.' });
      engine ??= start(renew, ended);
      return engine;
    },
    end: (): void => {
      closed = true;
      engine?.dispose();
      engine = undefined;
    },
  };
};

/** Resolves when there is a credential. */
export const openContext = async (config: Kubeconfig, name: string, options: OpenContextOptions): Promise<Opened> => {
  const { clock, onIdle, onEngineEnd } = options;
  const login = createLogin(config, name, options);
  const { renew } = login;
  const spec = await login.resolve();
  let namespace = namespaceOf(config, name);
  let retired = false;
  const transport = lazyTransport(login.resolve, { clock, renew });
  const slot = createEngineSlot(name, spec, () => namespace, options);
  const end = (): void => {
    holds.end();
    slot.end();
    transport.end();
  };
  const holds = createHolds(clock, () => (retired ? end() : onIdle(context)));
  const context: OpenContext = {
    name,
    get namespace() {
      return namespace;
    },
    spec: login.resolve,
    renew,
    insist: login.insist,
    loginFailure: login.failure,
    transport: transport.transport,
    get engine() {
      return slot.get(renew, (reason) => onEngineEnd(context, reason));
    },
    hold: holds.hold,
  };
  holds.touch();
  return {
    context,
    entries: entriesOf(config, name),
    touch: holds.touch,
    rename: (now) => {
      namespace = now;
    },
    retire: () => {
      retired = true;
      slot.end();
      if (!holds.anybody()) end();
    },
    dispose: end,
  };
};
