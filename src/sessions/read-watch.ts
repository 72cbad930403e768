import type { Readable } from 'node:stream';
import { parseStatus, responseError, type Status, statusError } from '../cluster/status-error.ts';
import type { Transport, TransportRequest } from '../cluster/transport.ts';
import { ClusterError } from '../util/error.ts';

export type WatchEvent<T> = { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: T };

type WireEvent<T> = { readonly type: WatchEvent<T>['type'] | 'ERROR'; readonly object: T };

/** A Status is small, a proxy's error page is not worth more. */
const mostErrorBytes = 64 * 1024;

export const readText = async (body: Readable): Promise<string> => {
  let text = '';
  for await (const chunk of body) {
    text += String(chunk);
    if (text.length > mostErrorBytes) break;
  }
  return text;
};

const parse = <T>(line: string, path: string): WireEvent<T> => {
  try {
    return JSON.parse(line) as WireEvent<T>;
  } catch (cause) {
    throw new ClusterError('invalid', `the watch of ${path} sent a line that is no JSON`, { cause });
  }
};

/** The events of one watch; `onOpen` is called when the server has accepted it. Rejects with the ClusterError of an ERROR event or of the connection. */
export async function* readWatch<T>(
  transport: Transport,
  request: TransportRequest,
  onOpen: () => void,
): AsyncGenerator<WatchEvent<T>> {
  const response = await transport.request(request);
  if (response.status >= 300) {
    throw responseError(response, await readText(response.body), `watch ${request.path}`, Date.now());
  }
  onOpen();
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') continue;
      const event = parse<T>(line, request.path);
      if (event.type === 'ERROR') {
        const status: Status = parseStatus(JSON.stringify(event.object)) ?? {};
        throw statusError(status, status.code ?? 500, `watch ${request.path}`);
      }
      yield { type: event.type, object: event.object };
    }
  }
}
