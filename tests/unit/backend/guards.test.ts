import { expect, test } from 'vitest';
import { createGuards, guardFor, guardNews } from '../../../src/backend/guards.ts';
import type { GuardRule } from '../../../src/protocol/wire.ts';

const rules: readonly GuardRule[] = [
  { pattern: '*', mode: 'typed' },
  { pattern: 'prod*', mode: 'read-only', colour: '#ff0000' },
  { pattern: 'prod-play', mode: 'open' },
  { pattern: 'kind-?', mode: 'open' },
];

test.each([
  ['anything', { mode: 'typed' }],
  ['prod-eu', { mode: 'read-only', colour: '#ff0000' }],
  ['prod-play', { mode: 'open' }],
  ['kind-1', { mode: 'open' }],
  ['kind-12', { mode: 'typed' }],
  ['pro', { mode: 'typed' }],
  ['a\nprod', { mode: 'typed' }],
])('%s', (context, guard) => {
  expect(guardFor(rules, context)).toEqual(guard);
  expect(guardFor([...rules].reverse(), context)).toEqual(guard);
});

test('a pattern is no regular expression, and of two that say as much the stricter wins', () => {
  expect(guardFor([{ pattern: 'a.c', mode: 'read-only' }], 'abc')).toEqual({ mode: 'open' });
  expect(guardFor([{ pattern: '(a|b)+', mode: 'read-only' }], '(a|b)+')).toEqual({ mode: 'read-only' });
  const both: GuardRule[] = [
    { pattern: 'ab*', mode: 'open' },
    { pattern: '*ab', mode: 'typed' },
  ];
  expect(guardFor(both, 'abab')).toEqual({ mode: 'typed' });
});

test('rules that are set later take the place of the first ones', () => {
  const guards = createGuards(() => rules);
  expect(guards.of('prod').mode).toBe('read-only');
  guards.set([]);
  expect(guards.of('prod').mode).toBe('open');
});

test('each editor is told of the contexts it uses, and again when that changes', () => {
  const guards = createGuards(() => [{ pattern: 'prod', mode: 'typed' }]);
  const told: string[] = [];
  const news = guardNews(guards, (client, message) => {
    if (message.type === 'guard') told.push(`${client} ${message.context} ${message.mode}`);
  });
  news.tell(1, 'prod');
  news.tell(1, 'prod');
  news.tell(1, 'dev');
  news.tell(2, 'prod');
  expect(told.splice(0)).toEqual(['1 prod typed', '2 prod typed']);
  guards.set([{ pattern: '*', mode: 'read-only' }]);
  news.tellAll();
  expect(told).toEqual(['1 prod read-only', '1 dev read-only', '2 prod read-only']);
});
