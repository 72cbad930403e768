import type { ClientSpec } from '../protocol/client-spec.ts';
import type { ToEditor } from '../protocol/wire.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import type { EngineCall, EngineMethods, FromEngine, ToEngine } from './messages.ts';
import type { Workers } from './workers.ts';

/** Main's handle on the worker that holds one context. */
export interface EngineHost {
  call<M extends keyof EngineMethods>(
    method: M,
    params: EngineMethods[M][0],
    client?: number,
  ): Promise<EngineMethods[M][1]>;
  /** A call nobody waits for. */
  post<M extends keyof EngineMethods>(method: M, params: EngineMethods[M][0], client: number): void;
  dispose(): void;
}

export type EngineHostOptions = {
  readonly workers: Workers;
  readonly context: string;
  readonly spec: ClientSpec;
  readonly fallback: readonly string[];
  readonly ambiwidth?: 'single' | 'double';
  /** Asked when the server refuses the credential; a rejection is shown in the views. */
  readonly renew: (stale: ClientSpec) => Promise<ClientSpec>;
  readonly toEditor: (client: number, message: ToEditor) => void;
  /** The worker ended by itself; every call under way has been rejected. */
  readonly onEnd: (reason: string) => void;
};

type Waiting = { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void };

export const createEngineHost = (options: EngineHostOptions): EngineHost => {
  const worker = options.workers.take();
  const waiting = new Map<number, Waiting>();
  let nextId = 0;
  let ended = false;

  const send = (message: ToEngine): void => worker.postMessage(message);
  const { context, spec, fallback, ambiwidth = 'single' } = options;
  send({ type: 'start', context, spec, fallback, ambiwidth });

  const end = (reason: string): void => {
    if (ended) return;
    ended = true;
    for (const { reject } of waiting.values()) {
      reject(
        new ClusterError('internal', `the engine of context '${options.context}' ended: ${reason}`, {
          hint: 'gr opens the view again.',
        }),
      );
    }
    waiting.clear();
    options.onEnd(reason);
  };

  const answer = ({ id, ok, error }: Extract<FromEngine, { type: 'answer' }>): void => {
    const call = waiting.get(id);
    if (call === undefined) return;
    waiting.delete(id);
    if (error === undefined) call.resolve(ok);
    else call.reject(new ClusterError(error.code, error.message, { hint: error.hint }));
  };

  const renew = async (stale: ClientSpec): Promise<void> => {
    try {
      send({ type: 'spec', spec: await options.renew(stale) });
    } catch (thrown) {
      const { code, message, hint } = asClusterError(thrown);
      send({ type: 'no-spec', error: { code, message, hint } });
    }
  };

  worker.on('message', (message: FromEngine) => {
    if (message.type === 'answer') answer(message);
    else if (message.type === 'editor') options.toEditor(message.client, message.message);
    else void renew(message.stale);
  });
  worker.on('error', (error) => end(error.message));
  worker.on('exit', (code) => end(`exit code ${code}`));

  return {
    call: (method, params, client = 0) =>
      new Promise((resolve, reject) => {
        if (ended) {
          reject(new ClusterError('internal', `the engine of context '${options.context}' has ended`));
          return;
        }
        const id = ++nextId;
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        send({ type: 'call', id, client, method, params } as EngineCall);
      }),
    post: (method, params, client) => {
      if (!ended) send({ type: 'call', id: 0, client, method, params } as EngineCall);
    },
    dispose: () => {
      ended = true;
      void worker.terminate();
    },
  };
};
