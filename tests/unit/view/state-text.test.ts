import { expect, test } from 'vitest';
import { claimOf, thousands, worst } from '../../../src/view/state-text.ts';

test('numbers are readable', () => {
  expect([7, 999, 1000, 2041, 1_234_567].map(thousands)).toEqual(['7', '999', '1,000', '2,041', '1,234,567']);
});

test('a stale view says how old, why and when it is tried again', () => {
  const claim = claimOf({ phase: 'stale', since: 1000, reason: 'connection refused', retryAt: 16_500 }, 13_000, 7);
  expect(claim).toMatchObject({ phase: 'stale', right: '◐ 12s old: connection refused, retry in 4 s' });
});

test('a view that never loaded does not claim an age', () => {
  expect(claimOf({ phase: 'stale', reason: 'connection refused' }, 0, 0).right).toBe(
    '◐ not loaded: connection refused',
  );
});

test('what was requested is left out of the statusline', () => {
  const reason = '127.0.0.1:6443 refused the connection (GET /api/v1/pods at 127.0.0.1:6443).';
  expect(claimOf({ phase: 'stale', since: 0, reason }, 3000, 7).right).toBe(
    '◐ 3s old: 127.0.0.1:6443 refused the connection',
  );
});

test('one bad scope spoils the claim of all', () => {
  expect(
    worst([{ phase: 'live' }, { phase: 'forbidden', message: 'no' }, { phase: 'loading', count: 1 }]),
  ).toMatchObject({ phase: 'forbidden' });
  expect(worst([{ phase: 'live' }, { phase: 'live' }])).toEqual({ phase: 'live' });
});
