import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { createClients } from '../../../src/backend/clients.ts';
import { createContexts } from '../../../src/backend/contexts.ts';
import { createWorkers } from '../../../src/engine/workers.ts';
import { systemClock } from '../../../src/util/clock.ts';

const config = (token: string): string => `
current-context: one
clusters: [{ name: k, cluster: { server: 'https://127.0.0.1:1' } }]
users: [{ name: u, user: { token: ${token} } }]
contexts:
  - { name: one, context: { cluster: k, user: u, namespace: shop } }
  - { name: two, context: { cluster: k, user: u } }
`;

const setUp = () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-live-contexts-'));
  const path = join(folder, 'config');
  writeFileSync(path, config('old'));
  // An engine that does nothing: what is tested is who gets which context and credential.
  const worker = join(folder, 'engine.mjs');
  writeFileSync(worker, `import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => undefined);`);
  const ended: string[] = [];
  const contexts = createContexts({
    env: { KUBECONFIG: path },
    clock: systemClock,
    workers: createWorkers({ url: pathToFileURL(worker), clock: systemClock, onLog: () => undefined }),
    toEditor: () => undefined,
    fallback: () => [],
    onEngineEnd: (name) => ended.push(name),
  });
  return { contexts, path, ended };
};

test('a context is opened once, however many ask at once', async () => {
  const { contexts } = setUp();
  const [a, b] = await Promise.all([contexts.open('one'), contexts.open('')]);
  expect(a).toBe(b);
  contexts.dispose();
});

test('a refused credential is read again from a kubeconfig that was rewritten', async () => {
  const { contexts, path } = setUp();
  const open = await contexts.open('one');
  const stale = await open.spec();
  expect(stale.token).toBe('old');
  writeFileSync(path, config('new'));
  expect((await open.renew(stale)).token).toBe('new');
  expect((await open.spec()).token).toBe('new');
  contexts.dispose();
});

test('each client has its own context and namespaces; another context brings its own default', async () => {
  const { contexts } = setUp();
  const clients = createClients(contexts);
  expect((await clients.standing(1)).namespaces).toEqual(['shop']);
  clients.useNamespaces(1, ['a', 'b']);
  expect((await clients.standing(1)).namespaces).toEqual(['a', 'b']);
  expect((await clients.standing(1, 'two')).namespaces).toEqual(['default']);
  expect((await clients.standing(2)).namespaces).toEqual(['shop']);
  await clients.useContext(1, 'two');
  expect((await clients.standing(1)).context.name).toBe('two');
  expect((await clients.standing(2)).context.name).toBe('one');
  await expect(clients.useContext(1, 'tow')).rejects.toThrow(/no context "tow"/);
  contexts.dispose();
});
