import type { Decoded, DecodedEvent, TableColumn } from '../decode/decoded.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { type Limits, watchSeconds } from './backoff.ts';
import type { WatchEvent } from './events.ts';
import type { FreshnessTracker } from './freshness.ts';
import { readList, type Source } from './list.ts';
import {
  afterList,
  afterListFailure,
  afterRenewalFailure,
  afterWatchEnd,
  afterWatchFailure,
  afterWatchOpened,
  type Listing,
  type Memory,
  type Moment,
  type Step,
  type Waiting,
  type Watching,
} from './state.ts';
import { readWatch, type WatchProgress } from './stream.ts';

/** One attempt: what it may use, and what it must stop at. */
export type Attempt = {
  readonly source: Source;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly random: () => number;
  readonly freshness: FreshnessTracker;
  readonly emit: (event: WatchEvent) => void;
  readonly renew: (() => Promise<void>) | undefined;
  readonly signal: AbortSignal;
  readonly memory: Memory;
  /** The columns of the last list, as a key to compare by. */
  readonly columns: { key: string };
};

const moment = (attempt: Attempt): Moment => ({
  now: attempt.clock.now(),
  random: attempt.random(),
  canRenew: attempt.renew !== undefined,
  limits: attempt.limits,
});

/** Says what the step means for the rows; a pause without a fault says nothing. */
const failed = (attempt: Attempt, error: ClusterError, step: Step): Step => {
  const { state } = step;
  if (state.phase !== 'waiting') attempt.freshness.fault(error, undefined);
  else if (state.why !== undefined) attempt.freshness.fault(state.why, state.renew ? undefined : state.until);
  return step;
};

export const attemptList = async (attempt: Attempt, state: Listing): Promise<Step> => {
  const { clock, emit, freshness, memory, signal } = attempt;
  const startedAt = clock.now();
  let count = 0;
  let begun = false;
  const begin = (): void => {
    if (!begun) emit({ type: 'init' });
    begun = true;
  };
  freshness.loading(0);
  try {
    const resourceVersion = await readList({
      ...attempt.source,
      from: state.from,
      paged: state.failures > 1,
      limits: attempt.limits,
      now: () => clock.now(),
      signal,
      onColumns: (columns: readonly TableColumn[]) => {
        begin();
        attempt.columns.key = JSON.stringify(columns);
        emit({ type: 'columns', columns });
      },
      onItems: (items: readonly Decoded[]) => {
        begin();
        count += items.length;
        emit({ type: 'apply', items });
        freshness.loading(count);
      },
    });
    begin();
    freshness.listed(startedAt);
    emit({ type: 'ready' });
    const step = afterList(memory, resourceVersion, moment(attempt));
    if (step.state.phase === 'waiting' && step.state.why !== undefined) {
      freshness.fault(step.state.why, step.state.until);
    }
    return step;
  } catch (thrown) {
    if (signal.aborted) return { state, memory };
    const error = asClusterError(thrown);
    return failed(attempt, error, afterListFailure(state, memory, error, moment(attempt)));
  }
};

/** Runs of changes of the same sort, so that their order is kept and a chunk costs few events. */
const emitChanges = (emit: (event: WatchEvent) => void, events: readonly DecodedEvent[]): void => {
  let items: Decoded[] = [];
  let type: 'apply' | 'delete' = 'apply';
  const flush = (): void => {
    if (items.length > 0) emit({ type, items });
    items = [];
  };
  for (const event of events) {
    const wanted = event.type === 'DELETED' ? 'delete' : 'apply';
    if (wanted !== type) flush();
    type = wanted;
    items.push(event.item);
  }
  flush();
};

export const attemptWatch = async (attempt: Attempt, state: Watching): Promise<Step> => {
  const { clock, emit, freshness, signal } = attempt;
  let memory = attempt.memory;
  const startedAt = clock.now();
  const progress: WatchProgress = { resourceVersion: state.resourceVersion, events: 0, heardAt: startedAt };
  const end = () => ({
    resourceVersion: progress.resourceVersion,
    lastedMs: clock.now() - startedAt,
    events: progress.events,
  });
  try {
    await readWatch(
      {
        ...attempt.source,
        resourceVersion: state.resourceVersion,
        timeoutSeconds: watchSeconds(attempt.random(), attempt.limits),
        limits: attempt.limits,
        now: () => clock.now(),
        signal,
        onOpen: () => {
          memory = afterWatchOpened(memory);
          freshness.live();
        },
        onColumns: (columns) => {
          // Rows made with the old columns cannot stay beside rows made with the new ones.
          if (JSON.stringify(columns) !== attempt.columns.key) {
            throw new ClusterError('expired', 'the columns of the table changed');
          }
        },
        onEvents: (events) => emitChanges(emit, events),
      },
      progress,
    );
    freshness.lapse(clock.now());
    const step = afterWatchEnd(memory, end(), moment(attempt));
    if (step.state.phase === 'waiting' && step.state.why !== undefined) {
      freshness.fault(step.state.why, step.state.until);
    }
    return step;
  } catch (thrown) {
    const error = asClusterError(thrown);
    // A silence tells nothing about when it became wrong.
    freshness.lapse(error.code === 'timeout' ? progress.heardAt : clock.now());
    if (signal.aborted) return { state: { ...state, resourceVersion: progress.resourceVersion }, memory };
    return failed(attempt, error, afterWatchFailure(memory, error, end(), moment(attempt)));
  }
};

const sleep = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(Math.max(0, ms), done);
    signal.addEventListener('abort', done);
  });

export const attemptWait = async (attempt: Attempt, state: Waiting): Promise<Step> => {
  const { clock, memory, renew, signal } = attempt;
  if (!state.renew || renew === undefined) {
    await sleep(clock, state.until - clock.now(), signal);
    return { state: signal.aborted ? state : state.next, memory };
  }
  try {
    await renew();
    return { state: state.next, memory };
  } catch (thrown) {
    const error = new ClusterError('unauthorized', asClusterError(thrown).message, { cause: thrown });
    return failed(attempt, error, afterRenewalFailure(state, memory, error, moment(attempt)));
  }
};
