import fc from 'fast-check';
import { expect, test } from 'vitest';
import { didYouMean, distance, nearest } from '../../../src/util/nearest.ts';

test('distance is a metric that counts edits', () => {
  expect(distance('kitten', 'sitting')).toBe(3);
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(distance(a, b)).toBe(distance(b, a));
      expect(distance(a, b) === 0).toBe(a === b);
      expect(distance(a, c)).toBeLessThanOrEqual(distance(a, b) + distance(b, c));
    }),
  );
});

test('offers what is near or continues the word, best first, each once', () => {
  const names = ['pods', 'podtemplates', 'nodes', 'pods', 'services'];
  expect(nearest('podz', names)).toEqual(['pods']);
  expect(nearest('pod', names)).toEqual(['pods', 'podtemplates']);
  expect(nearest('PODS', names)[0]).toBe('pods');
  expect(nearest('x', names)).toEqual([]);
  expect(nearest('a', ['ab', 'ac', 'ad', 'ae'])).toHaveLength(3);
});

test('makes a question of it', () => {
  expect(didYouMean('podz', ['pods'])).toBe('Did you mean pods?');
  expect(didYouMean('ac', ['ab', 'ad', 'ae'])).toBe('Did you mean ab, ad or ae?');
  expect(didYouMean('zzzzzz', ['pods'])).toBeUndefined();
});
