import type { Transport } from '../cluster/transport.ts';
import type { Decoder } from '../decode/decoded.ts';
import type { Clock } from '../util/clock.ts';
import type { ClusterError } from '../util/error.ts';
import { throwOutside } from '../util/throw-outside.ts';
import { type Attempt, attemptList, attemptWait, attemptWatch } from './attempt.ts';
import { defaultLimits, type Limits } from './backoff.ts';
import type { WatchEvent } from './events.ts';
import { createFreshness } from './freshness.ts';
import type { Selectors } from './list.ts';
import { afterReconnect, firstListing, initialMemory, type Step, type WatchState } from './state.ts';

export type ReflectorOptions = {
  readonly transport: Transport;
  readonly path: string;
  readonly selectors: Selectors;
  /** The path of the one object that the selectors name, where they do. */
  readonly single?: string | undefined;
  readonly decoder: Decoder;
  readonly clock: Clock;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly emit: (event: WatchEvent) => void;
  /** Renews the credential after a 401; the caller makes one flight of it for all reflectors of a context. */
  readonly retryCredential?: () => Promise<void>;
  /** False where discovery lists no `watch` verb: the list is repeated instead. */
  readonly watchable?: boolean;
  readonly limits?: Partial<Limits>;
  /** Where an exception of `emit` goes, for it never reaches the stream. Unless told it is thrown from a task of its own. */
  readonly onBug?: (error: unknown) => void;
};

export type Reflector = {
  /** Ends whatever is going on; nothing is emitted afterwards. Idempotent. */
  dispose(): void;
  /** Goes on at once, from where it was, with a new connection and a back-off that starts anew. */
  reconnect(): void;
  /** The last sign of life of the watch, in ms since the epoch; -Infinity before the first. */
  heardAt(): number;
  /** What is live is claimed to be no more than true at `since`, until `trust` or the next byte of the watch. */
  doubt(error: ClusterError, since: number): void;
  trust(): void;
};

const take = (attempt: Attempt, state: WatchState): Promise<Step> => {
  switch (state.phase) {
    case 'empty':
      return Promise.resolve({ state: firstListing, memory: attempt.memory });
    case 'listing':
      return attemptList(attempt, state);
    case 'watching':
      return attemptWatch(attempt, state);
    case 'waiting':
      return attemptWait(attempt, state);
    case 'stopped':
      return Promise.resolve({ state, memory: attempt.memory });
    default:
      return state satisfies never;
  }
};

/** Keeps a store equal to what the server has: lists, watches, and goes on after every fault. See `state.ts`. */
export const startReflector = (options: ReflectorOptions): Reflector => {
  const { transport, path, selectors, single, decoder, clock, random, onBug = throwOutside } = options;
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const columns = { key: '' };
  const life = { heardAt: Number.NEGATIVE_INFINITY };
  let disposed = false;
  let kicked = false;
  let running = new AbortController();

  const emit = (event: WatchEvent): void => {
    if (disposed) return;
    try {
      options.emit(event);
    } catch (error) {
      onBug(error);
    }
  };
  const freshness = createFreshness((value) => emit({ type: 'freshness', freshness: value }), clock, limits.graceMs);

  const run = async (): Promise<void> => {
    let step: Step = { state: { phase: 'empty' }, memory: initialMemory(options.watchable ?? true, limits) };
    while (!disposed) {
      running = new AbortController();
      const fresh = kicked;
      kicked = false;
      step = await take(
        {
          source: { transport, path, selectors, single, decoder, fresh },
          limits,
          clock,
          random,
          freshness,
          emit,
          renew: options.retryCredential,
          signal: running.signal,
          memory: step.memory,
          columns,
          life,
        },
        step.state,
      );
      if (kicked) step = afterReconnect(step);
    }
  };
  run().catch(onBug);

  return {
    dispose: () => {
      disposed = true;
      freshness.dispose();
      running.abort();
    },
    reconnect: () => {
      kicked = true;
      running.abort();
    },
    heardAt: () => life.heardAt,
    doubt: (error, since) => freshness.doubt(error, since),
    trust: () => freshness.trust(),
  };
};
