import { Readable } from 'node:stream';
import type { Transport, TransportRequest, TransportResponse } from '../../../src/cluster/transport.ts';
import { ClusterError } from '../../../src/util/error.ts';

/** A body the test writes into; the session reads it as it would a socket's. */
export type Stream = {
  readonly request: TransportRequest;
  write(text: string | Uint8Array): void;
  end(): void;
  cut(): void;
};

export type Handler = (request: TransportRequest) => unknown;

/** Answers by path; a handler's `stream` leaves the body to the test. Anything else is JSON, an error, or a 404. */
export const fakeServer = () => {
  const handlers = new Map<string, Handler>();
  const streams: Stream[] = [];
  const requests: TransportRequest[] = [];

  const openStream = (request: TransportRequest): TransportResponse => {
    const body = new Readable({ read: () => undefined });
    request.signal?.addEventListener('abort', () => body.destroy(new ClusterError('cancelled', 'cancelled')));
    streams.push({
      request,
      write: (text) => body.push(text),
      end: () => body.push(null),
      cut: () => body.destroy(new ClusterError('unreachable', 'the connection was reset')),
    });
    return { status: 200, headers: {}, body };
  };

  const answer = (request: TransportRequest): unknown => {
    requests.push(request);
    const handler = handlers.get(request.query?.watch === '1' ? `watch ${request.path}` : request.path);
    const value =
      handler === undefined
        ? new ClusterError('not-found', `${request.path} not found`, { status: 404 })
        : handler(request);
    if (value instanceof Error) throw value;
    return value;
  };

  const transport: Transport = {
    request: async (request) => {
      await Promise.resolve();
      const value = answer(request);
      if (value === 'stream') return openStream(request);
      const { status, text } = value as { status: number; text: string };
      return { status, headers: { 'content-type': 'application/json' }, body: Readable.from([Buffer.from(text)]) };
    },
    json: async <T>(request: TransportRequest): Promise<T> => {
      await Promise.resolve();
      return answer(request) as T;
    },
    dispose: () => undefined,
  };
  return {
    transport,
    requests,
    streams,
    on: (path: string, handler: Handler): void => void handlers.set(path, handler),
    open: (path: string): Stream[] => streams.filter(({ request }) => request.path === path),
  };
};

/** Lets everything that is ready run. */
export const turns = async (count = 6): Promise<void> => {
  for (let index = 0; index < count; index++) await new Promise((resolve) => setImmediate(resolve));
};
