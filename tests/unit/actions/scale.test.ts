import { expect, test } from 'vitest';
import { runAction } from '../../../src/actions/run.ts';
import scale from '../../../src/actions/scale.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { failure } from '../cluster/support.ts';
import { abilityOf, deployments, targetOf } from './support.ts';

const web = targetOf('web', { resource: deployments });
const scaleOf = (resourceVersion: string) => ({
  metadata: { uid: 'uid-web', resourceVersion },
  spec: { replicas: 2 },
  status: { replicas: 2 },
});

test('writes the version it read, and reads again after a conflict', async () => {
  let reads = 0;
  const { ability, asked } = abilityOf(({ method }) => {
    if (method === 'GET') {
      reads += 1;
      return scaleOf(String(reads));
    }
    if (reads < 4) throw new ClusterError('conflict', 'changed');
    return {};
  });
  const results = await runAction(scale, [web], { replicas: 0 }, { dryRun: false }, ability);
  expect(results).toMatchObject([{ ok: true, message: '2 → 0 replicas' }]);
  expect(asked.at(-1)).toMatchObject({
    method: 'PUT',
    path: '/apis/apps/v1/namespaces/shop/deployments/web/scale',
    body: { metadata: { uid: 'uid-web', resourceVersion: '4' }, spec: { replicas: 0 } },
  });
});

test('gives up when it never stops changing', async () => {
  const { ability } = abilityOf(({ method }) => {
    if (method === 'PUT') throw new ClusterError('conflict', 'changed');
    return scaleOf('1');
  });
  const [result] = await runAction(scale, [web], { replicas: 5 }, { dryRun: false }, ability);
  expect(result).toMatchObject({ ok: false, message: expect.stringContaining('changes faster than it can be scaled') });
});

test('patches where only that is allowed', async () => {
  const { ability, asked } = abilityOf(
    () => scaleOf('7'),
    (verb) => verb === 'patch',
  );
  expect(await scale.applies([web], ability)).toBe(true);
  await runAction(scale, [web], { replicas: 5 }, { dryRun: false }, ability);
  expect(asked.at(-1)).toMatchObject({ method: 'PATCH' });
  expect(JSON.parse(String(asked.at(-1)?.body))).toEqual({
    metadata: { uid: 'uid-web', resourceVersion: '7' },
    spec: { replicas: 5 },
  });
});

test('one object that is gone does not stop the others', async () => {
  const { ability } = abilityOf(({ path }) => {
    if (path.includes('/gone/')) throw new ClusterError('not-found', 'no such deployment');
    return scaleOf('1');
  });
  const gone = targetOf('gone', { resource: deployments });
  const results = await runAction(scale, [gone, web], { replicas: 5 }, { dryRun: false }, ability);
  expect(results.map(({ ok, message }) => [ok, message])).toEqual([
    [false, 'no such deployment'],
    [true, '2 → 5 replicas'],
  ]);
});

test('a negative number is refused before anything is asked to change', async () => {
  const { ability, asked } = abilityOf(() => scaleOf('1'));
  const error = await failure(runAction(scale, [web], { replicas: -1 }, { dryRun: false }, ability));
  expect(error).toMatchObject({ code: 'invalid', message: 'Replicas must be 0 or more, not -1.' });
  expect(asked.every(({ method }) => method === 'GET')).toBe(true);
});
