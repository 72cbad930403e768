import type { Methods, Params, Reply, Request, Result, WireError } from '../protocol/wire.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { plainText } from '../util/plain-text.ts';
import { checkParams } from './check.ts';

export type Handlers = {
  readonly [M in keyof Methods]: (params: Params<M>, client: number) => Result<M> | Promise<Result<M>>;
};

/** The handler of a method; undefined for a method nobody handles. */
export type Find = (
  method: string,
  params: unknown,
) => Promise<((params: unknown, client: number) => unknown) | undefined>;

const wireError = (thrown: unknown): WireError => {
  const { code, message, hint } = asClusterError(thrown);
  return hint === undefined ? { code, message } : { code, message, hint };
};

const isRequest = (message: unknown): message is Request => {
  if (typeof message !== 'object' || message === null) return false;
  const { id, method } = message as Partial<Request>;
  return Number.isInteger(id) && typeof method === 'string';
};

/** What can be answered although it is no request. */
const idOf = (message: unknown): number => {
  const id = typeof message === 'object' && message !== null ? (message as Partial<Request>).id : undefined;
  return Number.isInteger(id) ? (id ?? 0) : 0;
};

export type DispatchOptions = {
  readonly find: Find;
  readonly client: number;
  readonly reply: (reply: Reply) => void;
  /** Failures nobody waits for: bad messages and requests without an id. */
  readonly onProblem: (text: string, thrown: unknown) => void;
};

/** One guarded door for everything Lua says: each request with an id gets exactly one reply, nothing throws. */
export const createDispatch = ({ find, client, reply, onProblem }: DispatchOptions) => {
  const run = async (request: Request): Promise<unknown> => {
    const params = request.params ?? {};
    checkParams(request.method, params);
    const handler = await find(request.method, params);
    if (handler === undefined) {
      throw new ClusterError('unsupported', `unknown method '${plainText(request.method, 100)}'`, {
        hint: 'The plugin and its backend differ in version: run `npm run setup` in the plugin folder.',
      });
    }
    return await handler(params, client);
  };
  return async (message: unknown): Promise<void> => {
    if (!isRequest(message)) {
      onProblem('a message without id or method', message);
      const error = new ClusterError('invalid', 'a message without id or method', {
        hint: 'Requests are made with `require("kubectl.host").request(method, params, callback)`.',
      });
      if (idOf(message) !== 0) reply({ type: 'reply', id: idOf(message), error: wireError(error) });
      return;
    }
    try {
      const ok = await run(message);
      if (message.id !== 0) reply({ type: 'reply', id: message.id, ok: ok ?? null });
    } catch (thrown) {
      if (message.id === 0) onProblem(message.method, thrown);
      else reply({ type: 'reply', id: message.id, error: wireError(thrown) });
    }
  };
};
