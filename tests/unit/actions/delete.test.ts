import { expect, test } from 'vitest';
import deleteAction from '../../../src/actions/delete.ts';
import { menu } from '../../../src/actions/menu.ts';
import { planAction, runAction } from '../../../src/actions/run.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { abilityOf, nodes, targetOf } from './support.ts';

const pod = (name: string) => ({ metadata: { uid: `uid-${name}` } });
const nameOf = (path: string) => path.split('/').at(-1) ?? '';

test('every delete carries the uid, of the row or of what a typed name means now', async () => {
  const { ability, asked } = abilityOf(({ method, path }) =>
    method === 'GET' ? pod(nameOf(path)) : { kind: 'Status' },
  );
  const { uid: _, ...typed } = targetOf('typed');
  await runAction(deleteAction, [targetOf('row'), typed], { cascade: 'foreground' }, { dryRun: true }, ability);
  const bodies = asked.filter(({ method }) => method === 'DELETE').map(({ body }) => body);
  const common = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Foreground', dryRun: ['All'] };
  expect(bodies).toEqual([
    { ...common, preconditions: { uid: 'uid-row' } },
    { ...common, preconditions: { uid: 'uid-typed' } },
  ]);
});

test('an object without a uid is not deleted', async () => {
  const { ability, asked } = abilityOf(() => ({ metadata: {} }));
  const { uid: _, ...typed } = targetOf('typed');
  const [result] = await runAction(deleteAction, [typed], {}, { dryRun: false }, ability);
  expect(result).toMatchObject({ ok: false, message: expect.stringContaining('has no uid') });
  expect(asked.every(({ method }) => method === 'GET')).toBe(true);
});

test.each([
  [{ kind: 'Status' }, 'deleted'],
  [{ metadata: {} }, 'deleted'],
  [{ metadata: { deletionTimestamp: 't', deletionGracePeriodSeconds: 30 } }, 'Terminating: 30 s grace'],
  [{ metadata: { deletionTimestamp: 't', finalizers: ['a', 'b'] } }, 'Terminating: waits for a, b'],
  [{ metadata: { deletionTimestamp: 't' }, spec: { finalizers: ['kubernetes'] } }, 'Terminating: waits for kubernetes'],
  [{ metadata: { deletionTimestamp: 't', deletionGracePeriodSeconds: 0 } }, 'deleted'],
])('the answer %o reads: %s', async (answer, message) => {
  const { ability } = abilityOf(() => answer);
  expect(await runAction(deleteAction, [targetOf('a')], {}, { dryRun: false }, ability)).toMatchObject([
    { ok: true, message },
  ]);
});

test('a plan names ten objects and looks at fifty', async () => {
  const { ability, asked } = abilityOf(({ path }) => pod(nameOf(path)));
  const targets = Array.from({ length: 60 }, (_, index) =>
    targetOf(`p${index}`, { namespace: index < 9 ? 'a' : 'long' }),
  );
  const { lines } = await planAction(deleteAction, targets, {}, ability);
  expect(lines.slice(0, 2)).toEqual(['context prod · namespaces a, long', 'a p0     nothing makes it again']);
  expect(lines[10]).toBe('long p9  nothing makes it again');
  expect(lines[11]).toBe('… and 50 more');
  expect(lines).toContain('Only the first 50 were compared with disruption budgets.');
  expect(asked.filter(({ path }) => path.includes('/pods/'))).toHaveLength(50);
});

test('a plan says what is gone, made again since, or cannot be seen', async () => {
  const { ability } = abilityOf(({ path }) => {
    if (nameOf(path) === 'gone') throw new ClusterError('not-found', 'no');
    if (nameOf(path) === 'hidden') throw new ClusterError('forbidden', 'not yours');
    if (nameOf(path) === 'going') return { metadata: { uid: 'uid-going', deletionTimestamp: 't' } };
    return { metadata: { uid: 'another' } };
  });
  const { lines } = await planAction(
    deleteAction,
    ['gone', 'hidden', 'going', 'twin'].map((name) => targetOf(name)),
    {},
    ability,
  );
  expect(lines.slice(1, 5)).toEqual([
    'gone    is already gone',
    'hidden  cannot be looked at: not yours',
    'going   is being deleted already',
    'twin    was made again since: it will be refused',
  ]);
});

test('the menu offers it by verbs and rights, and only pods have a grace', async () => {
  const { ability } = abilityOf(
    () => ({}),
    (verb, resource, namespace) => !(verb === 'delete' && resource === 'pods' && namespace === 'web'),
  );
  const [may] = await menu([deleteAction], [targetOf('a')], ability);
  expect(may).toMatchObject({ applies: true, key: 'gD', danger: true });
  expect(may?.inputs.map(({ name }) => name)).toEqual(['grace', 'force', 'cascade']);
  const [node] = await menu([deleteAction], [targetOf('n', { resource: nodes, namespace: '' })], ability);
  expect(node?.inputs.map(({ name }) => name)).toEqual(['cascade']);
  const [not] = await menu([deleteAction], [targetOf('a'), targetOf('b', { namespace: 'web' })], ability);
  expect(not).toMatchObject({ applies: false, reason: 'not allowed: delete pods in web' });
  const fixed = targetOf('f', { resource: { ...nodes, resource: 'views', verbs: ['get'] }, namespace: '' });
  expect((await menu([deleteAction], [fixed], ability))[0]).toMatchObject({ reason: 'views cannot be deleted' });
  expect((await menu([deleteAction], [], ability))[0]).toMatchObject({ reason: 'nothing is selected' });
});
