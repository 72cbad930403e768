import type { Transport } from '../cluster/transport.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { sleep } from '../util/sleep.ts';
import { readWatch } from './read-watch.ts';

export type ObjectMeta = {
  readonly metadata?: {
    readonly uid?: string;
    readonly name?: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
  };
};

type ObjectList<T> = {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly items?: readonly T[] | null;
};

export type FollowOptions<T extends ObjectMeta> = {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Of the list; the selectors in `query` keep it small. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Only the metadata crosses the network, never the object. */
  readonly metadataOnly: boolean;
  /** Path of the single object, for users who may get it but not list it. */
  readonly objectPath?: string;
  /** All objects by uid, after each change. */
  readonly onChange: (objects: ReadonlyMap<string, T>) => void;
  /** What is shown is no longer certain. Cleared by the next onChange. */
  readonly onFault: (error: ClusterError, retryAt: number) => void;
  readonly random?: () => number;
};

const accepts = {
  full: 'application/json',
  list: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json',
  watch: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json',
};

const firstWaitMs = 800;
const longestWaitMs = 30_000;

/** Where watching is not allowed or not served, the object is asked for this often. */
const pollMs = 10_000;

const keyed = <T extends ObjectMeta>(items: readonly T[]): Map<string, T> =>
  new Map(items.map((item) => [item.metadata?.uid ?? item.metadata?.name ?? '', item]));

const cannotWatch = (error: ClusterError): boolean => error.code === 'forbidden' || error.code === 'unsupported';

type Known<T> = { readonly version: string; readonly objects: Map<string, T> };

/**
 * Follows a handful of objects until the signal is aborted: lists, watches, resumes after an end, lists afresh when
 * the version is gone, polls where it may not watch. Nothing is called after the end.
 */
export const followObjects = async <T extends ObjectMeta>(options: FollowOptions<T>): Promise<void> => {
  const { clock, signal, onChange, onFault, random = Math.random } = options;
  let failures = 0;
  let known: Known<T> | undefined;
  let watchable = true;
  const recovered = (): void => {
    if (failures > 0 && known !== undefined) onChange(known.objects);
    failures = 0;
  };
  while (!signal.aborted) {
    try {
      if (known === undefined) {
        known = await list(options);
        if (signal.aborted) return;
        failures = 0;
        onChange(known.objects);
      }
      if (watchable) known = await watched(options, known, recovered);
      else {
        await sleep(clock, pollMs, signal);
        known = undefined;
      }
    } catch (thrown) {
      if (signal.aborted) return;
      const error = asClusterError(thrown);
      if (watchable && known !== undefined && cannotWatch(error)) {
        watchable = false;
        continue;
      }
      if (error.code === 'expired') known = undefined;
      const wait = error.retryAfterMs ?? Math.min(longestWaitMs, firstWaitMs * 2 ** failures) * (0.5 + random() / 2);
      failures += 1;
      onFault(error, clock.now() + wait);
      await sleep(clock, wait, signal);
    }
  }
};

const list = async <T extends ObjectMeta>(options: FollowOptions<T>): Promise<Known<T>> => {
  const { transport, path, query, metadataOnly, objectPath, signal } = options;
  const headers = { accept: metadataOnly ? accepts.list : accepts.full };
  try {
    const found = await transport.json<ObjectList<T>>({ path, query, headers, signal });
    return { version: found.metadata?.resourceVersion ?? '', objects: keyed(found.items ?? []) };
  } catch (thrown) {
    const error = asClusterError(thrown);
    if (objectPath === undefined || !cannotWatch(error)) throw thrown;
    return { version: '', objects: await single<T>(options, objectPath) };
  }
};

const single = async <T extends ObjectMeta>(options: FollowOptions<T>, path: string): Promise<Map<string, T>> => {
  const { transport, metadataOnly, signal } = options;
  try {
    const headers = { accept: metadataOnly ? accepts.watch : accepts.full };
    return keyed([await transport.json<T>({ path, headers, signal })]);
  } catch (thrown) {
    if (asClusterError(thrown).code === 'not-found') return new Map();
    throw thrown;
  }
};

/** One watch, from `since` until it ends; the result is where the next one goes on. */
const watched = async <T extends ObjectMeta>(
  options: FollowOptions<T>,
  since: Known<T>,
  onOpen: () => void,
): Promise<Known<T>> => {
  const { transport, clock, path, query, metadataOnly, signal, onChange, random = Math.random } = options;
  if (since.version === '') throw new ClusterError('unsupported', 'a single object cannot be watched');
  const seconds = Math.round(300 + random() * 300);
  const startedAt = clock.now();
  let { version } = since;
  const { objects } = since;
  const watch = { watch: '1', allowWatchBookmarks: 'true', resourceVersion: version, timeoutSeconds: String(seconds) };
  const headers = { accept: metadataOnly ? accepts.watch : accepts.full };
  const request = { path, query: { ...query, ...watch }, headers, signal, idleMs: (seconds + 5) * 1000 };
  let heard = false;
  for await (const { type, object } of readWatch<T>(transport, request, onOpen)) {
    if (signal.aborted) break;
    heard = true;
    version = object.metadata?.resourceVersion ?? version;
    if (type === 'BOOKMARK') continue;
    const key = object.metadata?.uid ?? object.metadata?.name ?? '';
    if (type === 'DELETED') objects.delete(key);
    else objects.set(key, object);
    onChange(objects);
  }
  if (!heard && clock.now() - startedAt < 1000 && !signal.aborted) {
    throw new ClusterError('unreachable', `the watch of ${path} was closed at once`);
  }
  return { version, objects };
};
