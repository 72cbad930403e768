import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, cellMs, cores, gauge, percent, sparkline } from '../../../../src/dashboards/top/charts.ts';

const at = (cell: number, cpu: number) => ({ at: cell * cellMs + 1000, cpu, memory: 0 });
const cpu = (sample: { cpu: number }) => sample.cpu;

describe('gauge', () => {
  it('fills by share and marks what is requested', () => {
    expect(gauge(10, 0.5, 0.75)).toBe('█████░░│░░');
    expect(gauge(10, 0)).toBe('░░░░░░░░░░');
    expect(gauge(10, undefined)).toBe('··········');
  });

  it('has its width whatever the numbers are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.double(), fc.double(), (width, share, mark) => {
        expect([...gauge(width, Number.isNaN(share) ? 0 : share, Number.isNaN(mark) ? 0 : mark)]).toHaveLength(width);
      }),
    );
  });
});

describe('sparkline', () => {
  it('puts each sample where it belongs in time, newest at the right', () => {
    expect(sparkline(4, [at(7, 0), at(8, 0.5), at(9, 1), at(10, 0)], cpu, 10 * cellMs + 5000, 1)).toBe('▁▅█▁');
  });

  it('leaves a gap where there was no sample', () => {
    expect(sparkline(6, [at(5, 1), at(10, 1)], cpu, 10 * cellMs, 1)).toBe('█    █');
  });

  it('carries a sample over the jitter of the next', () => {
    const late = [
      { at: 8 * cellMs + 14_900, cpu: 1, memory: 0 },
      { at: 10 * cellMs + 100, cpu: 1, memory: 0 },
    ];
    expect(sparkline(3, late, cpu, 10 * cellMs + 200, 1)).toBe('███');
  });

  it('scales by its highest without a whole', () => {
    expect(sparkline(2, [at(9, 2), at(10, 4)], cpu, 10 * cellMs)).toBe('▅█');
  });

  it('has its width whatever the samples are', () => {
    const sample = fc.record({ at: fc.integer(), cpu: fc.double({ min: 0, noNaN: true }), memory: fc.constant(0) });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), fc.array(sample), fc.integer(), (width, samples, now) => {
        expect([...sparkline(width, samples, cpu, now)]).toHaveLength(width);
      }),
    );
  });
});

describe('numbers', () => {
  it.each([
    [0, '0'],
    [0.0004, '1m'],
    [0.042, '42m'],
    [0.9996, '1.0'],
    [3.24, '3.2'],
    [128, '128'],
    [undefined, '—'],
  ])('%s cores are %s', (value, text) => expect(cores(value)).toBe(text));

  it.each([
    [0, '0'],
    [181 * 2 ** 20, '181Mi'],
    [8.1 * 2 ** 30, '8.1Gi'],
    [64 * 2 ** 30, '64Gi'],
    [1023 * 2 ** 10, '1Mi'],
    [undefined, '—'],
  ])('%s bytes are %s', (value, text) => expect(bytes(value)).toBe(text));

  it.each([
    [0.618, '62 %'],
    [1.5, '150 %'],
    [1000, '>999 %'],
    [undefined, '—'],
  ])('%s is %s', (value, text) => expect(percent(value)).toBe(text));
});
