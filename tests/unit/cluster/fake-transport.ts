import type { Transport, TransportRequest } from '../../../src/cluster/transport.ts';
import { asClusterError } from '../../../src/util/error.ts';

export type Asked = { readonly method: string; readonly path: string; readonly body: unknown; readonly accept: string };

/** A transport whose JSON answers a function makes; for what is about requests, not about connections. */
export const transportOf = (answer: (asked: Asked) => unknown): { transport: Transport; asked: Asked[] } => {
  const asked: Asked[] = [];
  const json = async <T>(request: TransportRequest): Promise<T> => {
    const { method = 'GET', path, body, headers = {} } = request;
    const entry = { method, path, body, accept: headers.accept ?? '' };
    asked.push(entry);
    try {
      return (await answer(entry)) as T;
    } catch (thrown) {
      throw asClusterError(thrown);
    }
  };
  const request = () => Promise.reject(new Error('only JSON is answered here'));
  return { transport: { json, request, dispose: () => {} }, asked };
};
