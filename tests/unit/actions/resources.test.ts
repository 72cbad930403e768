import { expect, test } from 'vitest';
import resources from '../../../src/actions/resources.ts';
import { deployments, targetOf } from './support.ts';

const web = targetOf('web', { resource: deployments });
const textOf = (target: typeof web, inputs: Record<string, string>): string =>
  resources.command(target, inputs, false).join(' ');

test('the command does the same: one set of quantities, several containers, one taken away, a pod in place', () => {
  const place = 'deployments.apps/web --namespace shop';
  expect(textOf(web, { 'requests.cpu:app': '1', 'requests.memory:app': '8Mi', 'limits.cpu:app': '2' })).toBe(
    `set resources ${place} --containers=app --requests=cpu=1,memory=8Mi --limits=cpu=2`,
  );
  const two = { 'requests.cpu:app': '1', 'limits.memory:side': '8Mi' };
  const containers =
    '[{"name":"app","resources":{"requests":{"cpu":"1"}}},{"name":"side","resources":{"limits":{"memory":"8Mi"}}}]';
  expect(textOf(web, two)).toBe(`patch ${place} --patch={"spec":{"template":{"spec":{"containers":${containers}}}}}`);
  expect(textOf(web, { 'limits.cpu:app': '' })).toContain('{"limits":{"cpu":null}}');
  expect(textOf(targetOf('cart'), { 'requests.cpu:app': '1' })).toBe(
    'patch pods/cart --namespace shop --subresource=resize --patch={"spec":{"containers":[{"name":"app","resources":{"requests":{"cpu":"1"}}}]}}',
  );
});
