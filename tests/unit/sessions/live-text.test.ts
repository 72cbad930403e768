import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/protocol/resource.ts';
import { openDescribe } from '../../../src/sessions/describe.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { fakeClock } from '../fake-clock.ts';
import { fakeServer, turns } from './fake-server.ts';
import { recordText } from './text-recorder.ts';

const pods: Resource = {
  ...{ group: '', version: 'v1', resource: 'pods', singular: 'pod', kind: 'Pod', namespaced: true },
  ...{ verbs: ['get', 'list', 'watch'], shortNames: ['po'], categories: [], subresources: ['log'] },
};

const podsPath = '/api/v1/namespaces/shop/pods';
const eventsPath = '/api/v1/namespaces/shop/events';

const object = (resourceVersion: string, uid = 'uid-1') => ({
  metadata: { name: 'cart', namespace: 'shop', uid, resourceVersion },
});
const listOf = (...items: unknown[]) => ({ metadata: { resourceVersion: '10' }, items });
const event = (type: string, item: unknown) => `${JSON.stringify({ type, object: item })}\n`;

const setup = (uid?: string) => {
  const server = fakeServer();
  const clock = fakeClock(1_000_000);
  const view = recordText();
  const described: string[] = [];
  let text = 'Name: cart\nStatus: Running\n';
  let failing: ClusterError | undefined;
  server.on(podsPath, () => listOf(object('1')));
  server.on(`watch ${podsPath}`, () => 'stream');
  server.on(eventsPath, () => listOf());
  server.on(`watch ${eventsPath}`, () => 'stream');
  const open = () =>
    openDescribe({
      target: {
        context: 'prod',
        resource: pods,
        namespace: 'shop',
        name: 'cart',
        ...(uid === undefined ? {} : { uid }),
      },
      ...{ view, clock, transport: server.transport },
      describer: {
        describe: async ({ kind, name }) => {
          described.push(`${kind} ${name}`);
          if (failing !== undefined) throw failing;
          return text;
        },
      },
    });
  const stream = (path: string) => server.open(path).at(-1);
  return {
    ...{ server, clock, view, described, open, stream },
    say: (next: string) => {
      text = next;
    },
    fail: (error?: ClusterError) => {
      failing = error;
    },
  };
};

describe('describe', () => {
  it('shows the text, live', async () => {
    const { open, view } = setup();
    expect(open().opened).toEqual({ title: 'prod ▸ pods ▸ shop/cart ▸ describe', filetype: 'k8s_describe' });
    expect(view.now.phase).toBe('loading');
    await turns();
    expect(view.lines).toEqual(['Name: cart', 'Status: Running']);
    expect(view.now).toMatchObject({ phase: 'live', right: '● live', total: 2 });
  });

  it('asks for metadata of this one object only', async () => {
    const { open, server } = setup();
    open();
    await turns();
    const watch = server.requests.find(({ path, query }) => path === podsPath && query?.watch === '1');
    expect(watch?.query?.fieldSelector).toBe('metadata.name=cart');
    expect(watch?.headers?.accept).toContain('as=PartialObjectMetadata;');
  });

  it('reads again when the object changed, once for a burst', async () => {
    const { open, view, described, say, clock, stream } = setup();
    open();
    await turns();
    say('Name: cart\nStatus: Failed');
    for (const version of ['2', '3', '4']) stream(podsPath)?.write(event('MODIFIED', object(version)));
    await turns();
    clock.advance(999);
    await turns();
    expect(described).toHaveLength(1);
    clock.advance(1);
    await turns();
    expect(described).toHaveLength(2);
    expect(view.lines).toEqual(['Name: cart', 'Status: Failed']);
  });

  it('waits 200 ms after a change when the last reading is long ago', async () => {
    const { open, described, clock, stream } = setup();
    open();
    await turns();
    clock.advance(60_000);
    stream(podsPath)?.write(event('MODIFIED', object('2')));
    await turns();
    clock.advance(199);
    expect(described).toHaveLength(1);
    clock.advance(1);
    expect(described).toHaveLength(2);
  });

  it('reads again when an event about it appears', async () => {
    const { open, described, clock, stream } = setup();
    open();
    await turns();
    expect(stream(eventsPath)?.request.query?.fieldSelector).toBe('involvedObject.name=cart,involvedObject.kind=Pod');
    stream(eventsPath)?.write(event('ADDED', { metadata: { name: 'e', uid: 'e', resourceVersion: '11' } }));
    await turns();
    clock.advance(1000);
    await turns();
    expect(described).toHaveLength(2);
  });

  it('does not read for a bookmark or the same version', async () => {
    const { open, described, clock, stream } = setup();
    open();
    await turns();
    stream(podsPath)?.write(event('BOOKMARK', { metadata: { resourceVersion: '99' } }));
    stream(podsPath)?.write(event('MODIFIED', object('1')));
    await turns();
    clock.advance(5000);
    await turns();
    expect(described).toHaveLength(1);
  });

  it('keeps the text of a deleted object and says so', async () => {
    const { open, view, stream, described, clock } = setup();
    open();
    await turns();
    stream(podsPath)?.write(event('DELETED', object('5')));
    await turns();
    expect(view.lines).toEqual(['Name: cart', 'Status: Running']);
    expect(view.now).toMatchObject({ phase: 'gone', right: expect.stringMatching(/^✕ deleted \d\d:\d\d:\d\d$/) });
    clock.advance(60_000);
    await turns();
    expect(described).toHaveLength(1);
  });

  it('never shows another object of the same name', async () => {
    const { open, view, described, server } = setup('uid-1');
    server.on(podsPath, () => listOf(object('7', 'uid-2')));
    open();
    await turns();
    expect(described).toEqual([]);
    expect(view.now).toMatchObject({ phase: 'gone', right: '✕ deleted; another pod has this name now' });
    expect(view.lines[0]).toContain('pods shop/cart');
  });

  it('says that there is no such object', async () => {
    const { open, view, server } = setup();
    server.on(podsPath, () => listOf());
    open();
    await turns();
    expect(view.now).toMatchObject({ phase: 'gone', right: '✕ no such object: pods shop/cart' });
  });

  it('shows why it cannot read, then reads as soon as it can', async () => {
    const { open, view, fail, clock } = setup();
    fail(new ClusterError('forbidden', 'cannot describe pods shop/cart: forbidden', { hint: 'Ask for the right.' }));
    open();
    await turns();
    expect(view.lines).toEqual(['cannot describe pods shop/cart: forbidden', '', 'Ask for the right.']);
    expect(view.now.phase).toBe('forbidden');
    fail(undefined);
    clock.advance(2000);
    await turns();
    expect(view.lines).toEqual(['Name: cart', 'Status: Running']);
    expect(view.now.phase).toBe('live');
  });

  it('says that it is stale while the server is away, keeps the text, and resumes without listing', async () => {
    const { open, view, stream, clock, server } = setup();
    open();
    await turns();
    server.on(`watch ${podsPath}`, () => new ClusterError('unreachable', 'connection refused'));
    stream(podsPath)?.cut();
    await turns();
    expect(view.now).toMatchObject({
      phase: 'stale',
      right: expect.stringContaining('the connection was reset, retry in'),
    });
    clock.advance(1000);
    await turns();
    expect(view.now).toMatchObject({ phase: 'stale', right: expect.stringContaining('connection refused') });
    expect(view.lines).toHaveLength(2);
    server.on(`watch ${podsPath}`, () => 'stream');
    clock.advance(30_000);
    await turns();
    expect(view.now.phase).toBe('live');
    expect(server.requests.filter(({ path, query }) => path === podsPath && query?.watch === undefined)).toHaveLength(
      1,
    );
  });

  it('lists afresh when its version is gone', async () => {
    const { open, stream, clock, server, view } = setup();
    open();
    await turns();
    server.on(podsPath, () => listOf());
    const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
    stream(podsPath)?.write(event('ERROR', status));
    await turns();
    clock.advance(1000);
    await turns();
    expect(view.now.phase).toBe('gone');
  });

  it('polls where it may get but not watch', async () => {
    const { open, clock, server, view } = setup();
    const forbidden = new ClusterError('forbidden', 'no', { status: 403 });
    let version = 1;
    server.on(podsPath, () => forbidden);
    server.on(`${podsPath}/cart`, () => object(String(version)));
    open();
    await turns();
    expect(view.now.phase).toBe('live');
    version = 2;
    const before = view.sets;
    for (let index = 0; index < 12; index++) {
      clock.advance(1000);
      await turns();
    }
    expect(view.sets).toBe(before + 1);
  });

  it('asks for nothing more once the view is closed', async () => {
    const { open, view, stream, clock, server, described } = setup();
    open();
    await turns();
    stream(podsPath)?.write(event('MODIFIED', object('2')));
    await turns();
    view.close();
    const requests = server.requests.length;
    const states = view.states.length;
    clock.advance(60_000);
    await turns();
    expect(described).toHaveLength(1);
    expect(server.requests).toHaveLength(requests);
    expect(view.states).toHaveLength(states);
  });

  it('obeys nothing the server wrote', async () => {
    const { open, view, say } = setup();
    say('Message: \u001b[31mred\u202e\r\u0000');
    open();
    await turns();
    expect(view.lines).toEqual(['Message: ^[[31mred<202e>\\r^@']);
  });
});
