import { afterAll, beforeAll, expect, test } from 'vitest';
import { request } from './parity/awkward/access.ts';
import { until } from './until.ts';
import { podSpec, template, WriteStage } from './write-stage.ts';

let stage: WriteStage;
beforeAll(async () => {
  stage = await WriteStage.start();
});
afterAll(() => stage?.dispose());

const deployment = (name: string, more: object = {}) =>
  stage.create('deploy', {
    metadata: { name },
    spec: { replicas: 1, selector: { matchLabels: { app: name } }, template: template(name), ...more },
  });

const cronJob = (name: string) =>
  stage.create('cronjobs', {
    metadata: { name },
    spec: {
      schedule: '0 0 1 1 *',
      jobTemplate: { spec: { template: template(name, { ...podSpec, restartPolicy: 'Never' }) } },
    },
  });

const node = (name: string) => stage.create('nodes', { metadata: { name: `${name}-${stage.namespace}` } });

test('scale, and back, unless somebody else has scaled it since', async () => {
  const target = stage.target('deploy', await deployment('scaled'));
  const entry = await stage.does('scale', target, { replicas: 3 });
  expect(entry).toMatchObject({ change: 'update', subresource: 'scale', before: { spec: { replicas: 1 } } });
  await stage.patch('deploy', 'scaled', { spec: { replicas: 7 } });
  await expect(stage.planUndo(entry.id)).rejects.toThrow('somebody has changed spec.replicas since: it is 7');
  expect(await stage.undo(entry.id)).toMatchObject([{ ok: false }]);
  expect((await stage.get('deploy', 'scaled')).spec.replicas).toBe(7);
  await stage.patch('deploy', 'scaled', { spec: { replicas: 3 } });
  expect((await stage.planUndo(entry.id)).lines).toContain('scaled  spec.replicas: 3 → 1');
  const [back] = await stage.undo(entry.id);
  expect(back).toMatchObject({ ok: true, message: 'is as before: spec.replicas: 3 → 1' });
  expect((await stage.get('deploy', 'scaled')).spec.replicas).toBe(1);
  expect(stage.journal.read(entry.id)).toMatchObject({ revertedBy: back?.entry });
  expect(await stage.undo(entry.id)).toMatchObject([
    { ok: false, message: expect.stringContaining('taken back already') },
  ]);
  // The server leaves 0 out: what is not there was changed as well when it is there again.
  const none = await stage.does('scale', target, { replicas: 0 });
  await stage.patch('deploy', 'scaled', { spec: { replicas: 5 } });
  await expect(stage.planUndo(none.id)).rejects.toThrow('somebody has changed spec.replicas since: it is 5');
  expect(await stage.undo(none.id)).toMatchObject([{ ok: false }]);
  await stage.patch('deploy', 'scaled', { spec: { replicas: 0 } });
  expect(await stage.undo(none.id)).toMatchObject([{ ok: true }]);
  expect((await stage.get('deploy', 'scaled')).spec.replicas).toBe(1);
});

test('set image changes the containers meant, through a strategic patch, and back', async () => {
  const two = {
    containers: [
      { name: 'app', image: 'app:1' },
      { name: 'side', image: 'side:1' },
    ],
  };
  const target = stage.target('deploy', await deployment('imaged', { template: template('imaged', two) }));
  const entry = await stage.does('set-image', target, { 'image:app': 'app:2' });
  expect(entry.said).toBe('app: app:1 → app:2 (rolls out)');
  expect(entry.command).toContain('set image deployments.apps/imaged');
  const images = async () =>
    (await stage.get('deploy', 'imaged')).spec.template.spec.containers.map(({ image }: { image: string }) => image);
  expect(await images()).toEqual(['app:2', 'side:1']);
  // Another change of another container meanwhile is kept.
  await stage.run('set-image', [target], { 'image:side': 'side:2' });
  expect(await stage.undo(entry.id)).toMatchObject([{ ok: true }]);
  expect(await images()).toEqual(['app:1', 'side:2']);
});

test('of several each keeps what is not changed: images and resources of one are not those of the others', async () => {
  const two = (app: string) => ({
    containers: [
      { name: 'app', image: app, resources: { requests: { cpu: app === 'app:1' ? '1' : '2' } } },
      { name: 'side', image: 'side:1' },
    ],
  });
  const targets = [];
  for (const name of ['one', 'nine']) {
    const spec = two(name === 'one' ? 'app:1' : 'app:9');
    targets.push(stage.target('deploy', await deployment(name, { template: template(name, spec) })));
  }
  const plan = await stage.plan('set-image', targets, { 'image:side': 'side:2' });
  expect(plan.lines.slice(1)).toEqual([
    'one   side: side:1 → side:2 (rolls out)',
    'nine  side: side:1 → side:2 (rolls out)',
  ]);
  await stage.run('set-image', targets, { 'image:side': 'side:2' });
  await stage.run('resources', targets, { 'requests.memory:side': '8Mi' });
  const [one, nine] = [await stage.get('deploy', 'one'), await stage.get('deploy', 'nine')];
  for (const [object, app, cpu] of [
    [one, 'app:1', '1'],
    [nine, 'app:9', '2'],
  ] as const) {
    expect(object.spec.template.spec.containers).toMatchObject([
      { image: app, resources: { requests: { cpu } } },
      { image: 'side:2', resources: { requests: { memory: '8Mi' } } },
    ]);
  }
});

test('restart, pause, resume: a paused rollout is not restarted', async () => {
  const target = stage.target('deploy', await deployment('rolled'));
  await stage.does('restart', target);
  const annotations = (await stage.get('deploy', 'rolled')).spec.template.metadata.annotations;
  expect(annotations['kubectl.kubernetes.io/restartedAt']).toMatch(/^\d{4}-.*Z$/);
  const paused = await stage.does('rollout-pause', target);
  expect((await stage.get('deploy', 'rolled')).spec.paused).toBe(true);
  expect(await stage.applies('restart', [target])).toBe('its rollout is paused: resume it first');
  expect(await stage.run('restart', [target])).toMatchObject([{ ok: false }]);
  await stage.does('rollout-resume', target);
  expect((await stage.get('deploy', 'rolled')).spec.paused).toBeUndefined();
  await expect(stage.planUndo(paused.id)).rejects.toThrow('somebody has changed spec.paused since');
  expect(
    await stage.applies('restart', [stage.target('cm', await stage.create('cm', { metadata: { name: 'still' } }))]),
  ).toBe('it does not roll out its pods');
});

test('undo of a rollout goes back to the revision before or the one named; stateful sets too', async () => {
  const target = stage.target('deploy', await deployment('undone', { replicas: 0 }));
  const rolledOut = (images: number) =>
    until(`${images} revisions`, async () => {
      const query = { labelSelector: 'app=undone' };
      const { items } = await stage.transport.json<{ items: unknown[] }>({ path: stage.path('rs'), query });
      return items.length === images;
    });
  await rolledOut(1);
  await stage.run('set-image', [target], { 'image:app': 'app:2' });
  await rolledOut(2);
  await stage.run('set-image', [target], { 'image:app': 'app:3' });
  await rolledOut(3);
  const entry = await stage.does('rollout-undo', target, { revision: 1 });
  expect(entry.said).toBe('revision 3 → 1: app: app:3 → app:1');
  const image = async (typed: string, name: string) =>
    (await stage.get(typed, name)).spec.template.spec.containers[0].image;
  expect(await image('deploy', 'undone')).toBe('app:1');
  const [missing] = await stage.run('rollout-undo', [target], { revision: 77 });
  expect(missing?.message).toMatch(/^undone has no revision 77; kept are: /);

  const set = await stage.create('sts', {
    metadata: { name: 'stated' },
    spec: { replicas: 0, serviceName: 'x', selector: { matchLabels: { app: 'stated' } }, template: template('stated') },
  });
  const stated = stage.target('sts', set);
  const revisions = (count: number) =>
    until(`${count} controller revisions`, async () => {
      const query = { labelSelector: 'app=stated' };
      const { items } = await stage.transport.json<{ items: unknown[] }>({
        path: stage.path('controllerrevisions'),
        query,
      });
      return items.length === count;
    });
  await revisions(1);
  await stage.run('set-image', [stated], { 'image:app': 'app:9' });
  await revisions(2);
  await stage.does('rollout-undo', stated);
  expect(await image('sts', 'stated')).toBe('app:1');
});

test('suspend and resume, and a job made now from a cron job', async () => {
  const target = stage.target('cronjobs', await cronJob('nightly'));
  const entry = await stage.does('suspend', target);
  expect((await stage.get('cronjobs', 'nightly')).spec.suspend).toBe(true);
  expect(await stage.undo(entry.id)).toMatchObject([{ ok: true }]);
  expect((await stage.get('cronjobs', 'nightly')).spec.suspend).toBe(false);
  await stage.run('suspend', [target]);
  await stage.does('unsuspend', target);
  const made = await stage.does('trigger', target, { suffix: 'by-hand' });
  const job = await stage.get('jobs', 'nightly-by-hand');
  expect(job.metadata).toMatchObject({
    ownerReferences: [{ kind: 'CronJob', name: 'nightly', uid: target.uid, controller: true }],
    annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
  });
  expect(await stage.undo(made.id)).toMatchObject([{ ok: true }]);
  await until('the job to go', () => stage.isGone('jobs', 'nightly-by-hand'));
});

test('labels and annotations are set and removed, and put back', async () => {
  const target = stage.target('cm', await stage.create('cm', { metadata: { name: 'marked', labels: { old: 'x' } } }));
  const label = await stage.does('label', target, { pairs: 'tier=web old-' });
  expect(label.said).toBe('+ tier=web, − old=x');
  expect((await stage.get('cm', 'marked')).metadata.labels).toEqual({ tier: 'web' });
  const annotate = await stage.does('annotate', target, { pairs: 'note="two words"' });
  expect((await stage.get('cm', 'marked')).metadata.annotations).toEqual({ note: 'two words' });
  expect(await stage.undo(label.id, annotate.id)).toMatchObject([{ ok: true }, { ok: true }]);
  expect((await stage.get('cm', 'marked')).metadata).toMatchObject({ labels: { old: 'x' } });
  await expect(stage.plan('label', [target], { pairs: 'nonsense' })).rejects.toThrow('neither KEY=VALUE nor KEY-');
});

test('cordon, uncordon and taint a node', async () => {
  const made = await node('cordoned');
  const target = stage.target('nodes', made);
  const name = target.name;
  const cordon = await stage.does('cordon', target);
  expect((await stage.get('nodes', name)).spec.unschedulable).toBe(true);
  await stage.does('uncordon', target);
  expect((await stage.get('nodes', name)).spec.unschedulable).toBeUndefined();
  expect(cordon.command).toBe(`kubectl --context ${stage.context} cordon ${name}`);
  const taint = await stage.does('taint', target, { taints: 'team=red:NoExecute keep:NoSchedule' });
  expect(taint.said).toContain('evicts pods that do not tolerate it');
  const keys = async () =>
    (await stage.get('nodes', name)).spec.taints
      .map(({ key }: { key: string }) => key)
      .filter((key: string) => !key.includes('/'));
  expect(await keys()).toEqual(['team', 'keep']);
  await stage.does('taint', target, { taints: 'team:NoExecute-' });
  expect(await keys()).toEqual(['keep']);
  expect(await stage.applies('cordon', [stage.target('deploy', await deployment('nowhere'))])).toBe(
    'no pods are scheduled to it',
  );
});

test('autoscale and expose make an object beside; what is there already is left alone', async () => {
  const target = stage.target('deploy', await deployment('grown'));
  const hpa = await stage.does('autoscale', target, { min: 2, max: 5, cpu: 70 });
  expect((await stage.get('hpa', 'grown')).spec).toMatchObject({ minReplicas: 2, maxReplicas: 5 });
  expect(await stage.run('autoscale', [target], { max: 9 })).toMatchObject([
    { ok: false, message: expect.stringMatching(/already exists.*Choose another name/) },
  ]);
  expect((await stage.plan('autoscale', [target], { max: 9 })).lines).toContain(
    `! horizontalpodautoscaler/grown in ${stage.namespace} is there already: this will be refused`,
  );
  expect(await stage.undo(hpa.id)).toMatchObject([{ ok: true }]);
  await until('the autoscaler to go', () => stage.isGone('hpa', 'grown'));
  await stage.does('expose', target, { port: 80, target: 8080 });
  expect((await stage.get('svc', 'grown')).spec).toMatchObject({
    selector: { app: 'grown' },
    ports: [{ port: 80, targetPort: 8080 }],
  });
  const again = await stage.plan('expose', [target], { port: 80, target: 8080 });
  expect(again.lines).toContain(`! service/grown in ${stage.namespace} is there already: this will be refused`);
});

test('patch of each type, refused when it makes no sense; a secret’s patch is written down nowhere', async () => {
  const target = stage.target('deploy', await deployment('patched'));
  await stage.does('patch', target, { type: 'strategic', patch: '{"spec":{"minReadySeconds":3}}' });
  await stage.does('patch', target, { type: 'merge', patch: '{"spec":{"revisionHistoryLimit":4}}' });
  const json = '[{"op":"replace","path":"/spec/progressDeadlineSeconds","value":99}]';
  const entry = await stage.does('patch', target, { type: 'json', patch: json });
  expect((await stage.get('deploy', 'patched')).spec).toMatchObject({
    ...{ minReadySeconds: 3, revisionHistoryLimit: 4, progressDeadlineSeconds: 99 },
  });
  expect(await stage.undo(entry.id)).toMatchObject([{ ok: true }]);
  expect((await stage.get('deploy', 'patched')).spec.progressDeadlineSeconds).toBe(600);
  await expect(stage.plan('patch', [target], { patch: '{' })).rejects.toThrow('The patch is no JSON');
  const secret = stage.target(
    'secrets',
    await stage.create('secrets', { metadata: { name: 'hush' }, data: { a: 'b2xk' } }),
  );
  const hushed = await stage.does('patch', secret, { type: 'merge', patch: '{"data":{"a":"bmV3"}}' });
  expect((await stage.get('secrets', 'hush')).data.a).toBe('bmV3');
  expect(JSON.stringify(hushed)).not.toMatch(/bmV3|b2xk/);
  await expect(stage.planUndo(hushed.id)).rejects.toThrow('its values are not in the journal');
});

test('resources of a template roll out, those of a pod change in place', async () => {
  const target = stage.target('deploy', await deployment('sized'));
  const entry = await stage.does('resources', target, { 'requests.cpu:app': '100m', 'limits.memory:app': '64Mi' });
  const resources = async () => (await stage.get('deploy', 'sized')).spec.template.spec.containers[0].resources;
  expect(await resources()).toEqual({ requests: { cpu: '100m' }, limits: { memory: '64Mi' } });
  expect(await stage.undo(entry.id)).toMatchObject([{ ok: true }]);
  expect(await resources()).toEqual({});
  const resourced = { name: 'app', image: 'app', resources: { requests: { cpu: '100m' }, limits: { cpu: '200m' } } };
  const pod = await stage.create('pods', {
    metadata: { name: 'resized' },
    spec: { containers: [resourced], schedulerName: 'nobody' },
  });
  const podTarget = stage.target('pods', pod);
  const inPlace = await stage.does('resources', podTarget, { 'requests.cpu:app': '150m' });
  expect(inPlace.subresource).toBe('resize');
  expect((await stage.get('pods', 'resized')).spec.containers[0].resources.requests.cpu).toBe('150m');
  expect((await stage.get('pods', 'resized')).metadata.uid).toBe(podTarget.uid);
});

test('a certificate request is approved or denied, for good', async () => {
  const asked = (name: string) =>
    stage.create('csr', {
      metadata: { name: `${name}-${stage.namespace}` },
      spec: { request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
    });
  for (const [action, type] of [
    ['approve', 'Approved'],
    ['deny', 'Denied'],
  ] as const) {
    const target = stage.target('csr', await asked(action));
    await stage.does(action, target);
    expect((await stage.get('csr', target.name)).status.conditions).toMatchObject([{ type, status: 'True' }]);
    expect(await stage.run(action, [target])).toMatchObject([
      { ok: true, message: `is ${type.toLowerCase()} already, for good` },
    ]);
  }
});

test('clone makes another object of the same kind, without what the server wrote', async () => {
  const original = await stage.create('svc', {
    metadata: { name: 'origin', labels: { a: 'b' } },
    spec: { selector: { app: 'x' }, ports: [{ port: 80 }] },
  });
  const entry = await stage.does('clone', stage.target('svc', original), { name: 'twin', namespace: stage.namespace });
  const twin = await stage.get('svc', 'twin');
  expect(twin).toMatchObject({
    metadata: { labels: { a: 'b' } },
    spec: { selector: { app: 'x' }, ports: [{ port: 80 }] },
  });
  expect(twin.spec.clusterIP).not.toBe((await stage.get('svc', 'origin')).spec.clusterIP);
  expect(await stage.undo(entry.id)).toMatchObject([{ ok: true }]);
  await until('the twin to go', () => stage.isGone('svc', 'twin'));
});

test('finalizers that nobody removes hold a deleted object until they are removed here', async () => {
  const held = await stage.create('cm', { metadata: { name: 'held', finalizers: ['test.kubectl-live/never'] } });
  const target = stage.target('cm', held);
  const gone = await stage.does('delete', target);
  expect(gone.said).toBe('Terminating: waits for test.kubectl-live/never');
  await expect(stage.planUndo(gone.id)).rejects.toThrow('is still being deleted');
  expect((await stage.plan('remove-finalizers', [target])).lines).toContain(
    'held  test.kubectl-live/never (it is gone then)',
  );
  await stage.does('remove-finalizers', target);
  await until('it to go', () => stage.isGone('cm', 'held'));
});
