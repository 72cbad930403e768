import { cachedDataVersionTag } from 'node:v8';
import { expect, test } from 'vitest';
import { growFreely, growSlowly } from '../../../src/util/heap-growth.ts';

test('where the heap grows freely, V8 takes the code it compiled before', () => {
  const before = cachedDataVersionTag();
  growSlowly();
  expect(cachedDataVersionTag()).not.toBe(before);
  growFreely();
  expect(cachedDataVersionTag()).toBe(before);
});
