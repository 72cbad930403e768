import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalQuantity, formatQuantity, parseQuantity } from '../../../src/util/quantity.ts';
import reference from '../../golden/util/quantities.json' with { type: 'json' };

describe('quantities', () => {
  it('are accepted, valued and written like apimachinery does', () => {
    for (const { in: text, out, value } of reference) {
      if (!/^[+-]?\.?\d/.test(text)) continue;
      expect([text, canonicalQuantity(text)]).toEqual([text, out ?? undefined]);
      if (value === null) expect([text, parseQuantity(text)]).toEqual([text, undefined]);
      else expect(Math.abs((parseQuantity(text) ?? Number.NaN) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-12);
    }
  });

  it('survive being written and read', () => {
    const format = fc.constantFrom('BinarySI' as const, 'DecimalSI' as const, 'DecimalExponent' as const);
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(1, 1000, 1024, 1024 ** 2, 1000 ** 2), format, (base, unit, form) => {
        expect(parseQuantity(formatQuantity(base * unit, form))).toBe(base * unit);
      }),
    );
    expect(formatQuantity(0.1, 'DecimalSI')).toBe('100m');
    expect(formatQuantity(1536 * 1024 ** 2, 'BinarySI')).toBe('1536Mi');
    expect(formatQuantity(-2.5, 'DecimalSI')).toBe('-2500m');
  });

  it('have digits: a bare suffix is a word', () => {
    for (const text of ['', 'Mi', 'e3', 'm', '.', '-']) expect([text, parseQuantity(text)]).toEqual([text, undefined]);
  });

  it('do not let a huge exponent eat memory', () => {
    expect(parseQuantity('1e999999999')).toBeUndefined();
  });
});
