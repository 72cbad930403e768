/** An object that is deleted and made again between an action's look and its request: nothing is done to the new one. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Inputs } from '../../src/actions/define-action.ts';
import type { KubeObject } from '../../src/journal/kept-object.ts';
import { until } from './until.ts';
import { template, WriteStage } from './write-stage.ts';

let stage: WriteStage;
beforeAll(async () => {
  stage = await WriteStage.start();
});
afterAll(() => stage?.dispose());

let made = 0;

const deployment = (name: string): object => ({
  metadata: { name, labels: { keep: 'me' } },
  spec: { replicas: 0, selector: { matchLabels: { app: name } }, template: template(name) },
});

/** Another object takes the name while the action is about to write; gives it as it was made. */
const replaceMeanwhile = (typed: string, name: string, object: object): (() => KubeObject | undefined) => {
  let again: KubeObject | undefined;
  const act = async () => {
    await stage.patch(typed, name, { metadata: { finalizers: null } });
    await stage.transport
      .json({ method: 'DELETE', path: stage.path(typed, name), body: { propagationPolicy: 'Background' } })
      .catch(() => undefined);
    await until(`${name} to go`, () => stage.isGone(typed, name));
    again = await stage.create(typed, object);
  };
  stage.meanwhile = { path: stage.path(typed, name), act };
  return () => again;
};

/** What users and actions write of it, not what controllers do. */
const written = (object: KubeObject | undefined) => {
  const { metadata, spec, data } = (object ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const { uid, labels, finalizers, generation, deletionTimestamp } = metadata ?? {};
  const mark = (metadata?.annotations as Readonly<Record<string, string>> | undefined)?.a;
  return { uid, labels, finalizers, generation, deletionTimestamp, mark, spec, data };
};

const untouched = async (typed: string, name: string, again: KubeObject | undefined): Promise<void> => {
  expect(again).toBeDefined();
  expect(written(await stage.get(typed, name))).toEqual(written(again));
};

test.each<[string, Inputs]>([
  ['scale', { replicas: 3 }],
  ['restart', {}],
  ['set-image', { 'image:app': 'app:2' }],
  ['rollout-pause', {}],
  ['label', { pairs: 'a=b' }],
  ['annotate', { pairs: 'a=b' }],
  ['patch', { type: 'merge', patch: '{"spec":{"replicas":2}}' }],
  ['patch', { type: 'strategic', patch: '{"spec":{"replicas":2}}' }],
  ['patch', { type: 'json', patch: '[{"op":"replace","path":"/spec/replicas","value":2}]' }],
  ['delete', {}],
])('%s %j', async (action, inputs) => {
  made += 1;
  const name = `web-${made}`;
  const before = await stage.create('deploy', deployment(name));
  const target = stage.target('deploy', before);
  const again = replaceMeanwhile('deploy', name, deployment(name));
  const [result] = await stage.run(action, [target], inputs);
  expect(result).toMatchObject({ ok: false, message: expect.stringContaining('is another object now') });
  await untouched('deploy', name, again());
});

test('remove finalizers, of an object that others hold', async () => {
  const object = { metadata: { name: 'held', finalizers: ['example.com/hold'] } };
  const before = await stage.create('cm', object);
  const again = replaceMeanwhile('cm', 'held', object);
  const [result] = await stage.run('remove-finalizers', [stage.target('cm', before)]);
  expect(result).toMatchObject({ ok: false, message: expect.stringContaining('is another object now') });
  await untouched('cm', 'held', again());
  await stage.patch('cm', 'held', { metadata: { finalizers: null } });
});

test('of several the others are done', async () => {
  const all = await Promise.all(['one', 'two', 'three'].map((name) => stage.create('deploy', deployment(name))));
  const again = replaceMeanwhile('deploy', 'one', deployment('one'));
  const results = await stage.run(
    'label',
    all.map((each) => stage.target('deploy', each)),
    { pairs: 'done=yes' },
  );
  expect(results.map(({ ok }) => ok)).toEqual([false, true, true]);
  await untouched('deploy', 'one', again());
  expect((await stage.get('deploy', 'three')).metadata.labels.done).toBe('yes');
});

test('what was made again is not deleted by taking its making back, nor changed by taking a change back', async () => {
  const object = { metadata: { name: 'settings' }, data: { a: 'b' } };
  const before = await stage.create('cm', object);
  const target = stage.target('cm', before);
  const { id } = await stage.does('label', target, { pairs: 'x=y' });
  const settings = replaceMeanwhile('cm', 'settings', {
    ...object,
    metadata: { name: 'settings', labels: { x: 'y' } },
  });
  const [result] = await stage.undo(id);
  expect(result).toMatchObject({ ok: false });
  await untouched('cm', 'settings', settings());
  const clone = await stage.does('clone', stage.target('cm', await stage.get('cm', 'settings')), { name: 'copy' });
  const copy = replaceMeanwhile('cm', 'copy', { metadata: { name: 'copy' } });
  expect(await stage.undo(clone.id)).toMatchObject([{ ok: false }]);
  await untouched('cm', 'copy', copy());
});
