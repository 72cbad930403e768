import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterError, type ErrorCode } from '../../../src/util/error.ts';
import { backoffDelay, defaultLimits, watchSeconds } from '../../../src/watch/backoff.ts';
import {
  afterList,
  afterListFailure,
  afterReconnect,
  afterRenewalFailure,
  afterWatchEnd,
  afterWatchFailure,
  afterWatchOpened,
  firstListing,
  initialMemory,
  type Memory,
  type Moment,
  newestListing,
  type Step,
  type Waiting,
} from '../../../src/watch/state.ts';

const now = 1_000_000;
const moment: Moment = { now, random: 0.5, canRenew: true, single: false, limits: defaultLimits };
const fresh = initialMemory(true, defaultLimits);
const error = (code: ErrorCode, retryAfterMs?: number) => new ClusterError(code, `it is ${code}`, { retryAfterMs });
const at = (resourceVersion: string, lastedMs = 60_000, events = 5) => ({ resourceVersion, lastedMs, events });
const watching = (resourceVersion: string) => ({ phase: 'watching', resourceVersion });

const waiting = (step: Step): Waiting => {
  if (step.state.phase !== 'waiting') throw new Error(`expected to wait, not ${step.state.phase}`);
  return step.state;
};

describe('backoffDelay', () => {
  it('doubles from 0.8 s to 30 s, with full jitter', () => {
    const caps = [0, 1, 2, 3, 4, 5, 6, 40].map((attempt) => backoffDelay(attempt, 1, defaultLimits));
    expect(caps).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
    fc.assert(
      fc.property(fc.nat(100), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const delay = backoffDelay(attempt, random, defaultLimits);
        expect(delay).toBeGreaterThanOrEqual(50);
        expect(delay).toBeLessThanOrEqual(30_000);
      }),
    );
    expect(backoffDelay(3, 0.25, defaultLimits)).toBe(1600);
  });

  it('spreads the time-outs of watches over 300 to 600 s', () => {
    expect([0, 0.5, 1].map((random) => watchSeconds(random, defaultLimits))).toEqual([300, 450, 600]);
  });
});

describe('after a list', () => {
  it('watches from its version, and knows that the credential works', () => {
    const step = afterList({ ...fresh, renewed: true, attempt: 2 }, '77', moment);
    expect(step).toEqual({ state: watching('77'), memory: { ...fresh, attempt: 2 } });
  });

  it('lists again after the pause of polling where watching is impossible', () => {
    const memory = initialMemory(false, defaultLimits);
    const step = afterList(memory, '77', moment);
    expect(waiting(step)).toMatchObject({ until: now + 10_000, next: newestListing, why: { code: 'unsupported' } });
    expect(waiting(step).why?.message).toBe('listed every 10 s, no watch: the server does not offer it');
    expect(step.memory).toEqual(memory);
  });

  it('tries to watch again once that is worth it', () => {
    const memory: Memory = { ...fresh, unwatchable: { until: now, why: error('unsupported') } };
    expect(afterList(memory, '77', moment)).toEqual({ state: watching('77'), memory: fresh });
  });
});

describe('after a list that failed', () => {
  const fail = (code: ErrorCode, memory = fresh, state = firstListing, retryAfterMs?: number) =>
    afterListFailure(state, memory, error(code, retryAfterMs), moment);

  it.each(['unreachable', 'timeout', 'internal', 'invalid', 'conflict', 'cancelled'] as const)(
    'backs off on %s and counts it',
    (code) => {
      const step = fail(code);
      expect(waiting(step)).toMatchObject({ until: now + 400, why: { code }, next: { ...firstListing, failures: 1 } });
      expect(step.memory.attempt).toBe(1);
      expect(waiting(fail(code, step.memory)).until).toBe(now + 800);
    },
  );

  it('obeys Retry-After to the letter and does not take it for a broken list', () => {
    const step = fail('throttled', fresh, firstListing, 7_000);
    expect(waiting(step)).toMatchObject({ until: now + 7_000, next: firstListing });
    expect(waiting(fail('throttled')).until).toBe(now + 400);
  });

  it('asks for the newest at once when a version or a continue token expired, then backs off', () => {
    const first = fail('expired', fresh, { ...firstListing, failures: 2 });
    // What had to be asked for in pages still has to.
    expect(first).toEqual({ state: { ...newestListing, failures: 2 }, memory: { ...fresh, expired: true } });
    const second = fail('expired', first.memory, newestListing);
    expect(waiting(second)).toMatchObject({ until: now + 400, next: newestListing, why: { code: 'expired' } });
  });

  it('renews the credential once, then waits for a person', () => {
    const first = fail('unauthorized');
    expect(waiting(first)).toMatchObject({ renew: true, until: now, next: firstListing });
    const second = fail('unauthorized', first.memory);
    expect(waiting(second)).toMatchObject({ renew: false, until: now + 30_000, why: { code: 'unauthorized' } });
    const third = fail('unauthorized', second.memory);
    expect(waiting(third)).toMatchObject({ renew: false, until: now + 60_000 });
    const never = afterListFailure(firstListing, fresh, error('unauthorized'), { ...moment, canRenew: false });
    expect(waiting(never)).toMatchObject({ renew: false, until: now + 30_000 });
  });

  it('reads the one object of its source where listing is forbidden, and tries to list again after 5 minutes', () => {
    const single = { ...moment, single: true };
    const step = afterListFailure(firstListing, fresh, error('forbidden'), single);
    expect(step.state).toEqual(firstListing);
    const read = afterList(step.memory, '', single);
    expect(waiting(read)).toMatchObject({ until: now + 10_000, next: newestListing });
    expect(waiting(read).why?.message).toBe('read every 10 s, no list: it is forbidden');
    const later = afterList(step.memory, '', { ...single, now: now + 300_000 });
    expect(later.memory.unlistable).toBeUndefined();
    const both = afterListFailure(firstListing, step.memory, error('forbidden'), single);
    expect(waiting(both)).toMatchObject({ until: now + 30_000, why: { code: 'forbidden' } });
    expect(both.memory).toEqual(fresh);
  });

  it('waits longer than Retry-After when the server says the same again and again', () => {
    const step = fail('throttled', { ...fresh, attempt: 4 }, firstListing, 1_000);
    expect(waiting(step).until).toBe(now + 6_400);
  });

  it.each([
    ['forbidden', firstListing],
    ['unsupported', firstListing],
    ['not-found', newestListing],
  ] as const)('retries %s slowly, without a growing back-off', (code, next) => {
    const step = fail(code);
    expect(waiting(step)).toMatchObject({ until: now + 30_000, why: { code }, next });
    expect(step.memory).toEqual(fresh);
  });
});

describe('after a watch that ended', () => {
  it('resumes at once from where it was', () => {
    expect(afterWatchEnd(fresh, at('80'), moment)).toEqual({ state: watching('80'), memory: fresh });
    expect(afterWatchEnd(fresh, at('80', 1_000, 0), moment).state).toEqual(watching('80'));
  });

  it('takes less than a second without an event for a failure', () => {
    const step = afterWatchEnd(fresh, at('80', 999, 0), moment);
    expect(waiting(step)).toMatchObject({ until: now + 400, next: watching('80'), why: { code: 'unreachable' } });
    expect(step.memory.attempt).toBe(1);
  });

  it('does not circle when the server closes after every event', () => {
    const step = afterWatchEnd(fresh, at('80', 200, 1), moment);
    expect(waiting(step)).toMatchObject({ until: now + 800, why: undefined, next: watching('80') });
    expect(step.memory).toEqual(fresh);
  });

  it('starts the back-off anew after two healthy minutes', () => {
    const tired = { ...fresh, attempt: 5 };
    expect(afterWatchEnd(tired, at('80', 119_999), moment).memory.attempt).toBe(5);
    expect(afterWatchEnd(tired, at('80', 120_000), moment).memory.attempt).toBe(0);
    const step = afterWatchFailure(tired, error('unreachable'), at('80', 120_000), moment);
    expect(waiting(step).until).toBe(now + 400);
  });
});

describe('after a watch that failed', () => {
  const fail = (code: ErrorCode, memory = fresh, end = at('80')) => afterWatchFailure(memory, error(code), end, moment);

  it.each(['unreachable', 'timeout', 'internal'] as const)('resumes after %s, doubting the history', (code) =>
    expect(waiting(fail(code))).toMatchObject({ until: now + 400, next: { ...watching('80'), doubted: true } }),
  );

  it.each(['throttled', 'conflict', 'cancelled'] as const)('resumes without a list after %s', (code) =>
    expect(waiting(fail(code))).toMatchObject({ until: now + 400, next: watching('80'), why: { code } }),
  );

  it('lists the newest at once after 410, and backs off when the next watch expires as fast', () => {
    const first = fail('expired');
    expect(first).toEqual({ state: newestListing, memory: { ...fresh, expired: true } });
    const listed = afterList(first.memory, '90', moment);
    const opened = afterWatchOpened(listed.memory);
    expect(waiting(fail('expired', opened, at('90', 10, 1))).next).toEqual(newestListing);
    expect(fail('expired', opened, at('90', 5_000, 1)).state).toEqual(newestListing);
  });

  it('lists afresh after what nobody could read', () => {
    expect(waiting(fail('invalid'))).toMatchObject({ until: now + 400, next: newestListing });
  });

  it('lists instead where watching is forbidden, and tries again after a while', () => {
    const step = fail('forbidden');
    expect(step.state).toEqual(newestListing);
    expect(step.memory.unwatchable?.until).toBe(now + 30_000);
    expect(waiting(afterList(step.memory, '90', moment)).why?.message).toBe(
      'listed every 10 s, no watch: it is forbidden',
    );
    expect(afterList(step.memory, '90', { ...moment, now: now + 30_000 }).state).toEqual(watching('90'));
  });

  it('never watches again where the server cannot', () => {
    expect(fail('unsupported').memory.unwatchable?.until).toBe(Number.POSITIVE_INFINITY);
  });

  it('renews the credential and resumes', () => {
    expect(waiting(fail('unauthorized'))).toMatchObject({ renew: true, next: watching('80') });
  });

  it('waits for a resource that is gone, and lists it when it is back', () => {
    expect(waiting(fail('not-found'))).toMatchObject({ until: now + 30_000, next: newestListing });
  });
});

describe('a watch that opened', () => {
  it('proves the credential and the right to watch, but not yet a history that lasts', () => {
    const memory: Memory = {
      attempt: 3,
      renewed: true,
      expired: true,
      unwatchable: { until: 1, why: error('forbidden') },
      unlistable: undefined,
    };
    expect(afterWatchOpened(memory)).toEqual({ attempt: 3, renewed: false, expired: true, unwatchable: undefined });
  });
});

describe('other turns', () => {
  it('asks for a login when the renewal fails', () => {
    const state = waiting(afterListFailure(firstListing, fresh, error('unauthorized'), moment));
    const step = afterRenewalFailure(state, { ...fresh, renewed: true }, error('unauthorized'), moment);
    expect(waiting(step)).toMatchObject({ until: now + 30_000, renew: false, next: firstListing });
  });

  it('goes on at once when asked to reconnect, as if nothing had failed before', () => {
    const state = waiting(afterWatchFailure({ ...fresh, attempt: 7 }, error('unreachable'), at('80'), moment));
    const memory: Memory = {
      attempt: 8,
      renewed: true,
      expired: true,
      unwatchable: { until: 1, why: error('forbidden') },
      unlistable: undefined,
    };
    expect(afterReconnect({ state, memory })).toEqual({
      state: { ...watching('80'), doubted: true },
      memory: { attempt: 0, renewed: false, expired: true, unwatchable: undefined },
    });
    expect(afterReconnect({ state: firstListing, memory }).state).toEqual(firstListing);
  });
});
