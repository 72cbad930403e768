import { expect, test } from 'vitest';
import { createSkew } from '../../../src/cluster/server-clock.ts';
import { manualClock } from './support.ts';

const hour = 3_600_000;

test('the difference is that of the dates; little of it is none, and it does not tremble', () => {
  const clock = manualClock(1_900_000_000_000);
  const skew = createSkew(clock);
  const date = (ahead: number): string => new Date(clock.now() + ahead).toUTCString();
  skew.heard(undefined);
  skew.heard('yesterday');
  skew.heard(date(-1_000));
  skew.heard(date(4_000));
  expect(skew.ms()).toBe(0);
  skew.heard(date(hour));
  const first = skew.ms();
  expect(Math.abs(first - hour)).toBeLessThanOrEqual(1_000);
  clock.advance(700);
  skew.heard(date(hour - 900));
  expect(skew.ms()).toBe(first);
  skew.heard(date(-hour));
  expect(Math.abs(skew.ms() + hour)).toBeLessThanOrEqual(1_000);
  skew.heard(date(0));
  expect(skew.ms()).toBe(0);
});
