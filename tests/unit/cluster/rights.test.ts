import { expect, test } from 'vitest';
import { createRights } from '../../../src/cluster/rights.ts';
import { namespacesResource } from '../../../src/engine/permitted.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { fakeClock } from '../fake-clock.ts';
import { transportOf } from './fake-transport.ts';

const pods = { ...namespacesResource, resource: 'pods', kind: 'Pod', namespaced: true };
const deployments = { ...pods, group: 'apps', resource: 'deployments', kind: 'Deployment' };

const rule = { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] };

const start = (rules: readonly unknown[], { incomplete = false, may = false } = {}) => {
  const clock = fakeClock();
  const { transport, asked } = transportOf(({ path }) =>
    path.endsWith('selfsubjectrulesreviews')
      ? { status: { resourceRules: rules, incomplete } }
      : { status: { allowed: may } },
  );
  return { clock, asked, rights: createRights(transport, clock) };
};

test.each([
  ['the resource and verb', [rule], true],
  ['everything', [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }], true],
  ['another verb', [{ ...rule, verbs: ['get', 'watch'] }], false],
  ['another group', [{ ...rule, apiGroups: ['apps'] }], false],
  ['single objects only', [{ ...rule, resourceNames: ['a'] }], false],
  ['a subresource', [{ ...rule, resources: ['pods/log'] }], false],
  ['nothing', [], false],
])('a rule for %s', async (_, rules, allowed) => {
  expect(await start(rules).rights.mayList(pods, 'shop')).toBe(allowed);
});

test('one question for each namespace, whatever number of resources, until it is forgotten or old', async () => {
  const { rights, asked, clock } = start([rule]);
  expect(await Promise.all([rights.mayList(pods, 'shop'), rights.mayList(deployments, 'shop')])).toEqual([true, false]);
  expect(asked).toHaveLength(1);
  await rights.mayList(pods, 'pay');
  expect(asked).toHaveLength(2);
  rights.forget('shop');
  await rights.mayList(pods, 'shop');
  expect(asked).toHaveLength(3);
  clock.advance(301_000);
  await rights.mayList(pods, 'pay');
  expect(asked).toHaveLength(4);
});

test('where rules are incomplete the one question decides', async () => {
  expect(await start([], { incomplete: true, may: true }).rights.mayList(pods, 'shop')).toBe(true);
  expect(await start([], { incomplete: true }).rights.mayList(pods, 'shop')).toBe(false);
  const sure = start([rule], { incomplete: true });
  expect(await sure.rights.mayList(pods, 'shop')).toBe(true);
  expect(sure.asked).toHaveLength(1);
});

test('a question that failed is asked again', async () => {
  let fails = true;
  const { transport } = transportOf(() => {
    if (fails) throw new ClusterError('unreachable', 'gone');
    return { status: { resourceRules: [rule] } };
  });
  const rights = createRights(transport, fakeClock());
  await expect(rights.mayList(pods, 'shop')).rejects.toMatchObject({ code: 'unreachable' });
  fails = false;
  expect(await rights.mayList(pods, 'shop')).toBe(true);
});
