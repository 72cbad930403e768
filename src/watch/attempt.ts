import type { Decoded, DecodedEvent, TableColumn } from '../decode/decoded.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { sleep } from '../util/sleep.ts';
import { type Limits, watchSeconds } from './backoff.ts';
import type { WatchEvent } from './events.ts';
import type { FreshnessTracker } from './freshness.ts';
import { type ListRequest, readList, readSingle, type Source } from './list.ts';
import { startPreview } from './preview.ts';
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
import { readWatch, type WatchProgress, type WatchRequest } from './stream.ts';
import { historyLost } from './verify.ts';

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
  /** The last sign of life of any watch. */
  readonly life: { heardAt: number };
};

const moment = (attempt: Attempt): Moment => ({
  now: attempt.clock.now(),
  random: attempt.random(),
  canRenew: attempt.renew !== undefined,
  single: attempt.source.single !== undefined,
  limits: attempt.limits,
});

/** Says why the step waits; a pause without a fault says nothing. */
const told = (attempt: Attempt, step: Step): Step => {
  const { state } = step;
  if (state.phase === 'waiting' && state.why !== undefined) {
    attempt.freshness.fault(state.why, state.renew ? undefined : state.until);
  }
  return step;
};

const failed = (attempt: Attempt, error: ClusterError, step: Step): Step => {
  if (step.state.phase !== 'waiting') attempt.freshness.fault(error, undefined);
  return told(attempt, step);
};

/** All of the source, or where lists are forbidden its one object. */
const read = async (request: ListRequest, { unlistable }: Memory): Promise<string> => {
  if (unlistable === undefined || request.single === undefined) return await readList(request);
  await readSingle(request, request.single);
  return '';
};

export const attemptList = async (attempt: Attempt, state: Listing): Promise<Step> => {
  const { clock, emit, freshness, memory, signal } = attempt;
  const startedAt = clock.now();
  let count = 0;
  let begun = false;
  let endPreview = (): void => {};
  const begin = (): void => {
    if (begun) return;
    begun = true;
    count = 0;
    endPreview();
    emit({ type: 'init' });
  };
  const show = (items: readonly Decoded[]): void => {
    count += items.length;
    emit({ type: 'apply', items });
    freshness.loading(count);
  };
  const showColumns = (columns: readonly TableColumn[]): void => {
    attempt.columns.key = JSON.stringify(columns);
    emit({ type: 'columns', columns });
  };
  const { source, limits } = attempt;
  const request: ListRequest = {
    ...source,
    from: state.from,
    paged: state.failures > 1,
    limits,
    now: () => clock.now(),
    signal,
    onColumns: (columns) => {
      begin();
      showColumns(columns);
    },
    onItems: (items) => {
      begin();
      show(items);
    },
  };
  freshness.loading(0);
  // What a preview shows comes before `init`, so that it goes again at `ready` unless the list has it too.
  if (state.from === '0' && state.failures === 0) {
    endPreview = startPreview({ ...request, onColumns: showColumns, onItems: show }, clock);
  }
  try {
    const resourceVersion = await read(request, memory);
    begin();
    freshness.listed(startedAt);
    emit({ type: 'ready' });
    return told(attempt, afterList(memory, resourceVersion, moment(attempt)));
  } catch (thrown) {
    if (signal.aborted) return { state, memory };
    const error = asClusterError(thrown);
    return failed(attempt, error, afterListFailure(state, memory, error, moment(attempt)));
  } finally {
    endPreview();
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

/** Claims live at once, or where the history is in doubt when it has been confirmed. */
const claim = async (attempt: Attempt, state: Watching, signal: AbortSignal): Promise<ClusterError | undefined> => {
  const { clock, freshness, limits, source } = attempt;
  const lost =
    state.doubted === true ? await historyLost(source, state.resourceVersion, { limits, clock, signal }) : undefined;
  if (lost === undefined && !signal.aborted) freshness.live();
  return lost;
};

export const attemptWatch = async (attempt: Attempt, state: Watching): Promise<Step> => {
  const { clock, emit, freshness, limits } = attempt;
  let memory = attempt.memory;
  let lost: ClusterError | undefined;
  const over = new AbortController();
  const signal = AbortSignal.any([attempt.signal, over.signal]);
  const startedAt = clock.now();
  const progress: WatchProgress = { resourceVersion: state.resourceVersion, events: 0, heardAt: startedAt };
  const end = () => ({
    resourceVersion: progress.resourceVersion,
    lastedMs: clock.now() - startedAt,
    events: progress.events,
  });
  const request: WatchRequest = {
    ...attempt.source,
    resourceVersion: state.resourceVersion,
    timeoutSeconds: watchSeconds(attempt.random(), limits),
    limits,
    now: () => clock.now(),
    after: (ms, task) => clock.after(ms, task),
    signal,
    onOpen: () => {
      memory = afterWatchOpened(memory);
      void claim(attempt, state, signal).then((error) => {
        lost = error;
        if (lost !== undefined) over.abort();
      });
    },
    onColumns: (columns) => {
      // Rows made with the old columns cannot stay beside rows made with the new ones.
      if (JSON.stringify(columns) !== attempt.columns.key) {
        throw new ClusterError('expired', 'the columns of the table changed');
      }
    },
    onEvents: (events) => emitChanges(emit, events),
    onHeard: (at) => {
      attempt.life.heardAt = at;
      freshness.trust();
    },
  };
  try {
    await readWatch(request, progress);
    freshness.lapse(clock.now());
    return told(attempt, afterWatchEnd(memory, end(), moment(attempt)));
  } catch (thrown) {
    const error = lost ?? asClusterError(thrown);
    // A silence tells nothing about when it became wrong.
    freshness.lapse(error.code === 'timeout' ? progress.heardAt : clock.now());
    if (attempt.signal.aborted) return { state: { ...state, resourceVersion: progress.resourceVersion }, memory };
    return failed(attempt, error, afterWatchFailure(memory, error, end(), moment(attempt)));
  } finally {
    over.abort();
  }
};

export const attemptWait = async (attempt: Attempt, state: Waiting): Promise<Step> => {
  const { clock, memory, renew, signal } = attempt;
  if (!state.renew || renew === undefined) {
    await sleep(clock, Math.max(0, state.until - clock.now()), signal);
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
