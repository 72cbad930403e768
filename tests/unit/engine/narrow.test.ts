import { expect, test } from 'vitest';
import { labelCounts, narrow } from '../../../src/engine/narrow.ts';
import { rowOf } from '../view/row-of.ts';

const query = { resource: 'pods', selector: 'old', wide: true };

test('selectors of a line replace those of the query, and a line without any lifts them', () => {
  expect(narrow('cart, -l app in (a,b) --field-selector spec.nodeName=n1', query)).toEqual({
    filter: 'cart',
    query: { resource: 'pods', wide: true, selector: 'app in (a,b)', fieldSelector: 'spec.nodeName=n1' },
  });
  expect(narrow('cart', query)).toEqual({ filter: 'cart', query: { resource: 'pods', wide: true } });
});

test('a selector the server would refuse is refused here, with what is wrong', () => {
  expect(() => narrow('-l app in (', query)).toThrow("-l app in (: 'app in (' is no label requirement");
});

test('labels are counted, those that most rows have first', () => {
  const labelled = (name: string, labels: Record<string, string>) => ({ ...rowOf({ name }), labels });
  const rows = [labelled('a', { app: 'x' }), labelled('b', { app: 'y', tier: '1' }), labelled('c', { app: 'y' })];
  expect(labelCounts(rows)).toEqual([
    { key: 'app', value: 'y', count: 2 },
    { key: 'app', value: 'x', count: 1 },
    { key: 'tier', value: '1', count: 1 },
  ]);
});
