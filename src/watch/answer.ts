import { finished } from 'node:stream';
import { retryAfterMs } from '../cluster/status-error.ts';
import type { TransportResponse } from '../cluster/transport.ts';
import { readStatus } from '../decode/status.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { refusal } from './status.ts';

/** A Status is a few hundred bytes; a proxy's error page need not be read whole. */
const longestRefusal = 64 * 1024;

const header = (response: TransportResponse, name: string): string | undefined => {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

export const contentType = (response: TransportResponse): string => header(response, 'content-type') ?? '';

/** A failure while reading, in our words. Errors of a connection have a code; what has none is a bug. */
const brokenStream = (thrown: unknown): ClusterError => {
  const system = thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string';
  if (thrown instanceof ClusterError || !system) return asClusterError(thrown);
  return new ClusterError('unreachable', `the connection broke: ${thrown.message}`, { cause: thrown });
};

/** The body of an answer other than 2xx, as the error it stands for. */
export const readRefusal = async (response: TransportResponse, now: () => number): Promise<ClusterError> => {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of response.body) {
      parts.push(part as Buffer);
      length += (part as Buffer).length;
      if (length > longestRefusal) break;
    }
  } catch (error) {
    return brokenStream(error);
  }
  const status = readStatus(Buffer.concat(parts), contentType(response));
  return refusal(response.status, status, retryAfterMs(response.headers['retry-after'], now()));
};

export type Pace = {
  /** Work between two breaths of the event loop. */
  readonly sliceMs: number;
  readonly now: () => number;
  /** What arrives within `ms` of the last handing over is handed over together; the first bytes never wait. */
  readonly gather?: { readonly ms: number; readonly after: Clock['after'] };
};

/** Bytes are not gathered beyond this: they are worked on while the next ones come. */
const mostGathered = 256 * 1024;

/** Chunks that are handed over together. */
const createGathering = (
  { ms, after }: NonNullable<Pace['gather']>,
  now: () => number,
  work: (chunk: Uint8Array) => void,
) => {
  let chunks: Uint8Array[] = [];
  let size = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;
  const flush = (): void => {
    cancel?.();
    cancel = undefined;
    const [first] = chunks;
    if (first === undefined) return;
    const gathered = chunks.length === 1 ? first : Buffer.concat(chunks, size);
    chunks = [];
    size = 0;
    lastAt = now();
    work(gathered);
  };
  const add = (chunk: Uint8Array, later: () => void): void => {
    chunks.push(chunk);
    size += chunk.length;
    // A clock that was set back must not hold anything back.
    const wait = size > mostGathered ? 0 : Math.min(ms, lastAt + ms - now());
    if (wait <= 0) flush();
    else cancel ??= after(wait, later);
  };
  return { add, flush };
};

/**
 * Hands over the bytes of a body, and what `onChunk` throws to the caller. Listens to the stream instead of iterating
 * it: at hundreds of small chunks a second the iterator's promises cost as much as what is done with the chunks.
 */
export const readBody = (
  { body }: TransportResponse,
  { sliceMs, now, gather }: Pace,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const gathering = createGathering(gather ?? { ms: 0, after: () => () => {} }, now, onChunk);
  let sliceStart = now();
  /** Runs what may throw; false when it did. */
  const attempt = (work: () => void): boolean => {
    try {
      work();
      return true;
    } catch (thrown) {
      reject(brokenStream(thrown));
      body.destroy();
      return false;
    }
  };
  const breathe = (): void => {
    if (now() - sliceStart < sliceMs) return;
    body.pause();
    setImmediate(() => {
      sliceStart = now();
      body.resume();
    });
  };
  body.on('data', (chunk: Uint8Array) => {
    if (attempt(() => gathering.add(chunk, () => attempt(gathering.flush))) && gather === undefined) breathe();
  });
  // Also where it has ended or broken off before anybody listened.
  finished(body, { writable: false }, (error) => {
    // What came before the end counts, however it ended.
    if (!attempt(gathering.flush)) return;
    if (error) reject(brokenStream(error));
    else resolve();
  });
  return promise;
};
