import { expect, test } from 'vitest';
import { guess } from '../../../src/cluster/built-in.ts';
import { resourcePath } from '../../../src/protocol/resource.ts';

const pathOf = (typed: string): string | undefined => {
  const found = guess(typed);
  return found === undefined ? undefined : resourcePath(found, 'shop');
};

test('words are guessed as a server without extensions would read them', () => {
  expect(pathOf('po')).toBe('/api/v1/namespaces/shop/pods');
  expect(pathOf('Deployment')).toBe('/apis/apps/v1/namespaces/shop/deployments');
  expect(pathOf('deploy.apps')).toBe('/apis/apps/v1/namespaces/shop/deployments');
  expect(pathOf('hpa')).toBe('/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers');
  expect(pathOf('horizontalpodautoscalers.v1.autoscaling')).toBe(
    '/apis/autoscaling/v1/namespaces/shop/horizontalpodautoscalers',
  );
  expect(pathOf('events')).toBe('/api/v1/namespaces/shop/events');
  expect(pathOf('events.events.k8s.io')).toBe('/apis/events.k8s.io/v1/namespaces/shop/events');
  expect(pathOf('nodes')).toBe('/api/v1/nodes');
});

test('what no server has built in is not guessed', () => {
  expect(guess('widgets')).toBeUndefined();
  expect(guess('pods.example.com')).toBeUndefined();
  expect(guess('api-resources')).toBeUndefined();
  // It can be listed but not watched.
  expect(guess('componentstatuses')).toBeUndefined();
});
