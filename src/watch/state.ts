import { ClusterError } from '../util/error.ts';
import { backoffDelay, type Limits } from './backoff.ts';

export type Listing = {
  readonly phase: 'listing';
  /** '0': what the server has at hand; '': what is certainly newest (quorum). */
  readonly from: '0' | '';
  /** Lists that broke in a row; from the second on the list is asked for in pages. */
  readonly failures: number;
};

export type Watching = {
  readonly phase: 'watching';
  readonly resourceVersion: string;
  /** The server may have been restarted, on an older state even: live is claimed only after asking it. */
  readonly doubted?: true;
};

export type Waiting = {
  readonly phase: 'waiting';
  readonly until: number;
  /** Undefined: a pause that is no fault. */
  readonly why: ClusterError | undefined;
  /** The credential is renewed before going on. */
  readonly renew: boolean;
  readonly next: Listing | Watching;
};

export type WatchState = { readonly phase: 'empty' } | Listing | Watching | Waiting | { readonly phase: 'stopped' };

/** What is remembered beside the state. */
export type Memory = {
  /** Failures since the last two healthy minutes. */
  readonly attempt: number;
  /** The credential was renewed and nothing has succeeded since. */
  readonly renewed: boolean;
  /** The history expired and no watch has lasted since. */
  readonly expired: boolean;
  /** Watching is impossible until then; lists are repeated instead. */
  readonly unwatchable: { readonly until: number; readonly why: ClusterError } | undefined;
  /** Lists are forbidden until then, but not reading the one object that is wanted, which is repeated. */
  readonly unlistable: { readonly until: number; readonly why: ClusterError } | undefined;
};

/** What a transition needs to know of the world. */
export type Moment = {
  readonly now: number;
  readonly random: number;
  readonly canRenew: boolean;
  /** The source is of one object, which can be asked for by its name. */
  readonly single: boolean;
  readonly limits: Limits;
};

export type Step = { readonly state: WatchState; readonly memory: Memory };

/** One attempt to watch that ended without a fault. */
export type WatchEnd = { readonly resourceVersion: string; readonly lastedMs: number; readonly events: number };

/** Why lists are repeated; no table is forbidden that can still be listed. */
const unwatchable = (why: string, limits: Limits): ClusterError =>
  new ClusterError('unsupported', `listed every ${Math.round(limits.pollMs / 1000)} s, no watch: ${why}`);

/** Lists that are forbidden are tried again after this many slow retries; each one is a refusal in an audit log. */
const unlistableFor = 10;

const unlistable = (why: string, limits: Limits): ClusterError =>
  new ClusterError('unsupported', `read every ${Math.round(limits.pollMs / 1000)} s, no list: ${why}`);

export const initialMemory = (watchable: boolean, limits: Limits): Memory => ({
  attempt: 0,
  renewed: false,
  expired: false,
  unwatchable: watchable
    ? undefined
    : { until: Number.POSITIVE_INFINITY, why: unwatchable('the server does not offer it', limits) },
  unlistable: undefined,
});

export const firstListing: Listing = { phase: 'listing', from: '0', failures: 0 };

/** After an expiry nothing cached will do. */
export const newestListing: Listing = { phase: 'listing', from: '', failures: 0 };

const wait = (until: number, why: ClusterError | undefined, next: Listing | Watching, renew = false): Waiting => ({
  phase: 'waiting',
  until,
  why,
  renew,
  next,
});

const backOff = (memory: Memory, error: ClusterError, next: Listing | Watching, moment: Moment): Step => {
  // A server that says the same short time again and again is still overloaded.
  const delay = Math.max(error.retryAfterMs ?? 0, backoffDelay(memory.attempt, moment.random, moment.limits));
  return { state: wait(moment.now + delay, error, next), memory: { ...memory, attempt: memory.attempt + 1 } };
};

/** Each retry may run a login plugin, which may open a browser: ever more seldom, up to 16 times the slow retry. */
const loginWait = (memory: Memory, error: ClusterError, next: Listing | Watching, moment: Moment): Step => ({
  state: wait(moment.now + moment.limits.slowRetryMs * 2 ** Math.min(memory.attempt, 4), error, next),
  memory: { ...memory, attempt: memory.attempt + 1 },
});

const renewing = new ClusterError('internal', 'the login expired, renewing it');

/** The first 401 renews the credential at once, the next ones wait for a person. */
const afterUnauthorized = (memory: Memory, error: ClusterError, next: Listing | Watching, moment: Moment): Step =>
  memory.renewed || !moment.canRenew
    ? loginWait(memory, error, next, moment)
    : { state: wait(moment.now, renewing, next, true), memory: { ...memory, renewed: true } };

/** The first expiry lists at once; one after the other is a server in trouble. What had to come in pages still has to. */
const afterExpiry = (memory: Memory, error: ClusterError, moment: Moment, failures = 0): Step => {
  const next: Listing = { ...newestListing, failures };
  return memory.expired ? backOff(memory, error, next, moment) : { state: next, memory: { ...memory, expired: true } };
};

/** A list came to its end. */
export const afterList = (memory: Memory, resourceVersion: string, moment: Moment): Step => {
  const known = { ...memory, renewed: false };
  const { unlistable: read, unwatchable: poll } = memory;
  if (read !== undefined) {
    const still = moment.now < read.until ? read : undefined;
    return {
      state: wait(moment.now + moment.limits.pollMs, read.why, newestListing),
      memory: { ...known, unlistable: still },
    };
  }
  if (poll !== undefined && moment.now < poll.until) {
    return { state: wait(moment.now + moment.limits.pollMs, poll.why, newestListing), memory: known };
  }
  return { state: { phase: 'watching', resourceVersion }, memory: { ...known, unwatchable: undefined } };
};

export const afterListFailure = (state: Listing, memory: Memory, error: ClusterError, moment: Moment): Step => {
  switch (error.code) {
    case 'expired':
      return afterExpiry(memory, error, moment, state.failures);
    case 'unauthorized':
      return afterUnauthorized(memory, error, state, moment);
    case 'forbidden':
      if (moment.single && memory.unlistable === undefined) {
        const why = unlistable(error.message, moment.limits);
        const until = moment.now + unlistableFor * moment.limits.slowRetryMs;
        return { state, memory: { ...memory, unlistable: { until, why } } };
      }
      return {
        state: wait(moment.now + moment.limits.slowRetryMs, error, state),
        memory: { ...memory, unlistable: undefined },
      };
    case 'unsupported':
      return { state: wait(moment.now + moment.limits.slowRetryMs, error, state), memory };
    case 'not-found':
      return { state: wait(moment.now + moment.limits.slowRetryMs, error, newestListing), memory };
    case 'throttled':
      return backOff(memory, error, state, moment);
    case 'unreachable':
    case 'timeout':
    case 'invalid':
    case 'internal':
    case 'conflict':
    case 'cancelled':
      return backOff(memory, error, { ...state, failures: state.failures + 1 }, moment);
    default:
      return error.code satisfies never;
  }
};

/** The server accepted the watch. */
export const afterWatchOpened = (memory: Memory): Memory => ({
  ...memory,
  renewed: false,
  unwatchable: undefined,
});

const rested = (memory: Memory, lastedMs: number, limits: Limits): Memory => ({
  ...memory,
  attempt: lastedMs >= limits.healthyMs ? 0 : memory.attempt,
  expired: memory.expired && lastedMs < limits.quickMs,
});

/** The stream ended as streams do: resume, but never in a tight circle. */
export const afterWatchEnd = (memory: Memory, end: WatchEnd, moment: Moment): Step => {
  const next: Watching = { phase: 'watching', resourceVersion: end.resourceVersion };
  if (end.lastedMs >= moment.limits.quickMs)
    return { state: next, memory: rested(memory, end.lastedMs, moment.limits) };
  if (end.events === 0) {
    const error = new ClusterError('unreachable', 'the server closed the watch at once', {
      hint: 'A proxy between this machine and the API server may not let watches through.',
    });
    return backOff(memory, error, next, moment);
  }
  return { state: wait(moment.now + moment.limits.quickMs - end.lastedMs, undefined, next), memory };
};

/** The watch failed, or could not be opened, at `end.resourceVersion`. */
export const afterWatchFailure = (memory: Memory, error: ClusterError, end: WatchEnd, moment: Moment): Step => {
  const known = rested(memory, end.lastedMs, moment.limits);
  const resume: Watching = { phase: 'watching', resourceVersion: end.resourceVersion };
  const { now, limits } = moment;
  switch (error.code) {
    case 'expired':
      return afterExpiry(known, error, moment);
    case 'unauthorized':
      return afterUnauthorized(known, error, resume, moment);
    case 'forbidden':
    // Listing may still be allowed; the list says so, and is repeated until watching is worth another try.
    case 'unsupported': {
      const until = error.code === 'forbidden' ? now + limits.slowRetryMs : Number.POSITIVE_INFINITY;
      return {
        state: newestListing,
        memory: { ...known, unwatchable: { until, why: unwatchable(error.message, limits) } },
      };
    }
    case 'not-found':
      return { state: wait(now + limits.slowRetryMs, error, newestListing), memory: known };
    case 'invalid':
      // Nobody knows what the unreadable bytes said.
      return backOff(known, error, newestListing, moment);
    case 'unreachable':
    case 'timeout':
    case 'internal':
      return backOff(known, error, { ...resume, doubted: true }, moment);
    case 'throttled':
    case 'conflict':
    case 'cancelled':
      return backOff(known, error, resume, moment);
    default:
      return error.code satisfies never;
  }
};

/** The renewal itself failed: only a person can help. */
export const afterRenewalFailure = (state: Waiting, memory: Memory, error: ClusterError, moment: Moment): Step => ({
  state: wait(moment.now + moment.limits.slowRetryMs, error, state.next),
  memory,
});

/** `gr`, a wake-up or a server that is back: go on now, from where we were. */
export const afterReconnect = ({ state, memory }: Step): Step => ({
  state: state.phase === 'waiting' ? state.next : state,
  memory: { ...memory, attempt: 0, renewed: false, unwatchable: undefined, unlistable: undefined },
});
