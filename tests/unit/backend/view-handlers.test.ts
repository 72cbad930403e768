import { expect, test } from 'vitest';
import type { Clients } from '../../../src/backend/clients.ts';
import { createLoginWaits } from '../../../src/backend/login-waits.ts';
import type { OpenContext } from '../../../src/backend/open-context.ts';
import { Views } from '../../../src/backend/view-handlers.ts';
import type { ResolvedContext } from '../../../src/cluster/kubeconfig.ts';
import type { EngineHost } from '../../../src/engine/host.ts';
import type { ToEditor } from '../../../src/protocol/wire.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { fakeClock } from '../fake-clock.ts';

/** Engines whose openings are answered by the test, and which say what they were told; a new one after each end. */
const setUp = (interactiveMode = 'IfAvailable') => {
  const exec = { apiVersion: '', command: 'aws', args: [], env: {}, provideClusterInfo: false, interactiveMode };
  const posts: string[] = [];
  const openings: PromiseWithResolvers<unknown>[] = [];
  const makeEngine = () =>
    ({
      call: (method: string) => {
        if (method !== 'view.open') return Promise.resolve({});
        const opening = Promise.withResolvers<unknown>();
        openings.push(opening);
        return opening.promise;
      },
      post: (method: string) => posts.push(method),
    }) as unknown as EngineHost;
  let holders = 0;
  let engine = makeEngine();
  let insisted = 0;
  let loginFailure: ClusterError | undefined;
  const context = {
    name: 'prod',
    insist: () => {
      insisted++;
    },
    loginFailure: () => loginFailure,
    get engine() {
      return engine;
    },
    hold: () => {
      holders++;
      let released = false;
      return () => {
        if (!released) holders--;
        released = true;
      };
    },
  } as unknown as OpenContext;
  let problem: ClusterError | undefined;
  const clients = {
    standing: async () => {
      if (problem !== undefined) throw problem;
      return { context, namespaces: ['shop'] };
    },
    named: async () => ({ name: 'prod', namespaces: ['shop'] }),
  } as unknown as Clients;
  const messages: ToEditor[] = [];
  const clock = fakeClock();
  const toEditor = (_client: number, message: ToEditor) => messages.push(message);
  const logins = createLoginWaits({
    clock,
    entry: async (name) => ({ name, cluster: {}, user: { exec } }) as unknown as ResolvedContext,
    reopen: (client, view) => toEditor(client, { type: 'reopen', view }),
    watch: () => () => undefined,
  });
  const views = new Views({ clients, clock, toEditor, logins });
  const refuse = (now: ClusterError | undefined) => {
    problem = now;
  };
  const failLogin = (now: ClusterError) => {
    loginFailure = now;
  };
  const open = async () => await views.handlers['view.open']({ view: 3, query: { resource: 'pods' }, rows: 24 }, 1);
  const reopened = () => messages.filter(({ type }) => type === 'reopen').length;
  const crash = () => {
    engine = makeEngine();
    views.engineEnded(context, 'exit code 1');
  };
  const state = { holders: () => holders, insisted: () => insisted, failLogin };
  return { views, posts, openings, messages, open, clock, context, crash, reopened, logins, refuse, ...state };
};

const opened = { context: 'prod', resource: 'pods' };

/** Lets what was awaited so far go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('a view that was opened twice at once stays open', async () => {
  const { posts, openings, open } = setUp();
  const both = [open(), open()];
  await settle();
  for (const opening of openings) opening.resolve(opened);
  await Promise.all(both);
  expect(posts).toEqual([]);
});

test('a view that was closed while it was being opened is closed in the engine too', async () => {
  const { views, posts, openings, open } = setUp();
  const opening = open();
  await settle();
  views.handlers['view.close']({ view: 3 }, 1);
  openings[0]?.resolve(opened);
  await opening;
  expect(posts).toEqual(['view.close', 'view.close']);
});

test('after its engine ended a view says so, and is asked for again: soon, then less and less soon', async () => {
  const { openings, messages, open, clock, crash, reopened } = setUp();
  const opening = open();
  await settle();
  openings[0]?.resolve(opened);
  await opening;
  crash();
  expect(messages.at(-1)).toMatchObject({ type: 'state', view: 3, phase: 'ended' });
  expect(JSON.stringify(messages.at(-1))).toContain('exit code 1');
  clock.advance(499);
  expect(reopened()).toBe(0);
  clock.advance(1);
  expect(reopened()).toBe(1);
  const again = open();
  await settle();
  openings[1]?.resolve(opened);
  await again;
  crash();
  clock.advance(999);
  expect(reopened()).toBe(1);
  clock.advance(1);
  expect(reopened()).toBe(2);
});

test('a view whose engine ends while it is being opened is brought back too', async () => {
  const { openings, open, clock, crash, reopened } = setUp();
  const opening = open();
  await settle();
  crash();
  openings[0]?.reject(new ClusterError('internal', 'ended'));
  await expect(opening).rejects.toThrow('ended');
  clock.advance(500);
  expect(reopened()).toBe(1);
});

test('a view that cannot be brought back is tried again, but nobody is asked to log in over and over', async () => {
  const { views, openings, open, clock, crash, reopened } = setUp();
  const opening = open();
  await settle();
  openings[0]?.resolve(opened);
  await opening;
  crash();
  clock.advance(500);
  const failing = open();
  await settle();
  openings[1]?.reject(new ClusterError('unreachable', 'server down'));
  await expect(failing).rejects.toThrow('server down');
  expect(() => views.engineOf(1, 3)).toThrow(/engine of context 'prod' has ended/);
  clock.advance(1000);
  expect(reopened()).toBe(2);
  const refused = open();
  await settle();
  openings[2]?.reject(new ClusterError('unauthorized', 'log in'));
  await expect(refused).rejects.toThrow('log in');
  clock.advance(60_000);
  expect(reopened()).toBe(2);
});

test('a first opening that fails because the server is down is tried again, one that no waiting helps is not', async () => {
  const { views, openings, open, clock, reopened, holders } = setUp();
  const fail = async (error: ClusterError) => {
    const opening = open();
    await settle();
    openings.at(-1)?.reject(error);
    return await opening.then(
      () => undefined,
      (thrown: ClusterError) => thrown,
    );
  };
  const down = new ClusterError('unreachable', 'server down', { hint: 'Is it running?' });
  expect(await fail(down)).toMatchObject({ code: 'unreachable', message: 'server down' });
  expect((await fail(down))?.hint).toBe('Is it running?\nIt is tried again by itself; gr tries now.');
  expect(() => views.engineOf(1, 3)).toThrow(/could not be opened yet/);
  clock.advance(1000);
  expect([reopened(), holders()]).toEqual([1, 0]);
  expect((await fail(new ClusterError('not-found', 'no resource "podz"')))?.hint).toBeUndefined();
  clock.advance(60_000);
  expect(reopened()).toBe(1);
  expect(() => views.engineOf(1, 3)).toThrow(/is not open/);
});

const settled = (opening: Promise<unknown>): Promise<ClusterError | undefined> =>
  opening.then(
    () => undefined,
    (thrown: ClusterError) => thrown,
  );

test('a first opening without a login waits for one: the file, gr or another table, and by itself where nobody is asked', async () => {
  const { views, openings, open, clock, logins, refuse, reopened } = setUp();
  refuse(new ClusterError('unauthorized', 'log in', { hint: 'Run `aws`.' }));
  expect((await settled(open()))?.hint).toBe(
    [
      'Run `aws`.',
      'It is not run again by itself: it may ask somebody to log in.',
      'It is tried again when the kubeconfig changes; gr tries now.',
    ].join('\n'),
  );
  clock.advance(60 * 60_000);
  expect(reopened()).toBe(0);
  logins.written(new Set(['dev']));
  clock.advance(60_000);
  expect(reopened()).toBe(0);
  logins.written(new Set(['dev', 'prod']));
  // A change of the kubeconfig reopens what waits once, whichever way it is heard of.
  views.contextsChanged(new Set(['prod']));
  clock.advance(500);
  expect(reopened()).toBe(1);
  refuse(undefined);
  const opening = open();
  await settle();
  openings[0]?.resolve(opened);
  expect(await settled(opening)).toBeUndefined();
  logins.written(new Set(['prod']));
  clock.advance(60_000);
  expect(reopened()).toBe(1);
});

test('a server that refuses the login of a first opening is asked again, as soon as the plugin may be run', async () => {
  const { openings, open, clock, logins, reopened, insisted, holders } = setUp('Never');
  const refused = new ClusterError('unauthorized', 'Unauthorized');
  const fail = async () => {
    const opening = open();
    await settle();
    openings.at(-1)?.reject(refused);
    return await settled(opening);
  };
  expect((await fail())?.hint).toBe('It is tried again in 30 s and when the kubeconfig changes; gr tries now.');
  expect([reopened(), insisted(), holders()]).toEqual([0, 0, 0]);
  clock.advance(30_000);
  expect(reopened()).toBe(1);
  expect((await fail())?.hint).toContain('tried again in 1 min');
  expect(insisted()).toBe(1);
  clock.advance(59_000);
  expect(reopened()).toBe(1);
  clock.advance(1_000);
  expect(reopened()).toBe(2);
  // Another table of the context was opened.
  logins.opened('prod');
  expect(reopened()).toBe(3);
  clock.advance(60 * 60_000);
  expect(reopened()).toBe(3);
});

test('a view that was closed waits for no login, also where it was closed while one was tried', async () => {
  const { views, open, clock, logins, refuse, reopened } = setUp('Never');
  refuse(new ClusterError('unauthorized', 'log in'));
  await settled(open());
  views.handlers['view.close']({ view: 3 }, 1);
  const opening = open();
  views.handlers['view.close']({ view: 3 }, 1);
  expect((await settled(opening))?.hint).toBeUndefined();
  logins.written(new Set(['prod']));
  clock.advance(60 * 60_000);
  expect(reopened()).toBe(0);
});

test('a person who asks while an older login is under way gets one that begins afterwards', async () => {
  const { open, clock, refuse, reopened } = setUp();
  refuse(new ClusterError('unauthorized', 'log in'));
  const [first, second] = [open(), open()];
  expect((await settled(first))?.hint).toContain('gr tries now');
  expect((await settled(second))?.hint).toContain('gr tries now');
  expect(reopened()).toBe(1);
  // That one was asked for from here.
  await settled(open());
  clock.advance(60 * 60_000);
  expect(reopened()).toBe(1);
});

test('a view that is asked for twice at once waits for a login when the server refuses both', async () => {
  const { open, openings, clock, reopened } = setUp('Never');
  const refused = new ClusterError('unauthorized', 'Unauthorized');
  const both = [open(), open()];
  await settle();
  for (const opening of openings) opening.reject(refused);
  const errors = await Promise.all(both.map(settled));
  expect(errors[1]?.hint).toContain('It is tried again in 30 s');
  // Whoever asked the second time may have logged in since the first.
  expect(reopened()).toBe(1);
  const third = open();
  await settle();
  openings[2]?.reject(refused);
  await settled(third);
  clock.advance(30_000);
  expect(reopened()).toBe(2);
});

test('a view that was closed and opened again while the server refused it waits as one that was opened once', async () => {
  const { views, open, openings, clock, reopened } = setUp('Never');
  const refused = new ClusterError('unauthorized', 'Unauthorized');
  const first = open();
  await settle();
  views.handlers['view.close']({ view: 3 }, 1);
  const second = open();
  await settle();
  openings[0]?.reject(refused);
  expect((await settled(first))?.hint).toBeUndefined();
  openings[1]?.reject(refused);
  expect((await settled(second))?.hint).toContain('It is tried again in 30 s');
  clock.advance(30_000);
  expect(reopened()).toBe(1);
});

test('a plugin that waited for somebody when the server refused its credential is not run again by itself', async () => {
  const { open, openings, clock, reopened, failLogin } = setUp('Never');
  const cause = new ClusterError('timeout', 'gave no credential within 60 s');
  failLogin(new ClusterError('unauthorized', 'gave no credential within 60 s', { cause }));
  const opening = open();
  await settle();
  // An engine tells the words of a failure, and not its cause.
  openings[0]?.reject(new ClusterError('unauthorized', 'gave no credential within 60 s'));
  expect((await settled(opening))?.hint).toContain('It is not run again by itself');
  clock.advance(60 * 60_000);
  expect(reopened()).toBe(0);
});

test('a kubeconfig that is written while a login fails is not missed; where the plugin writes it, that is no tight circle', async () => {
  const { open, clock, logins, refuse, reopened } = setUp();
  refuse(new ClusterError('unauthorized', 'log in'));
  let runs = 0;
  for (let second = 0; second < 600; second++) {
    if (reopened() >= runs) {
      runs++;
      const opening = open();
      logins.written(new Set(['prod']));
      await settled(opening);
    }
    clock.advance(1_000);
  }
  expect(runs).toBeGreaterThan(5);
  expect(runs).toBeLessThan(30);
});

test('a view that is opened again while its engine ends is not taken for one that is still open', async () => {
  const { openings, open, clock, crash, reopened, holders } = setUp();
  const first = open();
  await settle();
  openings[0]?.resolve(opened);
  await first;
  const again = open();
  await settle();
  crash();
  openings[1]?.reject(new ClusterError('internal', 'ended'));
  await expect(again).rejects.toThrow('ended');
  clock.advance(500);
  expect([reopened(), holders()]).toEqual([1, 0]);
});

test('a context that the kubeconfig lost is told; its views come back when it does', async () => {
  const { views, openings, messages, open, context, reopened } = setUp();
  const opening = open();
  await settle();
  openings[0]?.resolve(opened);
  await opening;
  views.retired(context, 'There is no context "prod".');
  expect(messages.at(-1)).toMatchObject({ type: 'state', phase: 'ended', right: '✕ There is no context "prod".' });
  views.contextsChanged(new Set(['dev']));
  expect(reopened()).toBe(0);
  views.contextsChanged(new Set(['dev', 'prod']));
  expect(reopened()).toBe(1);
});

test('views hold their context while they are open, however they end', async () => {
  const { views, openings, open, holders } = setUp();
  const opening = open();
  await settle();
  openings[0]?.resolve(opened);
  await opening;
  const again = open();
  await settle();
  openings[1]?.resolve(opened);
  await again;
  expect(holders()).toBe(1);
  views.handlers['view.close']({ view: 3 }, 1);
  expect(holders()).toBe(0);
  const failing = open();
  await settle();
  openings[2]?.reject(new Error('no'));
  await expect(failing).rejects.toThrow('no');
  expect(holders()).toBe(0);
});

test('a view nobody opened is named', () => {
  const { views } = setUp();
  expect(() => views.engineOf(1, 9)).toThrow(/view 9 is not open/);
});
