import { describe, expect, it } from 'vitest';
import { cellText, compareCells } from '../../../src/protocol/cell-text.ts';

const now = 1_700_000_000_000;

describe('cells', () => {
  it('tick where the column says so', () => {
    const cell = { text: '4', value: 4, at: now - 92_000 };
    expect(cellText(cell, { title: 'RESTARTS', time: 'ago' }, now)).toBe('4 (92s ago)');
    expect(cellText(cell, { title: 'AGE', time: 'age' }, now)).toBe('92s');
    expect(cellText(cell, { title: 'AGE', time: 'age' }, now + 60_000)).toBe('2m32s');
    expect(cellText(cell, { title: 'PLAIN' }, now)).toBe('4');
    expect(cellText({ text: '<unknown>', value: undefined }, { title: 'AGE', time: 'age' }, now)).toBe('<unknown>');
  });

  it('sort by value, ages from the youngest, absent last', () => {
    const age = { title: 'AGE', time: 'age' } as const;
    const young = { text: '', value: now, at: now };
    const old = { text: '', value: now - 1, at: now - 1 };
    const none = { text: '<unknown>', value: undefined };
    expect([none, old, young].sort((a, b) => compareCells(a, b, age))).toEqual([young, old, none]);
    const count = { title: 'COUNT' };
    expect(compareCells({ text: '9', value: 9 }, { text: '10', value: 10 }, count)).toBeLessThan(0);
    expect(compareCells({ text: 'a', value: 'a' }, { text: 'b', value: 'b' }, count)).toBeLessThan(0);
  });
});
