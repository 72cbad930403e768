import { expect, test } from 'vitest';
import { readRow, rowChange, titlesOf } from '../../../src/actions/edit-row.ts';
import { planEdit } from '../../../src/actions/edit-table.ts';
import { alignedLines, cellsOf } from '../../../src/actions/edit-text.ts';
import { editables } from '../../../src/actions/editable.ts';
import { runWrites } from '../../../src/actions/write.ts';
import type { KubeObject } from '../../../src/journal/kept-object.ts';
import { ClusterError } from '../../../src/util/error.ts';
import type { Asked } from '../cluster/fake-transport.ts';
import { abilityOf, deployments, nodes, targetOf } from './support.ts';

const patchable = { ...deployments, verbs: ['get', 'patch', 'delete'] };
const web = targetOf('web', { resource: patchable });
const line = (replicas: string, image = 'app:1', labels = 'app=web', name = 'web'): string =>
  `shop │ ${name} │ ${replicas} │ ${image} │ ${labels}`;

/** A server with one deployment, which answers patches with what they ask for. */
const serverOf = (refuse: (asked: Asked) => void = () => undefined) => {
  const now = { replicas: 2, version: 1 };
  const object = () => ({
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'uid-web',
      resourceVersion: `${now.version}`,
      labels: { app: 'web' },
    },
    spec: {
      replicas: now.replicas,
      strategy: {},
      template: { spec: { containers: [{ name: 'app', image: 'app:1' }] } },
    },
  });
  const { ability, asked } = abilityOf((request) => {
    if (request.path.includes('/web/scale')) throw new ClusterError('forbidden', 'no scale for you');
    if (request.method !== 'GET' && request.method !== undefined) refuse(request);
    return /\/web(\?|$)/.test(request.path) ? object() : { items: [] };
  });
  const sent = () => asked.filter(({ method }) => method === 'PATCH' || method === 'DELETE');
  return { ability, now, sent };
};

const openOn = async (server: ReturnType<typeof serverOf>) => {
  const row = await readRow('k', web, server.ability);
  return { row, titles: titlesOf([row]) };
};

test('cells stand under their titles, may be empty, and come back whole', () => {
  const titles = ['NAME', 'SCHEDULE', 'LABELS'];
  const { titles: head, lines } = alignedLines(titles, [
    ['web', '*/5 * * * *', ''],
    ['длинный', '@daily', 'a=b'],
  ]);
  expect(head).toBe('NAME      SCHEDULE      LABELS');
  expect(lines.map((text) => cellsOf(text, titles))).toEqual([
    ['web', '*/5 * * * *', ''],
    ['длинный', '@daily', 'a=b'],
  ]);
  expect(() => cellsOf('web │ x', titles)).toThrow('2 cells instead of 3');
});

test('one request for an object, for the version that was read, tried first', async () => {
  const server = serverOf();
  const { row, titles } = await openOn(server);
  expect(titles).toEqual(['NAMESPACE', 'NAME', 'REPLICAS', 'IMAGES', 'LABELS']);
  const edits = { changed: [{ row, text: line('03', 'app:2', 'tier=a,app=web') }], deleted: [] };
  const plan = await planEdit(edits, titles, server.ability);
  expect(plan.lines.join('\n')).toContain(
    'web  REPLICAS 2 → 3, IMAGES app:1 → app:2 (rolls out), LABELS app=web → app=web,tier=a',
  );
  expect(server.sent()).toHaveLength(1);
  expect(JSON.parse(String(server.sent()[0]?.body))).toEqual([
    { op: 'test', path: '/metadata/uid', value: 'uid-web' },
    { op: 'replace', path: '/metadata/resourceVersion', value: '1' },
    { op: 'replace', path: '/spec/replicas', value: 3 },
    { op: 'add', path: '/spec/template/spec/containers/0/image', value: 'app:2' },
    { op: 'add', path: '/metadata/labels/tier', value: 'a' },
  ]);
  const writes = plan.rows.map(({ write }) => write(false, new AbortController().signal));
  const how = { action: 'edit-table', verb: 'write', dryRun: false, guard: 'open', recorder: undefined } as const;
  expect(await runWrites(writes, how, server.ability)).toMatchObject([{ ok: true }]);
  expect(server.sent()).toHaveLength(2);
  expect(row.shown.REPLICAS).toBe('3');
});

test('a cell that others changed is refused once, and written when it is meant', async () => {
  const server = serverOf();
  const { row, titles } = await openOn(server);
  Object.assign(server.now, { replicas: 5, version: 2 });
  const edits = { changed: [{ row, text: line('3') }], deleted: [] };
  const first = await planEdit(edits, titles, server.ability);
  expect(first.rows).toEqual([]);
  expect(first.problems).toEqual([
    { key: 'k', message: expect.stringMatching(/REPLICAS is 5 now, it was 2\. .*:w again/) },
  ]);
  expect(server.sent()).toEqual([]);
  const second = await planEdit(edits, titles, server.ability);
  expect(second.lines.join('\n')).toContain('REPLICAS 5 → 3');
  // What was typed back is no wish, whatever the object has become.
  expect(rowChange(row, line('2'), titles).wishes).toEqual([]);
});

test('a line that makes no sense stops everything, also what is deleted beside it', async () => {
  const server = serverOf();
  const { row, titles } = await openOn(server);
  const other = { ...row, key: 'other', target: targetOf('other', { resource: patchable }) };
  const bad = [line('2', 'app:1', 'app=web', 'other'), line('-1'), line('2', ''), line('2', 'app:1', 'a b=c'), 'web'];
  for (const text of bad) {
    const plan = await planEdit({ changed: [{ row, text }], deleted: [other] }, titles, server.ability);
    expect(plan).toMatchObject({ rows: [], problems: [{ key: 'k' }] });
  }
  expect(server.sent()).toEqual([]);
});

test('what the server refuses is left out, the rest stays in the plan', async () => {
  const server = serverOf(({ method }) => {
    if (method === 'DELETE') throw new ClusterError('forbidden', 'jane may not delete');
  });
  const { row, titles } = await openOn(server);
  const doomed = { ...row, key: 'doomed' };
  const plan = await planEdit({ changed: [{ row, text: line('3') }], deleted: [doomed] }, titles, server.ability);
  expect(plan.rows.map((each) => each.row.key)).toEqual(['k']);
  expect(plan.problems).toEqual([{ key: 'doomed', message: 'jane may not delete' }]);
  expect(plan.lines.join('\n')).toContain('✗ Left out (1)');
});

test('a namesake is never written', async () => {
  const server = serverOf();
  const { row, titles } = await openOn(server);
  const older = { ...row, target: { ...row.target, uid: 'uid-older' } };
  const plan = await planEdit({ changed: [{ row: older, text: line('3') }], deleted: [] }, titles, server.ability);
  expect(plan.problems).toEqual([{ key: 'k', message: expect.stringContaining('is another object now') }]);
  expect(server.sent()).toEqual([]);
});

/** Each field of each object reads as `to` after its operations: checked by carrying them out. */
const after = (object: KubeObject, title: string, to: string, target = web): string | undefined => {
  const editable = editables.find((each) => each.title === title);
  if (editable === undefined) throw new Error(`no ${title}`);
  const copy = structuredClone(object);
  for (const operation of editable.operations(object, editable.parse(to))) {
    const steps = operation.path
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = steps.pop() ?? '';
    // biome-ignore lint/suspicious/noExplicitAny: a JSON pointer goes anywhere.
    const place = steps.reduce<any>((value, step) => value[step], copy);
    if (operation.op === 'remove') delete place[last];
    else place[last] = operation.value;
  }
  return editable.read(copy, target);
};

test('fields are written as they are read', () => {
  const two = {
    spec: {
      template: {
        spec: {
          containers: [
            { name: 'a', image: 'a:1' },
            { name: 'b', image: 'b:1' },
          ],
        },
      },
    },
  };
  expect(after(two as KubeObject, 'IMAGES', 'b=b:2, a=a:1')).toBe('a=a:1,b=b:2');
  expect(() => after(two as KubeObject, 'IMAGES', 'a=a:2')).toThrow('an image for each of a, b');
  expect(after({ metadata: {} } as KubeObject, 'LABELS', 'x.io/b=1,a=2')).toBe('a=2,x.io/b=1');
  expect(after({ metadata: { labels: { 'x.io/b': '1', c: '' } } } as KubeObject, 'LABELS', 'c=')).toBe('c=');
  expect(after({ spec: { suspend: false } } as KubeObject, 'SUSPEND', 'yes')).toBe('true');
  expect(after({ spec: { schedule: '@daily' } } as KubeObject, 'SCHEDULE', '0 3 * * *')).toBe('0 3 * * *');
  expect(after({ spec: {} } as KubeObject, 'CORDON', 'true', targetOf('n', { resource: nodes }))).toBe('true');
  expect(after({ spec: { type: 'ClusterIP', clusterIP: 'x' } } as KubeObject, 'TYPE', 'NodePort')).toBe('NodePort');
  // A pod's own spec has no such field.
  expect(after({ metadata: { labels: { a: 'b' } } } as KubeObject, 'LABELS', '')).toBe('');
  expect(editables.find(({ title }) => title === 'SUSPEND')?.read({ spec: {} } as KubeObject, web)).toBeUndefined();
});
