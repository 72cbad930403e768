import type { ClientSpec } from '../protocol/client-spec.ts';
import { ClusterError } from '../util/error.ts';
import { cancelled } from './cancelled.ts';
import { type Channel, type Connect, messageKind } from './channel.ts';

export type Call = {
  readonly method: string;
  /** 0: no client, for 'version'. */
  readonly client: number;
  readonly params: unknown;
  /** For messages: "describe pods default/web". */
  readonly what: () => string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((data: string) => void) | undefined;
};

type Pending = {
  readonly call: Call;
  readonly resolve: (data: string) => void;
  readonly reject: (error: ClusterError) => void;
};

/** The Go code behind a channel: matches answers with calls, and opens the clients again when the channel was lost. */
export class GoHost {
  readonly #connect: Connect;
  readonly #pending = new Map<number, Pending>();
  readonly #clients = new Map<number, ClientSpec>();
  #channel: Channel | undefined;
  #lastOp = 0;
  #lastClient = 0;
  #disposed = false;

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  call(call: Call): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#disposed) throw new ClusterError('cancelled', `${call.what()}: kubectl's code was shut down`);
      if (call.client !== 0 && !this.#clients.has(call.client)) {
        throw new ClusterError('cancelled', `${call.what()}: the client was closed`);
      }
      if (call.signal?.aborted) throw cancelled(call.what(), call.signal);
      const channel = this.#open();
      const op = ++this.#lastOp;
      const abort = (): void => {
        this.#settle(op)?.reject(cancelled(call.what(), call.signal));
        channel.cancel(op);
      };
      const settled = (): void => call.signal?.removeEventListener('abort', abort);
      call.signal?.addEventListener('abort', abort, { once: true });
      this.#pending.set(op, {
        call,
        resolve: (data) => {
          settled();
          resolve(data);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      channel.submit(op, JSON.stringify({ method: call.method, client: call.client, params: call.params }));
    });
  }

  openClient(spec: ClientSpec): number {
    const id = ++this.#lastClient;
    this.#clients.set(id, spec);
    if (this.#channel !== undefined) this.#tell('open', id, wire(spec));
    return id;
  }

  setToken(client: number, token: string): void {
    const spec = this.#clients.get(client);
    if (spec === undefined) return;
    this.#clients.set(client, { ...spec, token });
    if (this.#channel !== undefined) this.#tell('token', client, token);
  }

  closeClient(client: number): void {
    if (!this.#clients.delete(client)) return;
    for (const [op, { call }] of this.#pending) {
      if (call.client === client) {
        this.#settle(op)?.reject(new ClusterError('cancelled', `${call.what()}: the client was closed`));
      }
    }
    if (this.#channel !== undefined) this.#tell('close', client, null);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const client of [...this.#clients.keys()]) this.closeClient(client);
    for (const [op, { call }] of this.#pending) {
      this.#settle(op)?.reject(new ClusterError('cancelled', `${call.what()}: kubectl's code was shut down`));
    }
    this.#channel?.close();
    this.#channel = undefined;
  }

  #open(): Channel {
    if (this.#channel !== undefined) return this.#channel;
    const channel = this.#connect(
      (op, kind, data) => this.#receive(op, kind, data),
      (why) => this.#lost(channel, why),
    );
    this.#channel = channel;
    for (const [id, spec] of this.#clients) this.#tell('open', id, wire(spec));
    return channel;
  }

  #tell(method: string, client: number, params: unknown): void {
    this.#channel?.submit(0, JSON.stringify({ method, client, params }));
  }

  #settle(op: number): Pending | undefined {
    const pending = this.#pending.get(op);
    this.#pending.delete(op);
    return pending;
  }

  #receive(op: number, kind: number, data: string): void {
    try {
      if (kind === messageKind.progress) this.#pending.get(op)?.call.onProgress?.(data);
      else if (kind === messageKind.result) this.#settle(op)?.resolve(data);
      else this.#settle(op)?.reject(decodeError(data));
    } catch (bug) {
      // A channel's receiver must not throw, and a bug must not be silent.
      queueMicrotask(() => {
        throw bug;
      });
    }
  }

  #lost(channel: Channel, why: string): void {
    if (this.#channel !== channel) return;
    this.#channel = undefined;
    for (const [op, { call }] of this.#pending) {
      this.#settle(op)?.reject(
        new ClusterError('internal', `${call.what()}: ${why}`, { hint: 'try again: it is started anew' }),
      );
    }
  }
}

const decodeError = (data: string): ClusterError => {
  try {
    const { code, message, hint } = JSON.parse(data);
    return new ClusterError(code, message, { hint });
  } catch (cause) {
    return new ClusterError('internal', 'kubectl’s code failed and its error cannot be read', { cause });
  }
};

/** The paths are for the kubectl program; Go works with data alone. */
const wire = ({ kubeconfig: _path, context: _name, ...spec }: ClientSpec): unknown => spec;
