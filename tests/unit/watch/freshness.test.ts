import { describe, expect, it } from 'vitest';
import type { Freshness } from '../../../src/protocol/freshness.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { createFreshness } from '../../../src/watch/freshness.ts';
import { fakeClock } from '../fake-clock.ts';

const start = () => {
  const clock = fakeClock(1_000);
  const told: Freshness[] = [];
  return { clock, told, tracker: createFreshness((freshness) => told.push(freshness), clock, 1_000) };
};
const cut = new ClusterError('unreachable', 'connection reset');

describe('createFreshness', () => {
  it('counts a first list at most twenty times a second', () => {
    const { clock, told, tracker } = start();
    tracker.loading(0);
    for (let count = 1; count <= 100; count++) {
      clock.advance(5);
      tracker.loading(count);
    }
    expect(told).toHaveLength(11);
    expect(told[0]).toEqual({ phase: 'loading', count: 0 });
    expect(told.at(-1)).toEqual({ phase: 'loading', count: 100 });
  });

  it('is live only when told so, once', () => {
    const { told, tracker } = start();
    tracker.listed(1_000);
    expect(told).toEqual([]);
    tracker.live();
    tracker.live();
    expect(told).toEqual([{ phase: 'live' }]);
  });

  it('stays live over a reconnection shorter than the grace', () => {
    const { clock, told, tracker } = start();
    tracker.live();
    tracker.lapse(clock.now());
    clock.advance(999);
    tracker.live();
    clock.advance(10_000);
    expect(told).toEqual([{ phase: 'live' }]);
  });

  it('says bytes that nobody could read without their control characters', () => {
    const { told, tracker } = start();
    tracker.fault(new ClusterError('invalid', 'an event is not JSON: "\0\0\n\u001b[31m{"'), undefined);
    expect(told).toEqual([{ phase: 'stale', reason: 'an event is not JSON: " {"' }]);
  });

  it('is stale since the last good moment when the grace is over, and says so for the fault that follows', () => {
    const { clock, told, tracker } = start();
    tracker.live();
    clock.advance(500);
    tracker.lapse(1_500);
    clock.advance(1_000);
    expect(told.at(-1)).toEqual({ phase: 'stale', since: 1_500, reason: 'reconnecting' });
    tracker.lapse(9_999);
    tracker.fault(cut, 4_000);
    expect(told.at(-1)).toEqual({ phase: 'stale', since: 1_500, reason: 'connection reset', retryAt: 4_000 });
    tracker.live();
    tracker.lapse(20_000);
    tracker.fault(cut, undefined);
    expect(told.at(-1)).toEqual({ phase: 'stale', since: 20_000, reason: 'connection reset' });
  });

  it('names no time while nothing has ever been listed, then the time of the list', () => {
    const { told, tracker } = start();
    tracker.loading(0);
    tracker.fault(cut, 2_000);
    expect(told.at(-1)).toEqual({ phase: 'stale', reason: 'connection reset', retryAt: 2_000 });
    tracker.loading(3);
    expect(told.at(-1)).toEqual({ phase: 'loading', count: 3 });
    tracker.listed(1_200);
    tracker.loading(4);
    tracker.fault(cut, 3_000);
    expect(told.at(-1)).toMatchObject({ phase: 'stale', since: 1_200 });
  });

  it.each([
    ['forbidden', { phase: 'forbidden', message: 'words' }],
    ['unauthorized', { phase: 'login', message: 'words' }],
    ['not-found', { phase: 'gone', message: 'words' }],
    ['expired', { phase: 'stale', reason: 'the history expired, listing afresh (words)' }],
  ] as const)('shows %s as what it is', (code, freshness) => {
    const { told, tracker } = start();
    tracker.fault(new ClusterError(code, 'words'), undefined);
    expect(told).toEqual([freshness]);
  });

  it('tells nothing after dispose', () => {
    const { clock, told, tracker } = start();
    tracker.live();
    tracker.lapse(clock.now());
    tracker.dispose();
    clock.advance(5_000);
    expect(told).toEqual([{ phase: 'live' }]);
  });
});
