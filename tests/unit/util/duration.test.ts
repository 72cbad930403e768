import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { humanDuration, nextDurationChange, parseDuration, shortHumanDuration } from '../../../src/util/duration.ts';
import reference from '../../golden/util/durations.json' with { type: 'json' };

describe('durations', () => {
  it('reads like apimachinery for every recorded duration', () => {
    for (const { ms, human, short } of reference) {
      expect([ms, humanDuration(ms)]).toEqual([ms, human]);
      expect([ms, shortHumanDuration(ms)]).toEqual([ms, short]);
    }
  });

  it('says exactly when the text changes next', () => {
    const now = 1_700_000_000_000;
    const elapsed = fc.oneof(
      fc.integer({ min: -5_000, max: 1_000_000 }),
      fc.integer({ min: -5_000, max: 400_000_000_000 }),
      fc.constantFrom(...reference.map((each) => each.ms)),
    );
    fc.assert(
      fc.property(elapsed, (ms) => {
        const since = now - ms;
        const next = nextDurationChange(since, now);
        expect(next).toBeGreaterThan(now);
        expect(humanDuration(next - 1 - since)).toBe(humanDuration(ms));
        expect(humanDuration(next - since)).not.toBe(humanDuration(ms));
      }),
      { numRuns: 2_000 },
    );
  });

  it('parses what it prints, to the precision of the text', () => {
    for (const { human } of reference) {
      if (human === '<invalid>') continue;
      expect(humanDuration(parseDuration(human) ?? Number.NaN)).toBe(human);
    }
  });

  it('refuses what is no duration', () => {
    for (const text of ['', '5', 'm', '5x', '5m3', '-5m', '1.5h', '<unknown>']) {
      expect([text, parseDuration(text)]).toEqual([text, undefined]);
    }
  });
});
