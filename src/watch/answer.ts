import { setImmediate as breathe } from 'node:timers/promises';
import { retryAfterMs } from '../cluster/status-error.ts';
import type { TransportResponse } from '../cluster/transport.ts';
import { readStatus } from '../decode/status.ts';
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

/** Hands over the chunks of a body and lets the event loop breathe after every `sliceMs` of work. */
export const readBody = async (
  response: TransportResponse,
  options: { readonly sliceMs: number; readonly now: () => number },
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> => {
  let sliceStart = options.now();
  try {
    for await (const chunk of response.body) {
      onChunk(chunk as Uint8Array);
      if (options.now() - sliceStart < options.sliceMs) continue;
      await breathe();
      sliceStart = options.now();
    }
  } catch (error) {
    throw brokenStream(error);
  }
};
