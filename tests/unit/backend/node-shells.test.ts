import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createShellNotes, isGone, type Owner, ownerOf } from '../../../src/backend/node-shell-notes.ts';
import { createNodeShells } from '../../../src/backend/node-shells.ts';
import type { ToEditor } from '../../../src/protocol/wire.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { type Asked, transportOf } from '../cluster/fake-transport.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubectl-live-notes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** No process has so high a number: the kernel's limit is 2^22. */
const dead: Owner = { pid: 2 ** 30, started: '' };
const pod = { namespace: 'ops', name: 'node-shell-x' };

const stage = (answer: (asked: Asked) => unknown, owner = ownerOf(process.pid), program = '/kubectl') => {
  const { transport, asked } = transportOf(answer);
  const [sent, warned]: [ToEditor[], string[]] = [[], []];
  let holders = 0;
  const context = {
    name: 'prod',
    transport: async () => transport,
    hold: () => {
      holders += 1;
      return () => {
        holders -= 1;
      };
    },
  };
  const notes = createShellNotes(join(folder, 'node-shells'));
  const keeper = createNodeShells({
    notes,
    owner,
    clock: { now: () => 0, after: (_ms, _task) => () => undefined },
    wishes: () => ({ image: 'busybox', namespace: 'ops', command: ['nsenter', 'sh'] }),
    open: async () => context,
    kubectl: async () => ({ program: program || undefined, kubeconfig: '/config' }),
    toEditor: (_client, message) => sent.push(message),
    warn: (text) => warned.push(text),
  });
  const shells = keeper.shells(1, context as never);
  const files = (): readonly string[] => readdirSync(join(folder, 'node-shells'));
  return { keeper, shells, asked, sent, warned, files, notes, holders: () => holders };
};

const missing = (): never => {
  throw new ClusterError('not-found', 'no such pod');
};

test('the terminal is kubectl exec in the pod, with its context, and its end deletes that pod alone', async () => {
  const { keeper, shells, asked, sent, files, holders } = stage(() => ({}));
  await shells.ready();
  expect(asked).toEqual([]);
  shells.keep(pod);
  expect(files()).toEqual(['node-shell-x.json']);
  shells.made(pod, 'uid-1');
  await shells.open(pod, 'shell on node worker-1');
  const argv = '/kubectl exec -it --context=prod --namespace=ops node-shell-x --container=shell -- nsenter sh'.split(
    ' ',
  );
  const plan = { do: 'process', argv, env: { KUBECONFIG: '/config' }, show: 'terminal', ends: 'node-shell-x' };
  expect(sent).toMatchObject([{ type: 'open', plan }]);
  expect(holders()).toBe(1);
  await keeper.ended('node-shell-x');
  const preconditions = { uid: 'uid-1' };
  expect(asked).toMatchObject([
    { method: 'DELETE', path: '/api/v1/namespaces/ops/pods/node-shell-x', body: { preconditions } },
  ]);
  expect([files(), holders()]).toEqual([[], 0]);
  await keeper.ended('node-shell-x');
  expect(asked).toHaveLength(1);
});

test('without kubectl nothing is begun', async () => {
  const { shells, asked } = stage(() => ({}), ownerOf(process.pid), '');
  await expect(shells.ready()).rejects.toThrow('needs the kubectl program');
  expect(asked).toEqual([]);
});

test('what cannot be written down is not begun', async () => {
  const { shells, holders } = stage(() => ({}));
  writeFileSync(join(folder, 'node-shells'), 'a file where the folder would be');
  expect(() => shells.keep(pod)).toThrow('could not be written down');
  expect(holders()).toBe(0);
});

test('what cannot be deleted is told, and is deleted by the next that comes by', async () => {
  const down = stage(() => {
    throw new ClusterError('unreachable', 'nobody answers');
  }, dead);
  down.shells.keep(pod);
  down.shells.made(pod, 'uid-1');
  await down.keeper.ended('node-shell-x');
  expect(down.warned).toEqual([expect.stringContaining('ops/node-shell-x with a shell on a node was not deleted')]);
  expect([down.files(), down.holders()]).toEqual([['node-shell-x.json'], 0]);
  const up = stage(() => ({}));
  await up.keeper.sweep('staging');
  expect(up.asked).toEqual([]);
  await up.keeper.sweep('prod');
  expect(up.asked).toMatchObject([{ method: 'DELETE', body: { preconditions: { uid: 'uid-1' } } }]);
  expect(up.files()).toEqual([]);
});

test('that of a living editor is left to it', async () => {
  const first = stage(() => ({}));
  first.shells.keep(pod);
  const second = stage(() => ({}));
  await second.keeper.sweep('prod');
  expect([second.asked, second.files()]).toEqual([[], ['node-shell-x.json']]);
});

test('a terminal that outlived its backend is ended by the next one', async () => {
  const first = stage(() => ({}));
  first.shells.keep(pod);
  first.shells.made(pod, 'uid-1');
  const second = stage(() => ({}));
  await second.keeper.ended('node-shell-x');
  expect(second.asked).toMatchObject([{ method: 'DELETE', body: { preconditions: { uid: 'uid-1' } } }]);
  expect(second.files()).toEqual([]);
});

test('one that was being made when the editor ended is looked for at the next start, by its label', async () => {
  const first = stage(missing, dead);
  first.shells.keep(pod);
  await first.keeper.dispose();
  expect(first.files()).toEqual(['node-shell-x.json']);
  const labels = { 'kubectl-live/node-shell': first.shells.creator };
  const next = stage(({ method }) => (method === 'GET' ? { metadata: { uid: 'late', labels } } : {}));
  await next.keeper.sweep('prod');
  expect(next.asked.at(-1)).toMatchObject({ method: 'DELETE', body: { preconditions: { uid: 'late' } } });
  expect(next.files()).toEqual([]);
});

test('a namesake without the label is not touched', async () => {
  const first = stage(missing, dead);
  first.shells.keep(pod);
  const next = stage(() => ({ metadata: { uid: 'other', labels: { 'kubectl-live/node-shell': 'somebody' } } }));
  await next.keeper.sweep('prod');
  expect(next.asked.map(({ method }) => method)).toEqual(['GET']);
  expect(next.files()).toEqual([]);
});

test('files that are none of ours are passed over', async () => {
  const { keeper, shells, asked, files } = stage(() => ({}), dead);
  shells.keep(pod);
  for (const [name, text] of Object.entries({ cut: '{"con', odd: '{"context":"prod","owner":{"pid":0}}', none: '' })) {
    writeFileSync(join(folder, 'node-shells', `${name}.json`), text);
  }
  shells.made(pod, 'uid-1');
  await keeper.sweep('prod');
  expect(asked).toHaveLength(1);
  expect(files()).toEqual(['cut.json', 'none.json', 'odd.json']);
});

test('an owner is gone when its process is, also when its number has a new one', () => {
  const me = ownerOf(process.pid);
  expect(isGone(me)).toBe(false);
  expect(isGone(dead)).toBe(true);
  if (me.started !== '') expect(isGone({ ...me, started: '1' })).toBe(true);
});
