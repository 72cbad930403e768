import type { ClientSpec } from '../protocol/client-spec.ts';
import { ClusterError } from '../util/error.ts';
import type { JsonRequest, JsonSource } from './dashboard.ts';

export type OwnedSource = JsonSource & { dispose(): void };

export type Renew = (stale: ClientSpec) => Promise<ClientSpec>;

export type ClientSourceOptions = {
  /** Asks the main thread; `stale` is what the server no longer takes. */
  readonly wantClient: (stale?: ClientSpec) => Promise<ClientSpec>;
  readonly connect: (spec: ClientSpec, renew: Renew) => OwnedSource;
};

/** Requests to one context through a connection of the worker's own, opened at the first of them. */
export const createClientSource = ({ wantClient, connect }: ClientSourceOptions): OwnedSource => {
  let connection: Promise<OwnedSource> | undefined;
  let disposed = false;

  const closed = (): ClusterError => new ClusterError('cancelled', 'The dashboard was closed.');

  const connected = async (): Promise<OwnedSource> => {
    const spec = await wantClient();
    if (disposed) throw closed();
    return connect(spec, wantClient);
  };

  const current = (): Promise<OwnedSource> => {
    if (disposed) return Promise.reject(closed());
    if (connection !== undefined) return connection;
    const opening = connected();
    connection = opening;
    // A client that could not be had is asked for again by the next request.
    opening.catch(() => {
      if (connection === opening) connection = undefined;
    });
    return opening;
  };

  return {
    json: async <T>(request: JsonRequest): Promise<T> => (await current()).json<T>(request),
    dispose: () => {
      disposed = true;
      connection?.then(
        (source) => source.dispose(),
        () => undefined,
      );
    },
  };
};
