import { readAll } from '../cluster/body.ts';
import { parseStatus, responseError, type Status } from '../cluster/status-error.ts';
import type { Transport, TransportRequest } from '../cluster/transport.ts';
import type { ClusterError } from '../util/error.ts';
import type { JsonMap } from './json.ts';

/** What the server made of a write. Who could not be reached throws instead. */
export type Answer =
  | { readonly ok: true; readonly object: JsonMap; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly status: Status; readonly error: ClusterError };

/** `299 - "text"`, several in one header or in several (RFC 7234, 5.5). */
const warningsOf = (header: string | string[] | undefined): string[] =>
  [header ?? []]
    .flat()
    .flatMap((value) =>
      [...value.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1')),
    );

/** One request whose refusal is an answer, not an exception. */
export const ask = async (transport: Transport, request: TransportRequest, now: () => number): Promise<Answer> => {
  const response = await transport.request(request);
  const body = await readAll(response.body);
  if (response.status < 300) {
    return { ok: true, object: JSON.parse(body) as JsonMap, warnings: warningsOf(response.headers.warning) };
  }
  const tried = `${request.method ?? 'GET'} ${request.path}`;
  const error = responseError(response, body, tried, now());
  // What is not about this write passes: it is told like any failure to reach the server.
  if (error.code === 'unauthorized' || error.code === 'throttled' || response.status >= 502) throw error;
  return { ok: false, status: parseStatus(body) ?? { message: error.message, code: response.status }, error };
};
