import { PassThrough } from 'node:stream';
import { vi } from 'vitest';
import type { Transport, TransportRequest, TransportResponse } from '../../../src/cluster/transport.ts';
import { ClusterError } from '../../../src/util/error.ts';

/** One request that waits for the test to answer it. */
export type Call = {
  readonly request: TransportRequest;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Headers with a body that stays open. */
  open(status?: number, headers?: Readonly<Record<string, string>>): PassThrough;
  /** A whole answer. */
  json(value: unknown, status?: number, headers?: Readonly<Record<string, string>>): void;
  fail(error: ClusterError): void;
};

export type Script = {
  readonly transport: Transport;
  /** The next request that nobody has taken yet. */
  next(): Promise<Call>;
  /** Requests that nobody has taken. */
  readonly pending: number;
};

/** A transport that the test plays: requests queue up, the test takes and answers them. Aborts behave as in Node. */
export const scriptedTransport = (): Script => {
  const calls: Call[] = [];
  const request = (wanted: TransportRequest): Promise<TransportResponse> =>
    new Promise((resolve, reject) => {
      const cancelled = () => new ClusterError('cancelled', 'cancelled');
      wanted.signal?.addEventListener('abort', () => reject(cancelled()));
      if (wanted.signal?.aborted) reject(cancelled());
      const open: Call['open'] = (status = 200, headers = {}) => {
        const body = new PassThrough();
        wanted.signal?.addEventListener('abort', () => body.destroy(cancelled()));
        resolve({ status, headers: { 'content-type': 'application/json', ...headers }, body });
        return body;
      };
      calls.push({
        request: wanted,
        query: wanted.query ?? {},
        open,
        json: (value, status, headers) => void open(status, headers).end(JSON.stringify(value)),
        fail: reject,
      });
    });
  return {
    transport: {
      request,
      json: () => Promise.reject(new Error('not used by reflectors')),
      dispose: () => {},
    },
    next: () => vi.waitFor(() => calls.shift() ?? Promise.reject(new Error('no request came'))),
    get pending() {
      return calls.length;
    },
  };
};
