import { expect, test } from 'vitest';
import { type LabelSelector, matches } from '../../../src/actions/objects.ts';

const expression = (operator: string, key: string, ...values: string[]): LabelSelector => ({
  matchExpressions: [{ key, operator, values }],
});

test.each<[LabelSelector, boolean]>([
  [{}, true],
  [{ matchLabels: { app: 'web' } }, true],
  [{ matchLabels: { app: 'web', tier: 'x' } }, false],
  [expression('In', 'app', 'api', 'web'), true],
  [expression('In', 'tier', 'x'), false],
  [expression('NotIn', 'app', 'web'), false],
  [expression('NotIn', 'tier', 'x'), true],
  [expression('Exists', 'app'), true],
  [expression('Exists', 'tier'), false],
  [expression('DoesNotExist', 'tier'), true],
  [expression('DoesNotExist', 'app'), false],
  [expression('Near', 'app'), false],
  [{ matchLabels: { app: 'web' }, ...expression('Exists', 'tier') }, false],
])('%o selects app=web: %s', (selector, expected) => {
  expect(matches(selector, { app: 'web' })).toBe(expected);
});
