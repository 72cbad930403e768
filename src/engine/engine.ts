import { parentPort } from 'node:worker_threads';
import { createTransport } from '../cluster/node-transport.ts';
import type { ClientSpec } from '../protocol/client-spec.ts';
import { systemClock } from '../util/clock.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { growSlowly } from '../util/heap-growth.ts';
import { keepCode } from '../util/keep-code.ts';
import { setAmbiguousWidth } from '../util/width.ts';
import type { EngineCall, EngineStart, FromEngine, ToEngine } from './messages.ts';
import { createEngine } from './serve.ts';

const port = parentPort;
if (port === null) throw new Error('engine.ts is a worker: src/engine/host.ts starts it');

const post = (message: FromEngine): void => port.postMessage(message);

/** Main renews credentials; requests that need a new one wait for the same answer. */
const createRenewal = () => {
  let waiting: PromiseWithResolvers<ClientSpec> | undefined;
  const settle = (act: (pending: PromiseWithResolvers<ClientSpec>) => void): void => {
    const pending = waiting;
    waiting = undefined;
    if (pending !== undefined) act(pending);
  };
  return {
    renew: (stale: ClientSpec): Promise<ClientSpec> => {
      if (waiting === undefined) {
        waiting = Promise.withResolvers<ClientSpec>();
        post({ type: 'credential', stale });
      }
      return waiting.promise;
    },
    arrived: (fresh: ClientSpec): void => settle(({ resolve }) => resolve(fresh)),
    refused: (error: ClusterError): void => settle(({ reject }) => reject(error)),
  };
};

// One bug in a timer or listener must not end every table of the context; main writes stderr to the backend's log.
const bug = (thrown: unknown): void => {
  process.stderr.write(`bug: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
};
process.on('uncaughtException', bug);
process.on('unhandledRejection', bug);

const renewal = createRenewal();

const create = ({ context, spec, fallback }: EngineStart) =>
  createEngine({
    context,
    transport: createTransport(spec, { clock: systemClock, renew: renewal.renew }),
    clock: systemClock,
    toEditor: (client, message) => post({ type: 'editor', client, message }),
    fallback: () => fallback,
  });

/** A spec that cannot be used is told to everybody who asks for something. */
let engine: () => ReturnType<typeof create> = () => {
  throw new Error('the engine was not told what it is of');
};

const begin = (message: EngineStart): void => {
  growSlowly();
  keepCode(systemClock);
  setAmbiguousWidth(message.ambiwidth);
  try {
    const created = create(message);
    engine = () => created;
  } catch (thrown) {
    engine = () => {
      throw thrown;
    };
  }
};

const answer = async ({ id, client, method, params }: EngineCall): Promise<void> => {
  try {
    const handler = engine().handlers[method] as (params: unknown, client: number) => unknown;
    const ok = await handler(params, client);
    if (id !== 0) post({ type: 'answer', id, ok });
  } catch (thrown) {
    const { code, message, hint } = asClusterError(thrown);
    if (id !== 0) post({ type: 'answer', id, error: { code, message, hint } });
  }
};

port.on('message', (message: ToEngine) => {
  switch (message.type) {
    case 'start':
      begin(message);
      return;
    case 'call':
      void answer(message);
      return;
    case 'spec':
      renewal.arrived(message.spec);
      return;
    case 'no-spec':
      renewal.refused(new ClusterError(message.error.code, message.error.message, { hint: message.error.hint }));
      return;
    default:
      message satisfies never;
  }
});
