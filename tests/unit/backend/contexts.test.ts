import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { createClients } from '../../../src/backend/clients.ts';
import { createContexts } from '../../../src/backend/contexts.ts';
import { createWorkers } from '../../../src/engine/workers.ts';
import { fakeClock } from '../fake-clock.ts';

const config = (token: string): string => `
current-context: one
clusters: [{ name: k, cluster: { server: 'https://127.0.0.1:1' } }]
users: [{ name: u, user: { token: ${token} } }]
contexts:
  - { name: one, context: { cluster: k, user: u, namespace: shop } }
  - { name: two, context: { cluster: k, user: u } }
`;

const idle = `import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => undefined);`;

const setUp = (engine = idle) => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-live-contexts-'));
  const path = join(folder, 'config');
  writeFileSync(path, config('old'));
  // An engine that does nothing: what is tested is who gets which context and credential.
  const worker = join(folder, 'engine.mjs');
  writeFileSync(worker, engine);
  const heard: string[] = [];
  const clock = fakeClock(Date.now());
  const contexts = createContexts({
    env: { KUBECONFIG: path },
    clock,
    workers: createWorkers({ url: pathToFileURL(worker), clock, onLog: () => undefined }),
    toEditor: () => undefined,
    fallback: () => [],
    ambiwidth: () => 'single',
    onEngineEnd: ({ name }, reason) => heard.push(`${name} ended: ${reason}`),
    onRetired: ({ name }, problem) => heard.push(`${name} retired${problem === undefined ? '' : `: ${problem}`}`),
    onClosed: ({ name }) => heard.push(`${name} closed`),
    onWait: () => {},
    onOpened: () => {},
    onWritten: () => {},
    onKubeconfig: (now, problems) => heard.push([[...now.contexts.keys()].join(' '), ...problems].join(': ')),
    onLog: (text) => heard.push(text),
  });
  return { contexts, path, heard, clock };
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

test('a table of another context does not move its client there, and each client hears of what it uses', async () => {
  const { contexts } = setUp();
  const uses: string[] = [];
  const clients = createClients(contexts, (client, context) => uses.push(`${client} ${context}`));
  expect((await clients.standing(1, 'two')).context.name).toBe('two');
  expect((await clients.standing(1)).context.name).toBe('one');
  await clients.useContext(2, 'two');
  expect(uses).toEqual(['1 two', '1 one', '2 two']);
  contexts.dispose();
});

test('a context nobody has needed for five minutes is closed, and comes back when it is asked for', async () => {
  const { contexts, heard, clock } = setUp();
  const first = await contexts.open('one');
  const release = first.hold();
  clock.advance(60 * 60_000);
  expect(heard).toEqual([]);
  release();
  clock.advance(4 * 60_000);
  expect((await contexts.open('one')) === first).toBe(true);
  clock.advance(4 * 60_000);
  expect(heard).toEqual([]);
  clock.advance(60_000);
  expect(heard).toEqual(['one closed']);
  expect(() => first.engine).toThrow(/has just been closed/);
  expect((await contexts.open('one')) === first).toBe(false);
  contexts.dispose();
});

test('an engine that ended is told, and the next one is another; the context stays', async () => {
  const { contexts, heard } = setUp(`import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ type }) => type === 'call' && process.exit(7));`);
  const context = await contexts.open('one');
  const { engine } = context;
  expect(context.engine).toBe(engine);
  await expect(engine.call('find', { typed: 'pods' })).rejects.toThrow(/engine of context 'one' ended: exit code 7/);
  expect(heard).toEqual(['one ended: exit code 7']);
  expect(context.engine).not.toBe(engine);
  expect(await contexts.open('one')).toBe(context);
  contexts.dispose();
});

test('a transport that could not be made is made again', async () => {
  const { contexts, path } = setUp();
  writeFileSync(path, config('old').replace("'https://127.0.0.1:1'", "'ftp://nowhere'"));
  const context = await contexts.open('one');
  await expect(context.transport()).rejects.toThrow(/not an http or https URL/);
  await expect(context.transport()).rejects.toThrow(/not an http or https URL/);
  contexts.dispose();
});
