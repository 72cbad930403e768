import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimestamp } from '../../../src/util/timestamp.ts';

describe('timestamps', () => {
  it('equal Date for every second of the years 1 to 9999', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_799, max: 253_402_300_799 }), (seconds) => {
        const text = new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
        expect(parseTimestamp(text)).toBe(seconds * 1000);
      }),
      { numRuns: 2_000 },
    );
  });

  it('may have fractions and offsets', () => {
    expect(parseTimestamp('2026-03-01T12:00:00.123456Z')).toBe(Date.UTC(2026, 2, 1, 12, 0, 0, 123));
    expect(parseTimestamp('2026-03-01T12:00:00+02:00')).toBe(Date.UTC(2026, 2, 1, 10));
  });

  it('are absent when null, zero or rubbish', () => {
    const rubbish = [
      null,
      undefined,
      '',
      'yesterday',
      'web-2',
      '9%',
      '1',
      '0001-01-01T00:00:00Z',
      '2026-xx-01T12:00:00Z',
    ];
    for (const time of rubbish) {
      expect([time, parseTimestamp(time)]).toEqual([time, undefined]);
    }
    expect(parseTimestamp(5)).toBe(5);
  });
});
