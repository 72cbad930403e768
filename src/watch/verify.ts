import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import { readBody, readRefusal } from './answer.ts';
import type { Limits } from './backoff.ts';
import { connection, type Source } from './list.ts';

/**
 * After an outage: has the server seen `resourceVersion`? A watch from a version that is still to come is accepted
 * and stays silent, so a restored etcd would go unnoticed. Asks for one object at that version at least; returns the
 * error when the server's history is shorter, undefined when it is not or cannot be told.
 */
export const historyLost = async (
  source: Source,
  resourceVersion: string,
  { limits, clock, signal }: { readonly limits: Limits; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ClusterError | undefined> => {
  const now = () => clock.now();
  try {
    const response = await source.transport.request({
      path: source.path,
      query: { ...source.decoder.query, limit: '1', resourceVersion, resourceVersionMatch: 'NotOlderThan' },
      headers: { accept: source.decoder.accept },
      signal,
      ...connection(source),
      idleMs: limits.listMs,
    });
    if (response.status >= 300) throw await readRefusal(response, now);
    await readBody(response, { sliceMs: limits.sliceMs, now }, () => {});
    return undefined;
  } catch (error) {
    return error instanceof ClusterError && error.code === 'expired' ? error : undefined;
  }
};
