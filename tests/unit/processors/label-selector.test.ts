import { describe, expect, it } from 'vitest';
import { labelsText, selectorText } from '../../../src/processors/label-selector.ts';
import type { LabelSelector } from '../../../src/processors/objects.ts';
import reference from '../../golden/util/selectors.json' with { type: 'json' };

describe('selectors', () => {
  it('read as apimachinery writes them', () => {
    for (const { selector, text } of reference) {
      const made = selectorText(selector as LabelSelector | null) ?? '<invalid>';
      expect([selector, made]).toEqual([selector, text]);
    }
  });
});

describe('labels', () => {
  it('are sorted', () => {
    expect(labelsText({ b: '2', a: '1', C: '' })).toBe('C=,a=1,b=2');
    expect(labelsText(undefined)).toBe('');
  });
});
