import type { EngineHost } from '../engine/host.ts';
import type { Params, TableOpened, ToEditor } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError, ClusterError, type ErrorCode } from '../util/error.ts';
import type { Clients, Standing } from './clients.ts';
import type { Began, LoginWaits } from './login-waits.ts';
import type { OpenContext } from './open-context.ts';
import { createRestarts } from './restarts.ts';

type OpenView = {
  readonly client: number;
  readonly view: number;
  readonly context: OpenContext;
  readonly release: () => void;
  /** Undefined after it ended, and where it could not open the view. */
  engine: EngineHost | undefined;
  /** It was open once: it is brought back whatever comes between. */
  shown: boolean;
};

export type ViewHandlers = Pick<
  Handlers,
  | 'view.open'
  | 'view.update'
  | 'view.ack'
  | 'view.viewport'
  | 'view.resend'
  | 'view.refresh'
  | 'view.close'
  | 'view.rows'
  | 'view.labels'
  | 'view.drill'
  | 'view.related'
  | 'view.hover'
>;

export type ViewsOptions = {
  readonly clients: Clients;
  readonly clock: Clock;
  readonly toEditor: (client: number, message: ToEditor) => void;
  /** Those that wait for a login. */
  readonly logins: LoginWaits;
};

/** What a view that was never open is asked for again after: the server may be back, a word it does not know stays one. */
const passing: ReadonlySet<ErrorCode> = new Set(['unreachable', 'timeout', 'throttled', 'internal']);

const triedAgain = ({ code, message, hint, cause }: ClusterError): ClusterError =>
  new ClusterError(code, message, {
    hint: [hint, 'It is tried again by itself; gr tries now.'].filter((part) => part !== undefined).join('\n'),
    cause,
  });

const keyOf = (client: number, view: number): string => `${client}:${view}`;

/** Which engine serves which view. */
export class Views {
  readonly #clients: Clients;
  readonly #toEditor: ViewsOptions['toEditor'];
  readonly #views = new Map<string, OpenView>();
  readonly #restarts: ReturnType<typeof createRestarts>;
  readonly #logins: LoginWaits;

  constructor({ clients, clock, toEditor, logins }: ViewsOptions) {
    this.#clients = clients;
    this.#logins = logins;
    this.#toEditor = toEditor;
    this.#restarts = createRestarts(clock);
  }

  get handlers(): ViewHandlers {
    return {
      'view.open': (params, client) => this.#open(params, client),
      'view.update': (params, client) => this.engineOf(client, params.view).call('view.update', params, client),
      'view.refresh': (params, client) => this.#refresh(params, client),
      'view.ack': (params, client) => this.#post('view.ack', params, client),
      'view.viewport': (params, client) => this.#post('view.viewport', params, client),
      'view.resend': (params, client) => this.#post('view.resend', params, client),
      'view.close': (params, client) => {
        this.#post('view.close', params, client);
        this.#forget(client, params.view);
        return null;
      },
      'view.rows': (params, client) => this.engineOf(client, params.view).call('view.rows', params, client),
      'view.labels': (params, client) => this.engineOf(client, params.view).call('view.labels', params, client),
      'view.drill': (params, client) => this.engineOf(client, params.view).call('view.drill', params, client),
      'view.related': (params, client) => this.engineOf(client, params.view).call('view.related', params, client),
      'view.hover': (params, client) => this.engineOf(client, params.view).call('view.hover', params, client),
    };
  }

  engineOf(client: number, view: number): EngineHost {
    const { engine, context, shown } = this.#find(client, view);
    if (engine !== undefined) return engine;
    const why = shown ? `the engine of context '${context.name}' has ended` : 'this table could not be opened yet';
    throw new ClusterError('internal', why, { hint: 'It comes back by itself; gr does not wait.' });
  }

  /** The context its rows are of, whatever the kubeconfig calls by that name since. */
  contextOf(client: number, view: number): OpenContext {
    return this.#find(client, view).context;
  }

  /** An engine is started again by itself: soon, and less and less soon while it keeps ending. */
  engineEnded(context: OpenContext, reason: string): void {
    const wait = this.#restartLater(context.name);
    this.#lose(context, `✕ the engine ended (${reason}), starting again in ${Math.ceil(wait / 1000)} s`);
  }

  /** The kubeconfig has other entries for the context, or (`problem`) none that can be used. */
  retired(context: OpenContext, problem: string | undefined): void {
    this.#lose(context, problem === undefined ? '✕ the kubeconfig changed, connecting again' : `✕ ${problem}`);
  }

  /** Contexts that can be used now: views that lost theirs come back. */
  contextsChanged(names: ReadonlySet<string>): void {
    this.#reopen(({ context }) => names.has(context.name));
  }

  #restartLater(name: string): number {
    return this.#restarts.ended(name, () => this.#reopen(({ context }) => context.name === name));
  }

  #lose(context: OpenContext, right: string): void {
    for (const entry of this.#views.values()) {
      if (entry.context !== context) continue;
      entry.engine = undefined;
      const { client, view } = entry;
      const text = { left: context.name, middle: '', right, style: 'KubectlError' };
      this.#toEditor(client, { type: 'state', view, phase: 'ended', ...text, shown: 0, total: 0 });
    }
  }

  /** The editor knows best what it shows: order, filter, columns, namespaces. It asks for its views again. */
  #reopen(which: (entry: OpenView) => boolean): void {
    for (const entry of this.#views.values()) {
      const { client, view, engine } = entry;
      if (engine === undefined && !this.#logins.waits(entry) && which(entry))
        this.#toEditor(client, { type: 'reopen', view });
    }
  }

  #find(client: number, view: number): OpenView {
    const open = this.#views.get(keyOf(client, view));
    if (open !== undefined) return open;
    throw new ClusterError('not-found', `view ${view} is not open`, { hint: 'Open the table again.' });
  }

  #forget(client: number, view: number): void {
    const key = keyOf(client, view);
    this.#logins.end({ client, view });
    this.#views.get(key)?.release();
    this.#views.delete(key);
  }

  /** Somebody asks: a login that was just refused is tried once more too. */
  #refresh(params: Params<'view.refresh'>, client: number): Promise<Record<string, never>> {
    const engine = this.engineOf(client, params.view);
    this.contextOf(client, params.view).insist();
    return engine.call('view.refresh', params, client);
  }

  #post<M extends 'view.ack' | 'view.viewport' | 'view.resend' | 'view.close'>(
    method: M,
    params: Params<M>,
    client: number,
  ): null {
    this.#views.get(keyOf(client, params.view))?.engine?.post(method, params as never, client);
    return null;
  }

  /** The context of a view, logged in to; where nobody can log in the view waits for somebody who can. */
  async #stand(client: number, view: number, wanted: string | undefined, began: Began): Promise<Standing> {
    try {
      return await this.#clients.standing(client, wanted);
    } catch (thrown) {
      const known = await this.#clients.named(client, wanted).catch(() => undefined);
      const error = asClusterError(thrown);
      throw await this.#logins.failed({ client, view }, { context: known?.name ?? wanted ?? '', error, began });
    }
  }

  async #open(params: Params<'view.open'>, client: number): Promise<TableOpened> {
    const { view, query } = params;
    const key = keyOf(client, view);
    const waited = this.#logins.waits({ client, view });
    const began = this.#logins.begin({ client, view }, query.context ?? '');
    const { context, namespaces: standing } = await this.#stand(client, view, query.context, began);
    if (waited) context.insist();
    const { engine } = context;
    const before = this.#views.get(key);
    const shown = before?.shown ?? false;
    const entry: OpenView = { client, view, context, engine, release: context.hold(), shown };
    this.#views.set(key, entry);
    try {
      const opened = await engine.call('view.open', { ...params, namespaces: query.namespaces ?? standing }, client);
      entry.shown = true;
      this.#logins.end({ client, view });
      this.#logins.opened(context.name);
      if (before?.engine !== engine) before?.engine?.post('view.close', { view }, client);
      before?.release();
      // Closed while it was being opened: the engine may have learned of the closing first. Opened again meanwhile:
      // the engine keeps the newest session of a view by itself.
      const now = this.#views.get(key);
      if (now === undefined || now.engine !== engine) engine.post('view.close', { view }, client);
      else this.#toEditor(client, { type: 'event', name: 'K8sResourceSelected', data: { view, ...opened } });
      return opened;
    } catch (thrown) {
      entry.release();
      throw await this.#refused(entry, before, asClusterError(thrown), began);
    }
  }

  /** A view could not be opened: what becomes of it, and what is said of that. */
  async #refused(
    entry: OpenView,
    before: OpenView | undefined,
    error: ClusterError,
    began: Began,
  ): Promise<ClusterError> {
    const { client, view, context } = entry;
    const key = keyOf(client, view);
    // It was closed or opened again meanwhile.
    if (this.#views.get(key) !== entry) {
      this.#logins.overtaken(entry, began);
      // Whoever overtook it goes back to what was open before, not to this.
      entry.engine = before?.engine;
      return error;
    }
    // The engine ended: it is told already that the view is wanted again.
    const lost = entry.engine === undefined;
    const login = error.code === 'unauthorized' && !lost;
    if (!login) this.#logins.end({ client, view });
    if (!lost && before?.engine !== undefined) {
      this.#logins.end({ client, view });
      this.#views.set(key, before);
      return error;
    }
    before?.release();
    const again = entry.shown || login || passing.has(error.code);
    if (!lost && !again) this.#views.delete(key);
    entry.engine = undefined;
    if (lost || !again) return error;
    if (login) {
      const failure = { context: context.name, error, began, login: context.loginFailure() };
      return await this.#logins.failed(entry, failure);
    }
    this.#restartLater(context.name);
    return triedAgain(error);
  }
}
