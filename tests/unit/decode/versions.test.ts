import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions } from '../../../src/decode/versions.ts';

describe('compareVersions', () => {
  it('orders decimals as numbers, however long they are', () => {
    const version = fc.bigInt({ min: 0n, max: 10n ** 30n });
    fc.assert(
      fc.property(version, version, (left, right) => {
        expect(Math.sign(compareVersions(String(left), String(right)))).toBe(
          left === right ? 0 : left < right ? -1 : 1,
        );
      }),
    );
  });

  it('never calls older what is no decimal', () => {
    for (const [left, right] of [
      ['abc', '5'],
      ['5', 'abc'],
      ['', '5'],
      ['5', ''],
      ['b', 'a'],
    ] as const) {
      expect(compareVersions(left, right)).toBe(1);
    }
    expect(compareVersions('abc', 'abc')).toBe(0);
  });
});
