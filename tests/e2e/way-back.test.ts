/** What was deleted comes back, as far as it can; the journal says what cannot. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKeeper } from '../../src/backend/keeper.ts';
import { until } from './until.ts';
import { podSpec, template, WriteStage } from './write-stage.ts';

let stage: WriteStage;
beforeAll(async () => {
  stage = await WriteStage.start();
});
afterAll(() => stage?.dispose());

test('a deleted deployment comes back as it was, under a new uid', async () => {
  const made = await stage.create('deploy', {
    metadata: { name: 'web', labels: { tier: 'x' }, annotations: { note: 'y' } },
    spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: template('web') },
  });
  const entry = await stage.does('delete', stage.target('deploy', made));
  await until('it to go', () => stage.isGone('deploy', 'web'));
  expect((await stage.planUndo(entry.id)).lines).toContain('web  is made again, with a new uid');
  const [back] = await stage.undo(entry.id);
  expect(back).toMatchObject({ ok: true, message: 'made again' });
  const again = await stage.get('deploy', 'web');
  expect(again.metadata).toMatchObject({ labels: { tier: 'x' }, annotations: { note: 'y' } });
  expect(again.metadata.uid).not.toBe(made.metadata?.uid);
  const { progressDeadlineSeconds, ...spec } = again.spec;
  expect(made.spec).toMatchObject(spec);
  expect(progressDeadlineSeconds).toBe(600);
  // Taking that back deletes it again.
  expect(await stage.undo(back?.entry ?? 0)).toMatchObject([{ ok: true, message: 'deleted again' }]);
  await until('it to go again', () => stage.isGone('deploy', 'web'));
});

test('objects deleted together come back owners first, and belong to each other again', async () => {
  const owner = await stage.create('cm', { metadata: { name: 'owner' } });
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata?.uid };
  const owned = await stage.create('cm', { metadata: { name: 'owned', ownerReferences: [reference] } });
  const ids: number[] = [];
  for (const object of [owned, owner]) ids.push((await stage.does('delete', stage.target('cm', object))).id);
  for (const name of ['owner', 'owned']) await until(`${name} to go`, () => stage.isGone('cm', name));
  const results = await stage.undo(...ids);
  expect(results.map(({ ok, object }) => [ok, object])).toEqual([
    [true, `configmaps/owner in ${stage.namespace}`],
    [true, `configmaps/owned in ${stage.namespace}`],
  ]);
  const fresh = (await stage.get('cm', 'owner')).metadata.uid;
  expect((await stage.get('cm', 'owned')).metadata.ownerReferences).toMatchObject([{ name: 'owner', uid: fresh }]);
});

test('what belonged to a deleted object and went with it comes back with it', async () => {
  const owner = await stage.create('cm', { metadata: { name: 'parent' } });
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'parent', uid: owner.metadata?.uid };
  await stage.create('cm', { metadata: { name: 'child', ownerReferences: [reference] }, data: { a: 'b' } });
  await stage.create('secrets', { metadata: { name: 'child', ownerReferences: [reference] }, data: { a: 'b2xk' } });
  const target = stage.target('cm', owner);
  expect((await stage.plan('delete', [target])).lines).toContain(
    '! Deleted with it, for they belong to it: ConfigMap child, Secret child',
  );
  const entry = await stage.does('delete', target);
  expect(JSON.stringify(entry)).not.toContain('b2xk');
  await until('the child to go', () => stage.isGone('cm', 'child'));
  expect((await stage.planUndo(entry.id)).lines).toContain(
    'parent  is made again, with a new uid; with it ConfigMap child; secrets that belonged to it do not come back',
  );
  expect(await stage.undo(entry.id)).toMatchObject([{ ok: true, message: 'made again' }]);
  const child = await stage.get('cm', 'child');
  expect(child.data).toEqual({ a: 'b' });
  expect(child.metadata.ownerReferences[0].uid).toBe((await stage.get('cm', 'parent')).metadata.uid);
});

test('what cannot come back is said: secrets, pods of a replica set, what is there again, addresses, volumes', async () => {
  const secret = await stage.create('secrets', { metadata: { name: 's' }, data: { a: 'b2xk' } });
  expect((await stage.plan('delete', [stage.target('secrets', secret)])).lines).toContain(
    'The journal keeps no values of secrets: they are lost.',
  );
  const lost = await stage.does('delete', stage.target('secrets', secret));
  await expect(stage.planUndo(lost.id)).rejects.toThrow('the journal keeps no values of secrets');

  await stage.create('rs', {
    metadata: { name: 'set' },
    spec: { replicas: 1, selector: { matchLabels: { app: 'set' } }, template: template('set') },
  });
  const pod = await until('its pod', async () => {
    const query = { labelSelector: 'app=set' };
    // biome-ignore lint/suspicious/noExplicitAny: a test looks wherever it wants.
    return (await stage.transport.json<{ items: any[] }>({ path: stage.path('pods'), query })).items[0];
  });
  const gone = await stage.does('delete', stage.target('pods', pod), { force: true });
  await until('it to go', () => stage.isGone('pods', pod.metadata.name));
  await expect(stage.planUndo(gone.id)).rejects.toThrow('is left to ReplicaSet set, which makes such objects itself');

  const service = await stage.create('svc', { metadata: { name: 'svc' }, spec: { ports: [{ port: 80 }] } });
  const served = await stage.does('delete', stage.target('svc', service));
  await until('it to go', () => stage.isGone('svc', 'svc'));
  expect((await stage.planUndo(served.id)).lines).toContain(
    'svc  is made again, with a new uid; it gets a new cluster address and new node ports',
  );
  await stage.create('svc', { metadata: { name: 'svc' }, spec: { ports: [{ port: 81 }] } });
  await expect(stage.planUndo(served.id)).rejects.toThrow(
    /^Nothing can be taken back: services\/\S+ in \S+ is there again already\.$/,
  );
});

test('a job runs again, a bare pod starts afresh, a claim has a new volume', async () => {
  const job = await stage.create('jobs', {
    metadata: { name: 'job' },
    spec: { suspend: true, template: template('job', { ...podSpec, restartPolicy: 'Never' }) },
  });
  const pod = await stage.create('pods', { metadata: { name: 'bare' }, spec: { ...podSpec, schedulerName: 'nobody' } });
  const claim = await stage.create('pvc', {
    metadata: { name: 'claim' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  for (const [typed, object, note] of [
    ['jobs', job, 'it runs again, from the start'],
    ['pods', pod, 'it starts afresh, perhaps on another node'],
    ['pvc', claim, 'it gets a new, empty volume: its data does not come back'],
  ] as const) {
    const target = stage.target(typed, object);
    const entry = await stage.does('delete', target);
    await until(`${target.name} to go`, () => stage.isGone(typed, target.name));
    expect((await stage.planUndo(entry.id)).lines.join('\n')).toContain(note);
    expect(await stage.undo(entry.id)).toMatchObject([{ ok: true }]);
    expect((await stage.get(typed, target.name)).metadata.uid).not.toBe(target.uid);
  }
});

test('an entry whose object is another one now is left alone', async () => {
  const first = await stage.create('cm', { metadata: { name: 'twin' } });
  const entry = await stage.does('label', stage.target('cm', first), { pairs: 'a=b' });
  await stage.run('delete', [stage.target('cm', first)]);
  await stage.create('cm', { metadata: { name: 'twin', labels: { a: 'b' } } });
  await expect(stage.planUndo(entry.id)).rejects.toThrow('is another object now');
  expect(await stage.undo(entry.id)).toMatchObject([{ ok: false }]);
  expect((await stage.get('cm', 'twin')).metadata.labels).toEqual({ a: 'b' });
});

test('where nothing can be written, nothing is done before the user agrees, and then it is', async () => {
  const said: string[] = [];
  // A file in place of the folder: root may write into a folder that is read-only.
  const keeper = createKeeper({ folder: '/dev/null/kubectl-live', warn: (text) => said.push(text) });
  try {
    const problem = await keeper.problem();
    expect(problem).toMatch(/ENOTDIR|EEXIST|no folder/);
    await keeper.problem();
    expect(said).toHaveLength(1);
    const target = stage.target('cm', await stage.create('cm', { metadata: { name: 'unkept' } }));
    const plan = await stage.plan('label', [target], { pairs: 'a=b' });
    expect(plan).not.toHaveProperty('unjournaled');
    await expect(keeper.recorder(false)).rejects.toThrow('not done: the journal cannot be written');
    expect(await keeper.recorder(true)).toBeUndefined();
    const results = await stage.run('label', [target], { pairs: 'a=b' }, { recorder: undefined });
    expect(results).toMatchObject([{ ok: true }]);
    expect(results[0]).not.toHaveProperty('entry');
  } finally {
    keeper.dispose();
  }
});
