import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/protocol/resource.ts';
import type { LogOptions } from '../../../src/protocol/wire.ts';
import { openLogs } from '../../../src/sessions/logs.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { fakeClock } from '../fake-clock.ts';
import { fakeServer, turns } from './fake-server.ts';
import { recordText } from './text-recorder.ts';

const resource = (name: string, kind: string, group = ''): Resource => ({
  ...{ group, version: 'v1', resource: name, singular: kind.toLowerCase(), kind, namespaced: true },
  ...{ verbs: ['get', 'list', 'watch'], shortNames: [], categories: [], subresources: [] },
});

const podsPath = '/api/v1/namespaces/shop/pods';
const logPath = (name: string) => `${podsPath}/${name}/log`;

type State = { running?: object; waiting?: object; terminated?: object };

const pod = (name: string, restartCount = 0, state: State = { running: {} }, lastExit?: number) => ({
  metadata: { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: String(restartCount) },
  spec: { containers: [{ name: 'app' }] },
  status: {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'app',
        restartCount,
        state,
        ...(lastExit === undefined ? {} : { lastState: { terminated: { exitCode: lastExit, reason: 'Error' } } }),
      },
    ],
  },
});

const line = (second: number, text: string, nanos = 0) =>
  `2026-01-02T03:04:${String(second).padStart(2, '0')}.${String(nanos).padStart(9, '0')}Z ${text}\n`;

const event = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;

const setup = (options: LogOptions = {}, kind: 'pod' | 'deployment' = 'pod') => {
  const server = fakeServer();
  const clock = fakeClock(1_000_000);
  const view = recordText();
  let pods = [pod('cart')];
  server.on(podsPath, () => ({ metadata: { resourceVersion: '1' }, items: pods }));
  server.on(`watch ${podsPath}`, () => 'stream');
  for (const name of ['cart', 'cart-2']) server.on(logPath(name), () => 'stream');
  const target = {
    ...{ context: 'prod', namespace: 'shop', name: 'cart' },
    resource: kind === 'pod' ? resource('pods', 'Pod') : resource('deployments', 'Deployment', 'apps'),
  };
  const open = () => openLogs({ target, options, view, clock, transport: server.transport });
  const pass = async (ms: number): Promise<void> => {
    await turns();
    for (let passed = 0; passed < ms; passed += 100) {
      clock.advance(Math.min(100, ms - passed));
      await turns();
    }
  };
  return {
    ...{ server, clock, view, open, pass },
    start: (...list: ReturnType<typeof pod>[]) => {
      pods = list;
    },
    podEvent: (type: string, object: unknown) =>
      server.streams.find(({ request }) => request.path === podsPath)?.write(event(type, object)),
    log: (name = 'cart') => server.open(logPath(name)),
  };
};

describe('logs of a pod', () => {
  it('follow, with the tail that was asked for', async () => {
    const { open, view, log, pass } = setup({ tail: 50 });
    expect(open().opened).toEqual({ title: 'prod ▸ pods ▸ shop/cart ▸ logs', filetype: 'k8s_logs' });
    await pass(100);
    expect(log()[0]?.request.query).toMatchObject({
      container: 'app',
      follow: 'true',
      timestamps: 'true',
      tailLines: '50',
    });
    log()[0]?.write(line(1, 'hello') + line(2, 'wor'));
    log()[0]?.write(line(3, '\u001b[31mred'));
    await pass(100);
    expect(view.lines).toEqual(['hello', 'wor', 'red']);
    expect(view.codes[2]).toBe('0,3,1;');
    expect(view.now).toMatchObject({ phase: 'live', right: '● following', middle: '3 lines', total: 3 });
  });

  it('take the last 1,000 lines unless told, and all for a negative number', async () => {
    const usual = setup();
    usual.open();
    const all = setup({ tail: -1 });
    all.open();
    await usual.pass(100);
    await all.pass(100);
    expect(usual.log()[0]?.request.query?.tailLines).toBe('1000');
    expect(all.log()[0]?.request.query?.tailLines).toBeUndefined();
  });

  it('show timestamps when asked', async () => {
    const { open, view, log, pass } = setup({ timestamps: true });
    open();
    await pass(100);
    log()[0]?.write(line(1, 'hello'));
    await pass(100);
    expect(view.lines).toEqual(['2026-01-02T03:04:01.000000000Z hello']);
  });

  it('lose and repeat nothing when the connection is cut within a line', async () => {
    const { open, view, log, pass } = setup();
    open();
    await pass(100);
    log()[0]?.write(line(1, 'one') + line(1, 'two', 5) + line(1, 'twin', 5) + line(2, 'three').slice(0, 34));
    await pass(100);
    log()[0]?.cut();
    await pass(0);
    await turns();
    await pass(100);
    expect(view.now).toMatchObject({
      phase: 'stale',
      right: expect.stringContaining('the connection was reset, retry in'),
    });
    await pass(1000);
    expect(log()[1]?.request.query).toMatchObject({ sinceTime: '2026-01-02T03:04:01Z', tailLines: undefined });
    log()[1]?.write(line(1, 'one') + line(1, 'two', 5) + line(1, 'twin', 5) + line(1, 'triplet', 5) + line(2, 'three'));
    await pass(100);
    expect(view.lines).toEqual(['one', 'two', 'twin', 'triplet', 'three']);
    expect(view.now.phase).toBe('live');
  });

  it('go on with a restarted container, after what the old one still said', async () => {
    const { open, view, log, pass, podEvent, server } = setup();
    open();
    await pass(100);
    log()[0]?.write(line(1, 'one'));
    await pass(100);
    server.on(logPath('cart'), ({ query }) =>
      query?.previous === 'true' ? { status: 200, text: line(1, 'one') + line(2, 'last words') } : 'stream',
    );
    log()[0]?.end();
    podEvent('MODIFIED', pod('cart', 0, { terminated: { exitCode: 1 } }));
    await pass(200);
    expect(view.now.right).toBe('◌ waiting: Running');
    podEvent('MODIFIED', pod('cart', 1, { running: {} }, 1));
    await pass(200);
    expect(log()[1]?.request.query).toMatchObject({ follow: 'true', sinceTime: undefined, tailLines: undefined });
    log()[1]?.write(line(0, 'clock went back'));
    await pass(100);
    expect(view.lines).toEqual(['one', 'last words', '── app restarted (exit 1) ──', 'clock went back']);
  });

  it('wait for a container that has not started', async () => {
    const { open, view, start, pass, log, podEvent } = setup();
    start(pod('cart', 0, { waiting: { reason: 'ContainerCreating' } }));
    open();
    await pass(100);
    expect(view.now.right).toBe('◌ waiting: ContainerCreating');
    expect(log()).toHaveLength(0);
    podEvent('MODIFIED', pod('cart'));
    await pass(100);
    expect(log()).toHaveLength(1);
  });

  it('show a crashed container’s last words once, not in a loop', async () => {
    const { open, view, start, pass, log } = setup();
    start(pod('cart', 3, { waiting: { reason: 'CrashLoopBackOff' } }, 1));
    open();
    await pass(100);
    log()[0]?.write(line(1, 'panic'));
    log()[0]?.end();
    await pass(20_000);
    expect(log()).toHaveLength(1);
    expect(view.lines).toEqual(['panic']);
    expect(view.now.right).toBe('◌ waiting: CrashLoopBackOff');
  });

  it('end when the container has ended for good', async () => {
    const { open, view, log, pass, podEvent } = setup();
    open();
    await pass(100);
    log()[0]?.write(line(1, 'done'));
    log()[0]?.end();
    podEvent('MODIFIED', {
      ...pod('cart', 0, { terminated: { exitCode: 0, reason: 'Completed' } }),
      spec: { restartPolicy: 'Never', containers: [{ name: 'app' }] },
    });
    await pass(2000);
    expect(view.lines).toEqual(['done', '── app ended (exit 0) ──']);
    expect(view.now).toMatchObject({ phase: 'ended', right: 'ended: exit 0' });
  });

  it('end with the pod', async () => {
    const { open, view, log, pass, podEvent } = setup();
    open();
    await pass(100);
    podEvent('DELETED', pod('cart'));
    log()[0]?.end();
    await pass(2000);
    expect(view.lines).toEqual(['── pod deleted ──']);
    expect(view.now.phase).toBe('ended');
  });

  it('open again a stream that ends while the container runs, ever more slowly', async () => {
    const { open, log, pass } = setup();
    open();
    await pass(100);
    for (let index = 0; index < 200; index++) {
      for (const stream of log()) stream.end();
      await pass(100);
    }
    expect(log().length).toBeGreaterThan(2);
    expect(log().length).toBeLessThan(8);
  });

  it('of the process before are read once', async () => {
    const { open, view, pass, server, log } = setup({ previous: true });
    server.on(logPath('cart'), () => ({ status: 200, text: line(1, 'old') }));
    open();
    await pass(200);
    expect(view.lines).toEqual(['old']);
    expect(view.now).toMatchObject({ phase: 'ended', right: 'end of log' });
    expect(server.requests.at(-1)?.query).toMatchObject({ previous: 'true', follow: undefined });
    expect(log()).toHaveLength(0);
  });

  it('say what the server says when there are none', async () => {
    const { open, view, pass, server } = setup({ previous: true });
    const status = {
      kind: 'Status',
      message: 'previous terminated container "app" in pod "cart" not found',
      code: 400,
    };
    server.on(logPath('cart'), () => ({ status: 400, text: JSON.stringify(status) }));
    open();
    await pass(200);
    expect(view.lines[0]).toContain('previous terminated container "app" in pod "cart" not found');
    expect(view.now.phase).toBe('ended');
  });

  it('say who may not read them', async () => {
    const { open, view, pass, server } = setup();
    const status = { kind: 'Status', message: 'pods "cart" is forbidden: User "jane" cannot get pods/log', code: 403 };
    server.on(logPath('cart'), () => ({ status: 403, text: JSON.stringify(status) }));
    open();
    await pass(200);
    expect(view.now).toMatchObject({ phase: 'forbidden', right: expect.stringContaining('User "jane"') });
  });

  it('say which containers there are', async () => {
    const { open, view, pass } = setup({ container: 'db' });
    open();
    await pass(200);
    expect(view.lines).toEqual(['Pod shop/cart has no container db.', '', 'It has: app.']);
    expect(view.now.phase).toBe('ended');
  });

  it('say that there is no such pod', async () => {
    const { open, view, pass, start } = setup();
    start();
    open();
    await pass(200);
    expect(view.now).toMatchObject({ phase: 'gone', right: '✕ no such pod' });
  });

  it('come in batches of at most 30 a second, and are bounded', async () => {
    const { open, view, log, pass } = setup();
    open();
    await pass(100);
    const before = view.appends;
    for (let batch = 0; batch < 50; batch++) {
      log()[0]?.write(
        Array.from({ length: 2400 }, (_, index) => line(1, `${batch}/${index}`, batch * 2400 + index)).join(''),
      );
      await pass(20);
    }
    await pass(100);
    expect(view.appends - before).toBeLessThanOrEqual(33);
    expect(view.lines.length).toBeLessThanOrEqual(100_000);
    expect(view.lines.length).toBeGreaterThanOrEqual(90_000);
    expect(view.lines.at(-1)).toBe('49/2399');
    const first = 120_000 - view.lines.length;
    expect(view.lines[0]).toBe(`${Math.floor(first / 2400)}/${first % 2400}`);
    expect(view.now).toMatchObject({
      middle: expect.stringMatching(/ of 120,000 lines$/),
      shown: view.lines.length,
      total: 120_000,
    });
  });

  it('stop with the view', async () => {
    const { open, view, log, pass, server } = setup();
    open();
    await pass(100);
    log()[0]?.write(line(1, 'one'));
    await turns();
    view.close();
    const requests = server.requests.length;
    await pass(60_000);
    expect(view.lines).toEqual([]);
    expect(server.requests).toHaveLength(requests);
  });
});

describe('logs of a workload', () => {
  const deployment = '/apis/apps/v1/namespaces/shop/deployments/cart';

  it('follow all its pods, the later ones too', async () => {
    const { open, view, log, pass, start, server, podEvent } = setup({}, 'deployment');
    server.on(deployment, () => ({ spec: { selector: { matchLabels: { app: 'cart' } } } }));
    start(pod('cart'));
    open();
    await pass(200);
    expect(server.requests.find(({ path }) => path === podsPath)?.query).toEqual({ labelSelector: 'app=cart' });
    log('cart')[0]?.write(line(1, 'one'));
    await pass(100);
    podEvent('ADDED', pod('cart-2'));
    await pass(100);
    log('cart-2')[0]?.write(line(2, 'two'));
    await pass(100);
    expect(view.lines).toEqual(['cart one', '── cart-2 joined ──', 'cart-2 two']);
    expect(view.now).toMatchObject({ phase: 'live', middle: '2 pods  3 lines' });
  });

  it('are put in order of time where they come together', async () => {
    const { open, view, log, pass, start, server } = setup({}, 'deployment');
    server.on(deployment, () => ({ spec: { selector: { matchLabels: { app: 'cart' } } } }));
    start(pod('cart'), pod('cart-2'));
    open();
    await pass(200);
    log('cart')[0]?.write(line(1, 'a') + line(3, 'c'));
    log('cart-2')[0]?.write(line(2, 'b'));
    await pass(100);
    expect(view.lines).toEqual(['cart a', 'cart-2 b', 'cart c']);
  });

  it('never take every pod of a namespace for an empty selector', async () => {
    const { open, view, pass, server } = setup({}, 'deployment');
    server.on(deployment, () => ({ spec: {} }));
    open();
    await pass(200);
    expect(view.lines[0]).toContain('deployments.apps shop/cart selects no pods');
    expect(server.requests.some(({ path }) => path === podsPath)).toBe(false);
  });

  it('say that the workload cannot be read', async () => {
    const { open, view, pass, server } = setup({}, 'deployment');
    server.on(deployment, () => new ClusterError('not-found', 'deployments.apps "cart" not found'));
    open();
    await pass(200);
    expect(view.lines).toEqual(['deployments.apps "cart" not found']);
  });
});
