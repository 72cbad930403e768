import { describe, expect, test } from 'vitest';
import { type Described, emptyLines } from '../../../src/engine/view-text.ts';
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
});
