import { expect, test } from 'vitest';
import label from '../../../src/actions/label.ts';
import restart from '../../../src/actions/restart.ts';
import { planAction, runAction } from '../../../src/actions/run.ts';
import setImage from '../../../src/actions/set-image.ts';
import { guardRefusal } from '../../../src/actions/write.ts';
import type { Finished } from '../../../src/journal/entry.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { failure } from '../cluster/support.ts';
import { abilityOf, deployments, resourceOf, targetOf } from './support.ts';

const patchable = { ...deployments, verbs: ['get', 'patch', 'update'] };
const web = targetOf('web', { resource: patchable });
const live = (resourceVersion: string, more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', uid: 'uid-web', resourceVersion, ...more },
  spec: { replicas: 2, strategy: {}, template: { spec: { containers: [{ name: 'app', image: 'app:1' }] } } },
});
const real = { dryRun: false };

test('each request carries the uid and version that were read, and a conflict reads again', async () => {
  let reads = 0;
  const { ability, asked } = abilityOf(({ method }) => {
    if (method === 'GET') {
      reads += 1;
      return live(String(reads));
    }
    if (reads < 3) throw new ClusterError('conflict', 'changed');
    return live('9');
  });
  expect(await runAction(label, [web], { pairs: 'a=b' }, real, ability)).toMatchObject([
    { ok: true, message: '+ a=b' },
  ]);
  expect(JSON.parse(String(asked.at(-1)?.body))).toEqual({
    metadata: { uid: 'uid-web', resourceVersion: '3', labels: { a: 'b' } },
  });
});

test('a namesake is refused before anything is sent', async () => {
  const { ability, asked } = abilityOf(() => live('1', { uid: 'another' }));
  const [result] = await runAction(restart, [web], {}, real, ability);
  expect(result).toMatchObject({ ok: false, message: expect.stringContaining('is another object now') });
  expect(asked.every(({ method }) => method === 'GET')).toBe(true);
});

test('where no strategic patch is known the container is found by its name in another way', async () => {
  const { ability, asked } = abilityOf(({ method, body }) => {
    if (method === 'GET') return live('1');
    if (!String(body).startsWith('[')) throw new ClusterError('unsupported', 'no such type', { status: 415 });
    return live('2');
  });
  expect(await runAction(setImage, [web], { 'image:app': 'app:2' }, real, ability)).toMatchObject([{ ok: true }]);
  expect(JSON.parse(String(asked.at(-1)?.body))).toEqual([
    { op: 'test', path: '/metadata/uid', value: 'uid-web' },
    { op: 'test', path: '/spec/template/spec/containers/0/name', value: 'app' },
    { op: 'add', path: '/spec/template/spec/containers/0/image', value: 'app:2' },
  ]);
});

test('the line in the journal is there before the request, and its outcome after it', async () => {
  const story: string[] = [];
  const { ability } = abilityOf(({ method }) => {
    story.push(method);
    return live('1');
  });
  const recorder = {
    begin: ({ command, user }: { command: string; user: string }) => {
      story.push(`begin ${command} by ${user}`);
      return 7;
    },
    finish: (id: number, { ok, change }: Finished) => {
      story.push(`finish ${id} ${ok} ${change?.kind}`);
    },
  };
  const [result] = await runAction(restart, [web], {}, { ...real, recorder }, ability);
  expect(result).toMatchObject({ ok: true, entry: 7 });
  expect(story).toEqual(
    [
      'begin kubectl --context prod rollout restart deployments/web --namespace shop by jane',
      'GET',
      'PATCH',
      'finish 7 true update',
    ].map((line) => line.replace('deployments/web', 'deployments.apps/web')),
  );
});

test('an object whose line cannot be written is left alone; what was done and cannot be written down says so', async () => {
  const { ability, asked } = abilityOf(() => live('1'));
  const broken = () => {
    throw new ClusterError('internal', 'not done: no room');
  };
  const never = { begin: broken, finish: broken };
  expect(await runAction(restart, [web], {}, { ...real, recorder: never }, ability)).toMatchObject([
    { ok: false, message: 'not done: no room' },
  ]);
  expect(asked).toEqual([]);
  const late = { begin: () => 1, finish: broken };
  expect(await runAction(restart, [web], {}, { ...real, recorder: late }, ability)).toMatchObject([
    { ok: true, message: 'restarts its pods (2) (not in the journal: not done: no room)' },
  ]);
});

test('a guarded context does nothing without the word, whoever asks; a dry run needs none', async () => {
  const { ability, asked } = abilityOf(() => live('1'));
  const guarded = { ...real, guard: 'typed' } as const;
  for (const typed of [undefined, 'we', 'prod']) {
    const error = await failure(runAction(restart, [web], {}, { ...guarded, typed }, ability));
    expect(error.message).toBe('Context "prod" is guarded: "web" must be typed. Nothing was done.');
  }
  expect(asked).toEqual([]);
  expect(await runAction(restart, [web], {}, { ...guarded, typed: 'web' }, ability)).toMatchObject([{ ok: true }]);
  expect(await runAction(restart, [web], {}, { ...guarded, dryRun: true }, ability)).toMatchObject([{ ok: true }]);
  expect(guardRefusal('read-only', false, 'prod', 'restart')?.code).toBe('forbidden');
  expect(guardRefusal('read-only', true, 'prod', 'restart')).toBeUndefined();
});

test('a plan names those who would change it back', async () => {
  const labels = { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux' };
  const ownerReferences = [{ apiVersion: 'x/v1', kind: 'Shop', name: 'shop', uid: 'u', controller: true }];
  const { ability } = abilityOf(() => live('1', { labels, ownerReferences }));
  const { lines } = await planAction(restart, [web], {}, ability);
  expect(lines.slice(1)).toEqual([
    'web  restarts its pods (2) (Shop shop owns it and may change this back)',
    '! Flux Kustomization flux/apps manages it and may change this back',
  ]);
});

test('the journal that cannot keep it is a line of the plan', async () => {
  const { ability } = abilityOf(() => live('1'));
  const plan = await planAction(restart, [web], {}, ability, { unjournaled: 'no room' });
  expect(plan).toMatchObject({
    unjournaled: true,
    lines: expect.arrayContaining(['! The journal cannot keep this: no room']),
  });
});

test('what an object lacks is why an action does not apply, and no right is another reason', async () => {
  const { ability } = abilityOf(() => ({ metadata: { uid: 'uid-x' }, spec: {} }));
  expect(await restart.applies([web], ability)).toBe('it does not roll out its pods');
  const readOnly = targetOf('x', { resource: resourceOf('things', 'Thing', { verbs: ['get'] }) });
  expect(await label.applies([readOnly], ability)).toBe('things cannot be changed');
  const { ability: weak } = abilityOf(
    () => live('1'),
    () => false,
  );
  expect(await restart.applies([web], weak)).toBe('not allowed: patch deployments.apps in shop');
});
