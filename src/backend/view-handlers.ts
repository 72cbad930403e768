import type { EngineHost } from '../engine/host.ts';
import type { Params, TableOpened, ToEditor } from '../protocol/wire.ts';
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
  | 'view.related'
>;

/** Which engine serves which view. */
export class Views {
  readonly #clients: Clients;
  readonly #toEditor: (client: number, message: ToEditor) => void;
  readonly #views = new Map<string, OpenView>();

  constructor(clients: Clients, toEditor: (client: number, message: ToEditor) => void) {
    this.#clients = clients;
    this.#toEditor = toEditor;
  }

  get handlers(): ViewHandlers {
    return {
      'view.open': (params, client) => this.#open(params, client),
      'view.update': (params, client) => this.#update(params, client),
      'view.refresh': (params, client) => this.#refresh(params, client),
      'view.ack': (params, client) => this.#post('view.ack', params, client),
      'view.resend': (params, client) => this.#post('view.resend', params, client),
      'view.close': (params, client) => {
        this.#post('view.close', params, client);
        this.#views.delete(this.#key(client, params.view));
        return null;
      },
      'view.rows': (params, client) => this.engineOf(client, params.view).call('view.rows', params, client),
      'view.drill': (params, client) => this.engineOf(client, params.view).call('view.drill', params, client),
      'view.related': (params, client) => this.engineOf(client, params.view).call('view.related', params, client),
    };
  }

  engineOf(client: number, view: number): EngineHost {
    const { engine, context } = this.#find(client, view);
    if (engine !== undefined) return engine;
    throw new ClusterError('internal', `the engine of context '${context}' has ended`, { hint: 'gr starts it again.' });
  }

  contextOf(client: number, view: number): string {
    return this.#find(client, view).context;
  }

  engineEnded(context: string, reason: string): void {
    for (const entry of this.#views.values()) {
      if (entry.context !== context) continue;
      entry.engine = undefined;
      this.#toEditor(entry.client, {
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
  }

  #key(client: number, view: number): string {
    return `${client}:${view}`;
  }

  #find(client: number, view: number): OpenView {
    const open = this.#views.get(this.#key(client, view));
    if (open !== undefined) return open;
    throw new ClusterError('not-found', `view ${view} is not open`, { hint: 'Open the table again.' });
  }

  #post<M extends 'view.ack' | 'view.resend' | 'view.close'>(method: M, params: Params<M>, client: number): null {
    this.#views.get(this.#key(client, params.view))?.engine?.post(method, params as never, client);
    return null;
  }

  async #open(params: Params<'view.open'>, client: number): Promise<TableOpened> {
    const { view, query } = params;
    const { context, namespaces: standing } = await this.#clients.standing(client, query.context);
    const namespaces = query.namespaces ?? standing;
    const entry: OpenView = { client, view, context: context.name, engine: context.engine, params };
    const key = this.#key(client, view);
    const before = this.#views.get(key);
    this.#views.set(key, entry);
    try {
      const opened = await context.engine.call('view.open', { ...params, namespaces }, client);
      entry.params = { ...params, query: { ...query, context: context.name, namespaces } };
      // Closed while it was being opened: the engine may have learned of the closing first. Opened again meanwhile:
      // the engine keeps the newest session of a view by itself.
      const now = this.#views.get(key);
      if (now === undefined || now.engine !== context.engine) context.engine.post('view.close', { view }, client);
      else this.#toEditor(client, { type: 'event', name: 'K8sResourceSelected', data: { view, ...opened } });
      return opened;
    } catch (thrown) {
      if (this.#views.get(key) === entry) {
        // A view that was open stays known, so that gr can try again.
        if (before === undefined) this.#views.delete(key);
        else this.#views.set(key, before);
      }
      throw thrown;
    }
  }

  async #update(params: Params<'view.update'>, client: number): Promise<Record<string, never>> {
    const entry = this.#find(client, params.view);
    const { filter, namespaces, wide } = params;
    const query = {
      ...entry.params.query,
      ...(filter === undefined ? {} : { filter }),
      ...(namespaces === undefined ? {} : { namespaces }),
      ...(wide === undefined ? {} : { wide }),
    };
    entry.params = { ...entry.params, query };
    return await this.engineOf(client, params.view).call('view.update', params, client);
  }

  async #refresh(params: Params<'view.refresh'>, client: number): Promise<Record<string, never>> {
    const entry = this.#find(client, params.view);
    if (entry.engine !== undefined) return await entry.engine.call('view.refresh', params, client);
    await this.#open(entry.params, client);
    return {};
  }
}
