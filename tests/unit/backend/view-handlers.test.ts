import { expect, test } from 'vitest';
import type { Clients } from '../../../src/backend/clients.ts';
import { Views } from '../../../src/backend/view-handlers.ts';
import type { EngineHost } from '../../../src/engine/host.ts';
import type { ToEditor } from '../../../src/protocol/wire.ts';

/** An engine whose openings are answered by the test, and which says what it was told. */
const setUp = () => {
  const posts: string[] = [];
  const openings: PromiseWithResolvers<unknown>[] = [];
  const engine = {
    call: (method: string) => {
      if (method !== 'view.open') return Promise.resolve({});
      const opening = Promise.withResolvers<unknown>();
      openings.push(opening);
      return opening.promise;
    },
    post: (method: string) => posts.push(method),
  } as unknown as EngineHost;
  const clients = {
    standing: async () => ({ context: { name: 'prod', engine }, namespaces: ['shop'] }),
  } as unknown as Clients;
  const messages: ToEditor[] = [];
  const views = new Views(clients, (_client, message) => messages.push(message));
  const open = () => views.handlers['view.open']({ view: 3, query: { resource: 'pods' }, rows: 24 }, 1);
  return { views, posts, openings, messages, open };
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

test('after its engine ended a view says so, and a failed gr can be repeated', async () => {
  const { views, openings, messages, open } = setUp();
  const opening = open();
  await settle();
  openings[0]?.resolve(opened);
  await opening;
  views.engineEnded('prod', 'exit code 1');
  expect(messages.at(-1)).toMatchObject({ type: 'state', view: 3, phase: 'ended' });
  const refresh = async () => await views.handlers['view.refresh']({ view: 3 }, 1);
  const first = refresh();
  await settle();
  openings[1]?.reject(new Error('server down'));
  await expect(first).rejects.toThrow('server down');
  const second = refresh();
  await settle();
  openings[2]?.resolve(opened);
  await expect(second).resolves.toEqual({});
});

test('a view nobody opened is named', () => {
  const { views } = setUp();
  expect(() => views.engineOf(1, 9)).toThrow(/view 9 is not open/);
});
