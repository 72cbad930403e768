import type { DecodedEvent, TableColumn } from '../decode/decoded.ts';
import { statusOf } from '../decode/status.ts';
import { compareVersions } from '../decode/versions.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import { contentType, readBody, readRefusal } from './answer.ts';
import type { Limits } from './backoff.ts';
import { connection, type Source } from './list.ts';
import { refusal } from './status.ts';

export type WatchRequest = Source & {
  readonly resourceVersion: string;
  readonly timeoutSeconds: number;
  readonly limits: Limits;
  readonly now: () => number;
  readonly after: Clock['after'];
  readonly signal: AbortSignal;
  /** The server has accepted the watch. */
  readonly onOpen: () => void;
  /** The columns of a Table; they may differ from the list's when a custom resource's definition changed. */
  readonly onColumns: (columns: readonly TableColumn[]) => void;
  /** ADDED, MODIFIED and DELETED of one chunk, in order. */
  readonly onEvents: (events: readonly DecodedEvent[]) => void;
  /** A sign of life, after what it brought was delivered. */
  readonly onHeard: (at: number) => void;
};

/** Where a watch has come to; kept up to date while it runs, so that it is known however the watch ends. */
export type WatchProgress = {
  resourceVersion: string;
  /** Bookmarks count. */
  events: number;
  /** The last sign of life. */
  heardAt: number;
};

const noStatus = (problem: string | undefined): ClusterError =>
  new ClusterError('invalid', problem ?? 'the server sent an event nobody can read');

const failure = (event: DecodedEvent): ClusterError => {
  if (event.item.object === undefined) return noStatus(event.item.problem);
  const status = statusOf(event.item.object);
  return refusal(status.code ?? 500, status);
};

/** History only goes forward; when it does not, etcd was restored and what we hold may never have happened. */
const wentBack = (before: string, now: string): ClusterError =>
  new ClusterError('expired', `the server's history went back from version ${before} to ${now}`);

const advance = (progress: WatchProgress, event: DecodedEvent): void => {
  progress.events++;
  const version = event.item.meta.resourceVersion;
  if (version === '') return;
  if (compareVersions(version, progress.resourceVersion) < 0) throw wentBack(progress.resourceVersion, version);
  progress.resourceVersion = version;
};

/** What of a chunk comes before the first failure is delivered before it is thrown. */
const deliver = (request: WatchRequest, progress: WatchProgress, events: readonly DecodedEvent[]): void => {
  const changes: DecodedEvent[] = [];
  try {
    for (const event of events) {
      if (event.type === 'ERROR') throw failure(event);
      advance(progress, event);
      if (event.type !== 'BOOKMARK') changes.push(event);
    }
  } finally {
    if (changes.length > 0) request.onEvents(changes);
  }
};

/** Watches from `progress.resourceVersion` until the stream ends. Throws ClusterError for every other end. */
export const readWatch = async (request: WatchRequest, progress: WatchProgress): Promise<void> => {
  const response = await request.transport.request({
    path: request.path,
    query: {
      ...request.selectors,
      ...request.decoder.query,
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: request.resourceVersion,
      timeoutSeconds: String(request.timeoutSeconds),
    },
    headers: { accept: request.decoder.acceptWatch },
    signal: request.signal,
    ...connection(request),
    idleMs: request.timeoutSeconds * 1000 + request.limits.idleMarginMs,
  });
  if (response.status >= 300) throw await readRefusal(response, request.now);
  const decoder = request.decoder.watch(contentType(response));
  progress.heardAt = request.now();
  request.onOpen();
  request.onHeard(progress.heardAt);
  let columns: readonly TableColumn[] | undefined;
  const { limits, now, after } = request;
  const pace = { sliceMs: limits.sliceMs, now, gather: { ms: limits.gatherMs, after } };
  await readBody(response, pace, (chunk) => {
    progress.heardAt = request.now();
    const events = decoder.push(chunk);
    if (decoder.columns !== undefined && decoder.columns !== columns) {
      columns = decoder.columns;
      request.onColumns(columns);
    }
    deliver(request, progress, events);
    request.onHeard(progress.heardAt);
  });
};
