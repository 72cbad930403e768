import type { Readable } from 'node:stream';

export type TransportRequest = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path without the query, as resourcePath() makes it. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as is; objects are sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Until the response's headers, in ms; 30 s unless told. */
  readonly timeoutMs?: number;
  /** Longest silence of the body in ms; none unless told. A longer one ends the body with ClusterError('timeout'). */
  readonly idleMs?: number;
  /** Idle connections may be dead without anyone having been told: they are closed, and a new one is opened. */
  readonly fresh?: true;
  /** Nobody asked for this request: it never starts a login, whose plugin may open a browser. */
  readonly background?: true;
};

export type TransportResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Already decompressed. */
  readonly body: Readable;
};

/** Authenticated requests to one API server. Never throws plain errors: everything is a ClusterError. */
export interface Transport {
  /** Resolves when the headers are there, whatever the status. Rejects with unreachable, timeout, cancelled. */
  request(request: TransportRequest): Promise<TransportResponse>;
  /** A 2xx body as JSON; other statuses reject with the ClusterError of their Status body. */
  json<T>(request: TransportRequest): Promise<T>;
  /** How far the server's clock is ahead of ours; 0 while that is unknown or too little to matter. */
  skewMs?(): number;
  dispose(): void;
}
