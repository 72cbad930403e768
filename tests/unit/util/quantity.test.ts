import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuantity } from '../../../src/util/quantity.ts';
import reference from '../../golden/util/quantities.json' with { type: 'json' };

describe('quantities', () => {
  it('are accepted and valued like apimachinery does', () => {
    for (const { in: text, out, value } of reference) {
      if (!/^[+-]?\.?\d/.test(text)) continue;
      // Its canonical form is worth the same.
      expect([text, parseQuantity(text)]).toEqual([text, out === null ? undefined : parseQuantity(out)]);
      if (value === null) expect([text, parseQuantity(text)]).toEqual([text, undefined]);
      else expect(Math.abs((parseQuantity(text) ?? Number.NaN) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-12);
    }
  });

  it('are as large as they are written', () => {
    const suffix = fc.constantFrom(
      ['', 1],
      ['k', 1000],
      ['Ki', 1024],
      ['Mi', 1024 ** 2],
      ['M', 1000 ** 2],
      ['e3', 1000],
    );
    fc.assert(
      fc.property(fc.integer(), suffix, (base, [word, unit]) => {
        expect(parseQuantity(`${base}${word}`)).toBe(base * Number(unit));
      }),
    );
  });

  it('have digits: a bare suffix is a word', () => {
    for (const text of ['', 'Mi', 'e3', 'm', '.', '-']) expect([text, parseQuantity(text)]).toEqual([text, undefined]);
  });

  it('do not let a huge exponent eat memory', () => {
    expect(parseQuantity('1e999999999')).toBeUndefined();
  });
});
