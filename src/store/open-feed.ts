import type { Transport } from '../cluster/transport.ts';
import type { Decoded, Decoder, TableColumn } from '../decode/decoded.ts';
import { resourcePath } from '../protocol/resource.ts';
import type { Clock } from '../util/clock.ts';
import type { Limits } from '../watch/backoff.ts';
import type { WatchEvent } from '../watch/events.ts';
import { startReflector } from '../watch/reflector.ts';
import { createStore, type RowMaker } from './create-store.ts';
import type { Feed, Scope } from './registry.ts';

export type FeedOptions = {
  readonly transport: Transport;
  readonly decoder: Decoder;
  /** Makes several rows of one object, or none; without it each object is one row. */
  readonly expand?: (item: Decoded) => readonly Decoded[];
  readonly processorFor: (columns: readonly TableColumn[] | undefined) => RowMaker;
  readonly clock: Clock;
  readonly random: () => number;
  readonly retryCredential?: () => Promise<void>;
  readonly onBug?: (error: unknown) => void;
  readonly limits?: Partial<Limits>;
};

const expanded = (event: WatchEvent, expand: NonNullable<FeedOptions['expand']>): WatchEvent =>
  event.type === 'apply' || event.type === 'delete' ? { ...event, items: event.items.flatMap(expand) } : event;

/** `shop-1` of `metadata.name=shop-1`; undefined where the selector is of more, or of no name that could be in a path. */
const nameIn = (fieldSelector = ''): string | undefined => /^metadata\.name=([\w.:-]+)$/.exec(fieldSelector)?.[1];

/** A store and the reflector that keeps it equal to what the server has of `scope`. */
export const openFeed = (scope: Scope, options: FeedOptions): Feed => {
  const { transport, decoder, expand, processorFor, clock, random, retryCredential, onBug, limits } = options;
  const { resource: shown, via: resource = shown, namespace, labelSelector, fieldSelector } = scope;
  const bugs = onBug === undefined ? {} : { onBug };
  const store = createStore({ processorFor, ...bugs });
  const path = resourcePath(resource, namespace);
  const name = resource.namespaced && namespace === '' ? undefined : nameIn(fieldSelector);
  const reflector = startReflector({
    transport,
    path,
    single: name === undefined || labelSelector !== undefined ? undefined : `${path}/${name}`,
    selectors: {
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
    },
    decoder,
    clock,
    random,
    emit: expand === undefined ? store.apply : (event) => store.apply(expanded(event, expand)),
    watchable: resource.verbs.includes('watch'),
    ...(retryCredential === undefined ? {} : { retryCredential }),
    ...(limits === undefined ? {} : { limits }),
    ...bugs,
  });
  return { store, life: reflector, reconnect: reflector.reconnect, dispose: reflector.dispose };
};
