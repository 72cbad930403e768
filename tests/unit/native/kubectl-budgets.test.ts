import { expect, test } from 'vitest';
import { matches } from '../../../src/native/kubectl-budgets.ts';

const labels = { app: 'web', tier: 'front' };

test.for([
  ['absent selects nothing', undefined, false],
  ['empty selects all', {}, true],
  ['all labels', { matchLabels: { app: 'web', tier: 'front' } }, true],
  ['one label differs', { matchLabels: { app: 'web', tier: 'back' } }, false],
  ['In', { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] }, true],
  ['In, absent', { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }, false],
  ['NotIn', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
  ['NotIn, absent', { matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, true],
  ['Exists', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
  ['DoesNotExist', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
  ['both must match', { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'zone', operator: 'Exists' }] }, false],
] as const)('a selector: %s', ([, selector, expected]) => {
  expect(matches(selector, labels)).toBe(expected);
});
