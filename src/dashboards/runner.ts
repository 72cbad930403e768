import type { ClientSpec } from '../protocol/client-spec.ts';
import type { Params } from '../protocol/wire.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { createClientSource, type OwnedSource, type Renew } from './client-source.ts';
import type { Dashboard } from './dashboard.ts';
import { createInstance, type Instance } from './instance.ts';
import type { FromWorker, ToWorker } from './messages.ts';

export type RunnerOptions = {
  readonly dashboards: readonly Dashboard[];
  readonly clock: Clock;
  readonly post: (message: FromWorker) => void;
  readonly connect: (spec: ClientSpec, renew: Renew) => OwnedSource;
};

type Waiting = { readonly resolve: (spec: ClientSpec) => void; readonly reject: (error: ClusterError) => void };

/** Asks the main thread for clients and pairs the answers. */
const createClientDesk = (post: (message: FromWorker) => void) => {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  const take = (wanted: number): Waiting | undefined => {
    const one = waiting.get(wanted);
    waiting.delete(wanted);
    return one;
  };
  return {
    want: (context: string, stale?: ClientSpec): Promise<ClientSpec> =>
      new Promise((resolve, reject) => {
        const wanted = ++last;
        waiting.set(wanted, { resolve, reject });
        post({ type: 'client-wanted', wanted, context, ...(stale === undefined ? {} : { stale }) });
      }),
    give: (wanted: number, spec: ClientSpec): void => take(wanted)?.resolve(spec),
    refuse: (wanted: number, error: ClusterError): void => take(wanted)?.reject(error),
  };
};

/** Connections by context, shared by the dashboards on it and closed with the last one. */
const createSources = (make: (context: string) => OwnedSource) => {
  const sources = new Map<string, { readonly source: OwnedSource; users: number }>();
  return {
    take: (context: string): OwnedSource => {
      const entry = sources.get(context) ?? { source: make(context), users: 0 };
      entry.users += 1;
      sources.set(context, entry);
      return entry.source;
    },
    release: (context: string): void => {
      const entry = sources.get(context);
      if (entry === undefined || --entry.users > 0) return;
      sources.delete(context);
      entry.source.dispose();
    },
  };
};

/** Runs the dashboards inside the worker: one Ink instance each. */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #desk: ReturnType<typeof createClientDesk>;
  readonly #sources: ReturnType<typeof createSources>;
  readonly #instances = new Map<number, Instance>();
  readonly #contexts = new Map<number, string>();

  constructor(options: RunnerOptions) {
    this.#options = options;
    const { post, connect } = options;
    const desk = createClientDesk(post);
    this.#desk = desk;
    this.#sources = createSources((context) =>
      createClientSource({ wantClient: (stale) => desk.want(context, stale), connect }),
    );
  }

  receive(message: ToWorker): void {
    switch (message.type) {
      case 'open':
        this.#tryOpen(message.params);
        break;
      case 'key':
        this.#instances.get(message.dashboard)?.key(message.keys);
        break;
      case 'resize':
        this.#instances.get(message.dashboard)?.resize(message.columns, message.rows);
        break;
      case 'ack':
        this.#instances.get(message.dashboard)?.ack(message.seq);
        break;
      case 'close':
        this.#close(message.dashboard);
        break;
      case 'client':
        this.#desk.give(message.wanted, message.spec);
        break;
      case 'client-refused': {
        const { code, message: text, hint } = message.error;
        this.#desk.refuse(message.wanted, new ClusterError(code, text, { hint }));
        break;
      }
      default:
        message satisfies never;
    }
  }

  dispose(): void {
    for (const id of [...this.#instances.keys()]) this.#close(id);
  }

  #tryOpen(params: Params<'dashboard.open'>): void {
    const { post } = this.#options;
    const { dashboard } = params;
    try {
      post({ type: 'opened', dashboard, title: this.#open(params) });
    } catch (error) {
      this.#forget(dashboard);
      const { code, message, hint } = asClusterError(error);
      post({ type: 'refused', dashboard, error: { code, message, hint } });
    }
  }

  #open({ dashboard: id, name, args, columns, rows, theme }: Params<'dashboard.open'>): string {
    const { dashboards, clock, post } = this.#options;
    const dashboard = dashboards.find((one) => one.name === name);
    if (dashboard === undefined) {
      const known = dashboards.map((one) => one.name).join(', ');
      throw new ClusterError('not-found', `There is no dashboard named ${name}.`, { hint: `There are: ${known}.` });
    }
    this.#close(id);
    const context = args.context ?? '';
    const source = this.#sources.take(context);
    this.#contexts.set(id, context);
    const instance = createInstance({
      ...{ dashboard, args, columns, rows, theme, clock, source },
      send: (seq, data) =>
        post({ type: 'emit', dashboard: id, message: { type: 'terminal', dashboard: id, seq, data } }),
      open: (plan) => post({ type: 'emit', dashboard: id, message: { type: 'open', plan } }),
      onEnd: (message) => {
        this.#forget(id);
        const ended = { type: 'dashboard-ended', dashboard: id } as const;
        post({ type: 'emit', dashboard: id, message: message === undefined ? ended : { ...ended, message } });
      },
    });
    this.#instances.set(id, instance);
    return dashboard.title(args);
  }

  #close(id: number): void {
    this.#instances.get(id)?.dispose();
    this.#forget(id);
  }

  #forget(id: number): void {
    this.#instances.delete(id);
    const context = this.#contexts.get(id);
    this.#contexts.delete(id);
    if (context !== undefined) this.#sources.release(context);
  }
}
