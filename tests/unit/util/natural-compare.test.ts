import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues, ipValue, naturalKey, versionKey } from '../../../src/util/natural-compare.ts';

const sorted = (texts: readonly string[], key: (text: string) => string | number | undefined): string[] =>
  [...texts].sort((a, b) => compareValues(key(a), key(b)));

describe('order by value', () => {
  it('puts numbers before strings and what is absent last', () => {
    expect([undefined, 'b', 10, 'a', 9].sort(compareValues)).toEqual([9, 10, 'a', 'b', undefined]);
    // Array.sort moves undefined itself, so ask directly too.
    expect(compareValues(undefined, 'a')).toBe(1);
    expect(compareValues('a', undefined)).toBe(-1);
    expect(compareValues(undefined, undefined)).toBe(0);
  });

  it('compares runs of digits by value', () => {
    expect(sorted(['web-10', 'web-2', 'web-1', 'web'], naturalKey)).toEqual(['web', 'web-1', 'web-2', 'web-10']);
    expect(sorted(['a99999999999999999999', 'a3', 'a12345678901'], naturalKey)).toEqual([
      'a3',
      'a12345678901',
      'a99999999999999999999',
    ]);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n }), fc.bigInt({ min: 0n }), (a, b) => {
        expect(Math.sign(compareValues(naturalKey(`x${a}y`), naturalKey(`x${b}y`)))).toBe(a < b ? -1 : Number(a > b));
      }),
    );
  });

  it('knows versions', () => {
    const order = ['v1.9.0', 'v1.10.0-alpha.2', 'v1.10.0-rc.1', 'v1.10.0', 'v1.10.0+k3s1', 'v1.10.1', 'v1.36.3'];
    expect(sorted([...order].reverse(), versionKey)).toEqual(order);
  });

  it('knows addresses', () => {
    const order = ['9.255.0.1', '10.0.0.9', '10.0.0.10', '192.168.0.1', '::1', 'fd00::2', 'fd00::10', 'fe80::1'];
    expect(sorted([...order].reverse(), ipValue)).toEqual(order);
    expect(ipValue('::ffff:10.0.0.1')).toBe(ipValue('0:0:0:0:0:ffff:a00:1'));
    for (const text of [
      '',
      '1.2.3',
      '1.2.3.4.5',
      '256.1.1.1',
      '1..2.3',
      ':',
      '1:2',
      '::1::',
      '1:2:3:4:5:6:7:8:9',
      '<none>',
    ]) {
      expect([text, ipValue(text)]).toEqual([text, undefined]);
    }
  });
});
