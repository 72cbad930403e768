import type { Transport } from '../cluster/transport.ts';
import type { Decoded, Decoder, ListDecoder, TableColumn } from '../decode/decoded.ts';
import { contentType, readBody, readRefusal } from './answer.ts';
import type { Limits } from './backoff.ts';

export type Selectors = { readonly labelSelector?: string; readonly fieldSelector?: string };

/** What list and watch ask for. */
export type Source = {
  readonly transport: Transport;
  readonly path: string;
  readonly selectors: Selectors;
  readonly decoder: Decoder;
};

export type ListRequest = Source & {
  readonly from: '0' | '';
  readonly paged: boolean;
  readonly limits: Limits;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onColumns: (columns: readonly TableColumn[]) => void;
  readonly onItems: (items: readonly Decoded[]) => void;
};

/** Objects of one page where the whole list at once did not come through. */
const pageSize = '500';

/** One page; its columns and items are handed over while they arrive. */
export const readPage = async (request: ListRequest, query: Readonly<Record<string, string>>): Promise<ListDecoder> => {
  const response = await request.transport.request({
    path: request.path,
    query: { ...request.selectors, ...request.decoder.query, ...query },
    headers: { accept: request.decoder.accept },
    signal: request.signal,
    timeoutMs: request.limits.listMs,
    idleMs: request.limits.listMs,
  });
  if (response.status >= 300) throw await readRefusal(response, request.now);
  const decoder = request.decoder.list(contentType(response));
  let columns: readonly TableColumn[] | undefined;
  const deliver = (items: readonly Decoded[]): void => {
    if (decoder.columns !== undefined && decoder.columns !== columns) {
      columns = decoder.columns;
      request.onColumns(columns);
    }
    if (items.length > 0) request.onItems(items);
  };
  await readBody(response, { sliceMs: request.limits.sliceMs, now: request.now }, (chunk) =>
    deliver(decoder.push(chunk)),
  );
  deliver(decoder.end());
  return decoder;
};

/** One whole list; returns its resourceVersion. Throws ClusterError, `expired` too when a continue token does. */
export const readList = async (request: ListRequest): Promise<string> => {
  if (!request.paged) {
    const page = await readPage(request, request.from === '' ? {} : { resourceVersion: request.from });
    if (page.continueToken === '') return page.resourceVersion;
    return readPages(request, page.continueToken, page.resourceVersion);
  }
  return readPages(request, undefined, '');
};

/** All pages are of one resourceVersion, so the last one's is as good as the first one's. */
const readPages = async (request: ListRequest, first: string | undefined, version: string): Promise<string> => {
  let token = first;
  let resourceVersion = version;
  do {
    const page = await readPage(request, { limit: pageSize, ...(token === undefined ? {} : { continue: token }) });
    resourceVersion = page.resourceVersion;
    token = page.continueToken;
  } while (token !== '');
  return resourceVersion;
};
