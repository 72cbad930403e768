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
  /** The path of the one object that the selectors name; it may be readable where lists are forbidden. */
  readonly single?: string | undefined;
  /** Over a new connection: those there are may be dead. */
  readonly fresh?: boolean;
};

/** Of every request that a source makes. */
export const connection = ({ fresh }: Source): { readonly fresh?: true } => (fresh === true ? { fresh } : {});

export type ListRequest = Source & {
  readonly from: '0' | '';
  readonly paged: boolean;
  readonly limits: Limits;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onColumns: (columns: readonly TableColumn[]) => void;
  readonly onItems: (items: readonly Decoded[]) => void;
};

const limited = (request: ListRequest) => ({
  signal: request.signal,
  timeoutMs: request.limits.listMs,
  idleMs: request.limits.listMs,
  ...connection(request),
});

/** Hands over what a decoder has read, its columns first. */
const delivery = (request: ListRequest, decoder: ListDecoder): ((items: readonly Decoded[]) => void) => {
  let columns: readonly TableColumn[] | undefined;
  return (items) => {
    if (decoder.columns !== undefined && decoder.columns !== columns) {
      columns = decoder.columns;
      request.onColumns(columns);
    }
    if (items.length > 0) request.onItems(items);
  };
};

/** One page; its columns and items are handed over while they arrive. */
export const readPage = async (request: ListRequest, query: Readonly<Record<string, string>>): Promise<ListDecoder> => {
  const response = await request.transport.request({
    path: request.path,
    query: { ...request.selectors, ...request.decoder.query, ...query },
    headers: { accept: request.decoder.accept },
    ...limited(request),
  });
  if (response.status >= 300) throw await readRefusal(response, request.now);
  const decoder = request.decoder.list(contentType(response));
  const deliver = delivery(request, decoder);
  await readBody(response, { sliceMs: request.limits.sliceMs, now: request.now }, (chunk) =>
    deliver(decoder.push(chunk)),
  );
  deliver(decoder.end());
  return decoder;
};

const isTable = (type: string): boolean => type.includes('as=Table');

/**
 * The one object of a source that names one, as a list of it; of none when it is not there. A Table of one object is
 * as good as one of a list; others are made the list that their decoder reads.
 */
export const readSingle = async (request: ListRequest, path: string): Promise<void> => {
  const { decoder: decoding } = request;
  const accept = isTable(decoding.accept) ? decoding.accept : 'application/json';
  const response = await request.transport.request({
    path,
    query: decoding.query,
    headers: { accept },
    ...limited(request),
  });
  if (response.status === 404) return void response.body.destroy();
  if (response.status >= 300) throw await readRefusal(response, request.now);
  const wrapped = !isTable(contentType(response));
  const decoder = decoding.list(contentType(response));
  const deliver = delivery(request, decoder);
  if (wrapped) deliver(decoder.push(Buffer.from('{"metadata":{},"items":[')));
  await readBody(response, { sliceMs: request.limits.sliceMs, now: request.now }, (chunk) =>
    deliver(decoder.push(chunk)),
  );
  if (wrapped) deliver(decoder.push(Buffer.from(']}')));
  deliver(decoder.end());
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
    const page = await readPage(request, {
      limit: String(request.limits.pageSize),
      ...(token === undefined ? {} : { continue: token }),
    });
    resourceVersion = page.resourceVersion;
    token = page.continueToken;
  } while (token !== '');
  return resourceVersion;
};
