import { describe, expect, test } from 'vitest';
import { type Described, emptyLines, stateOf } from '../../../src/engine/view-text.ts';
import type { Resource } from '../../../src/protocol/resource.ts';
import type { Query } from '../../../src/protocol/wire.ts';

const described: Described = {
  view: 1,
  context: 'lab',
  resource: { resource: 'events', namespaced: true } as Resource,
  namespaces: ['shop'],
  query: { resource: 'events' },
  filter: '',
  inactive: [],
  shown: 0,
  total: 0,
  paused: false,
  freshness: { phase: 'live' },
  now: 0,
  coverage: undefined,
  missing: [],
  unsure: [],
};

const said = (query: Omit<Query, 'resource'>): string =>
  emptyLines({ ...described, query: { resource: 'events', ...query } })
    .map(({ text }) => text)
    .join('\n');

describe('an empty table', () => {
  test.each([
    [{}, 'No events in shop.'],
    [{ names: ['cart', 'pay'] }, 'No events in shop named cart, pay.'],
    [{ selector: 'app=cart' }, 'No events in shop with -l app=cart.'],
    [{ fieldSelector: 'type=Warning' }, 'No events in shop with --field-selector type=Warning.'],
    [{ fieldSelector: 'involvedObject.uid=37250d77', from: 'pods/cart' }, 'No events in shop of pods/cart.'],
    [{ fieldSelector: 'type=Warning', from: 'pods/cart' }, 'No events in shop with --field-selector type=Warning.'],
  ])('asked for %j says: %s', (query, text) => {
    expect(said(query)).toBe(text);
  });

  test.each([
    ['cart', 'No events in shop match /cart/ (2,041 without the filter). <C-f> changes it.'],
    ['/^cart/', 'No events in shop match /^cart/ (2,041 without the filter). <C-f> changes it.'],
    [
      'a-long-filter-of-many-letters',
      'No events in shop match /a-long-filter-of-many-letters/\n(2,041 without the filter). <C-f> changes it.',
    ],
  ])('filtered by %s says: %s', (filter, text) => {
    const lines = emptyLines({ ...described, filter, total: 2041 });
    expect(lines.map((line) => line.text).join('\n')).toBe(text);
  });
});

test('a filter is shown as it is typed', () => {
  const middle = (filter: string) => stateOf({ ...described, filter, shown: 1, total: 2 }).middle;
  expect([middle('cart'), middle('/^cart/')]).toEqual(['1 of 2  /cart', '1 of 2  /^cart/']);
});
