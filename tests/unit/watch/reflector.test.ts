import { describe, expect, it, vi } from 'vitest';
import { tableDecoder } from '../../../src/decode/table.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { line, list, pod, start, startLive } from './harness.ts';

const status = (code: number, message: string, details: object = {}) => ({ kind: 'Status', code, message, details });
/** Lets everything that could still happen happen. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('the first list', () => {
  it('is asked for at resourceVersion 0 with the selectors, and streams into view while it is loading', async () => {
    const run = start({ selectors: { labelSelector: 'app=web', fieldSelector: 'spec.nodeName=n1' } });
    const call = await run.next();
    expect(call.request.path).toBe('/api/v1/pods');
    expect(call.query).toEqual({ resourceVersion: '0', labelSelector: 'app=web', fieldSelector: 'spec.nodeName=n1' });
    const body = call.open();
    body.write(`{"metadata":{"resourceVersion":"10"},"items":[${JSON.stringify(pod('a', '5'))},`);
    await run.reached('apply a');
    run.clock.advance(60);
    body.write(`${JSON.stringify(pod('b', '6'))},`);
    await run.reached('freshness loading');
    expect(run.freshness).toEqual({ phase: 'loading', count: 2 });
    body.end(`${JSON.stringify(pod('c', '7'))}]}`);
    await run.reached('ready');
    expect(run.log).toEqual([
      'freshness loading',
      'init',
      'apply a',
      'apply b',
      'freshness loading',
      'apply c',
      'ready',
    ]);
  });

  it('is followed by a watch from its version; live is claimed only when the server has accepted it', async () => {
    const run = start();
    (await run.next()).json(list('10', []));
    const call = await run.next();
    expect(call.query).toMatchObject({
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: '10',
      timeoutSeconds: '450',
    });
    expect(call.request.idleMs).toBe(455_000);
    expect(run.log.at(-1)).toBe('ready');
    call.open();
    await run.claims('live');
  });

  it('that breaks in the middle is asked for again, whole, and stale names no time', async () => {
    const run = start();
    const body = (await run.next()).open();
    body.write(`{"metadata":{"resourceVersion":"10"},"items":[${JSON.stringify(pod('a', '5'))},{"meta`);
    await run.reached('apply a');
    body.end();
    expect(await run.claims('stale')).toEqual({
      phase: 'stale',
      reason: 'the list ended before its last byte',
      retryAt: 1_000_400,
    });
    run.clock.advance(400);
    const again = await run.next();
    expect(again.query).toEqual({ resourceVersion: '0' });
    again.json(list('11', [pod('a', '5')]));
    await run.reached('ready');
    expect(run.log.slice(-4)).toEqual(['init', 'apply a', 'freshness loading', 'ready']);
  });

  it('comes in pages of 500 after two that broke, at one version', async () => {
    const run = start();
    for (const delay of [400, 800]) {
      (await run.next()).fail(new ClusterError('timeout', 'too slow'));
      await run.claims('stale');
      await settle();
      run.clock.advance(delay);
    }
    const first = await run.next();
    expect(first.query).toEqual({ limit: '500' });
    first.json(list('20', [pod('a', '5')], 'token'));
    const second = await run.next();
    expect(second.query).toEqual({ limit: '500', continue: 'token' });
    second.json(list('20', [pod('b', '6')]));
    expect((await run.next()).query.resourceVersion).toBe('20');
    expect(run.log.filter((entry) => entry === 'init' || entry === 'ready')).toEqual(['init', 'ready']);
  });

  it('starts afresh, in one piece, when the continue token expires', async () => {
    const run = start();
    (await run.next()).json(list('20', [pod('a', '5')], 'token'));
    (await run.next()).json(status(410, 'The provided continue parameter is too old'), 410);
    const again = await run.next();
    expect(again.query).toEqual({});
    again.json(list('30', [pod('b', '6')]));
    expect((await run.next()).query.resourceVersion).toBe('30');
    expect(run.log.filter((entry) => entry === 'init' || entry === 'ready')).toEqual(['init', 'init', 'ready']);
  });

  it('that takes long to begin is preceded by a screenful, which goes again unless the list has it too', async () => {
    const run = start();
    const whole = await run.next();
    run.clock.advance(15);
    const page = await run.next();
    expect(page.query).toEqual({ limit: '100' });
    page.json(list('12', [pod('a', '5'), pod('z', '12')], 'more'));
    await run.reached('apply a z');
    expect(run.log).toEqual(['freshness loading', 'apply a z']);
    whole.json(list('10', [pod('a', '5'), pod('b', '6')]));
    await run.reached('ready');
    expect(run.log.slice(2)).toEqual(['init', 'apply a b', 'ready']);
  });

  it('needs no screenful when it begins in time, and ends one that comes too late', async () => {
    const run = start();
    const whole = await run.next();
    run.clock.advance(15);
    const page = await run.next();
    const body = whole.open();
    body.write(`{"metadata":{},"items":[${JSON.stringify(pod('a', '5'))},`);
    await run.reached('apply a');
    expect(page.request.signal?.aborted).toBe(true);
    page.json(list('12', [pod('z', '12')]));
    await settle();
    expect(run.log.at(-1)).toBe('apply a');
    const quick = start();
    (await quick.next()).json(list('10', []));
    await quick.next();
    quick.clock.advance(60);
    expect(quick.pending).toBe(0);
  });

  it('does not mind a screenful that fails', async () => {
    const run = start();
    const whole = await run.next();
    run.clock.advance(15);
    (await run.next()).fail(new ClusterError('internal', 'no pages today'));
    await settle();
    whole.json(list('10', [pod('a', '5')]));
    await run.reached('ready');
    expect(run.bugs).toEqual([]);
  });

  it('that is refused is shown as forbidden and asked for again after 30 s', async () => {
    const run = start();
    const message =
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "shop"';
    (await run.next()).json(status(403, message), 403);
    expect(await run.claims('forbidden')).toEqual({
      phase: 'forbidden',
      message: 'forbidden: list pods in shop (user jane)',
    });
    run.clock.advance(29_999);
    await settle();
    expect(run.pending).toBe(0);
    run.clock.advance(1);
    (await run.next()).json(list('10', []));
    (await run.next()).open();
    await run.claims('live');
  });

  it('waits as long as a 429 asks for', async () => {
    const run = start();
    (await run.next()).json(status(429, 'too many requests'), 429, { 'retry-after': '7' });
    expect(await run.claims('stale')).toEqual({ phase: 'stale', reason: 'too many requests', retryAt: 1_007_000 });
    run.clock.advance(6_999);
    await settle();
    expect(run.pending).toBe(0);
    run.clock.advance(1);
    await run.next();
  });

  it('of a resource that is gone is tried slowly, and lists the newest when it is back', async () => {
    const run = start();
    (await run.next()).json(status(404, 'the server could not find the requested resource'), 404);
    await run.claims('gone');
    run.clock.advance(30_000);
    expect((await run.next()).query).toEqual({});
  });
});

describe('the watch', () => {
  it('hands over changes in their order, those of one sort together', async () => {
    const { run, stream } = await startLive();
    stream.write(
      line('MODIFIED', pod('a', '11')) +
        line('ADDED', pod('c', '12')) +
        line('DELETED', pod('b', '13')) +
        line('DELETED', pod('a', '14')) +
        line('ADDED', pod('a', '15', 'another')),
    );
    await run.reached('apply a');
    expect(run.log.slice(-4)).toEqual(['freshness live', 'apply a c', 'delete b a', 'apply a']);
  });

  it('resumes at the version of the last event or bookmark, without a list and without a claim', async () => {
    const { run, stream } = await startLive();
    stream.write(line('MODIFIED', pod('a', '11')));
    await run.reached('apply a');
    stream.write(line('BOOKMARK', { metadata: { resourceVersion: '99' } }));
    run.clock.advance(5_000);
    stream.end();
    const call = await run.next();
    expect(call.query).toMatchObject({ watch: '1', resourceVersion: '99' });
    call.open();
    await settle();
    expect(run.log.at(-1)).toBe('apply a');
    expect(run.freshness).toEqual({ phase: 'live' });
  });

  it('says that it is stale when the reconnection takes more than a second', async () => {
    const { run, stream } = await startLive();
    run.clock.advance(5_000);
    stream.end();
    await run.next();
    run.clock.advance(1_000);
    expect(run.freshness).toEqual({ phase: 'stale', since: 1_005_000, reason: 'reconnecting' });
  });

  it('backs off when the server closes it at once, and resumes', async () => {
    const { run, stream } = await startLive();
    stream.end();
    expect(await run.claims('stale')).toMatchObject({
      since: 1_000_000,
      reason: 'the server closed the watch at once',
      retryAt: 1_000_400,
    });
    run.clock.advance(400);
    expect((await run.next()).query).toMatchObject({ watch: '1', resourceVersion: '10' });
  });

  it('lists the newest after a 410 in the stream, keeping the rows and saying so', async () => {
    const { run, stream } = await startLive();
    run.clock.advance(3_000);
    stream.write(line('MODIFIED', pod('a', '11')) + line('ERROR', status(410, 'too old resource version: 10 (500)')));
    const call = await run.next();
    expect(call.query).toEqual({});
    expect(run.log).toContain('apply a');
    expect(run.freshness).toEqual({
      phase: 'stale',
      since: 1_003_000,
      reason: 'the history expired, listing afresh (too old resource version: 10 (500))',
    });
    call.json(list('500', [pod('a', '400')]));
    (await run.next()).open();
    await run.claims('live');
    expect(run.log.slice(-4)).toEqual(['init', 'apply a', 'ready', 'freshness live']);
  });

  it('lists the newest after a 410 as a status', async () => {
    const run = start();
    (await run.next()).json(list('10', []));
    (await run.next()).json(status(410, 'Expired'), 410);
    expect((await run.next()).query).toEqual({});
  });

  it('takes a version from the future, or one that goes back, for another history', async () => {
    const { run, stream } = await startLive();
    stream.write(line('BOOKMARK', { metadata: { resourceVersion: '9' } }));
    const call = await run.next();
    expect(call.query).toEqual({});
    expect(run.freshness).toMatchObject({
      phase: 'stale',
      reason: expect.stringContaining('went back from version 10 to 9'),
    });
    call.json(list('5', []));
    run.clock.advance(60_000);
    const causes = [{ reason: 'ResourceVersionTooLarge' }];
    (await run.next()).json(status(504, 'Timeout', { causes }), 504);
    await run.claims('stale');
    run.clock.advance(60_000);
    expect((await run.next()).query).toEqual({});
  });

  it('dates the end of the truth back to the last byte when it has fallen silent', async () => {
    const { run, stream } = await startLive();
    run.clock.advance(2_000);
    stream.write(line('MODIFIED', pod('a', '11')));
    await run.reached('apply a');
    run.clock.advance(455_000);
    stream.destroy(new ClusterError('timeout', 'Nothing was heard for 455 s.'));
    expect(await run.claims('stale')).toMatchObject({ since: 1_002_000, reason: 'Nothing was heard for 455 s.' });
    run.clock.advance(400);
    expect((await run.next()).query).toMatchObject({ watch: '1', resourceVersion: '11' });
  });

  it('resumes after a reset, growing the pause until it has been healthy for two minutes', async () => {
    const { run, stream } = await startLive();
    const reset = () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    stream.destroy(reset());
    expect(await run.claims('stale')).toMatchObject({
      reason: 'the connection broke: read ECONNRESET',
      retryAt: 1_000_400,
    });
    run.clock.advance(400);
    const second = (await run.next()).open();
    (await run.next()).json(list('10', []));
    await run.claims('live');
    second.destroy(reset());
    expect(await run.claims('stale')).toMatchObject({ retryAt: 1_000_400 + 800 });
    run.clock.advance(800);
    const third = (await run.next()).open();
    (await run.next()).json(list('10', []));
    await run.claims('live');
    run.clock.advance(120_000);
    third.destroy(reset());
    expect(await run.claims('stale')).toMatchObject({ retryAt: 1_121_200 + 400 });
  });

  it('is not called live after an outage before the server has confirmed the version', async () => {
    const { run, stream } = await startLive();
    stream.destroy(new ClusterError('unreachable', 'down'));
    await run.claims('stale');
    run.clock.advance(400);
    (await run.next()).open();
    const question = await run.next();
    expect(question.query).toEqual({ limit: '1', resourceVersion: '10', resourceVersionMatch: 'NotOlderThan' });
    await settle();
    expect(run.freshness?.phase).toBe('stale');
    question.json(list('12', []));
    await run.claims('live');
  });

  it('lists the newest when the server knows less than we do, as after etcd was restored', async () => {
    const { run, stream } = await startLive();
    stream.destroy(new ClusterError('unreachable', 'down'));
    await run.claims('stale');
    run.clock.advance(400);
    const resumed = await run.next();
    resumed.open();
    const causes = [{ reason: 'ResourceVersionTooLarge' }];
    (await run.next()).json(status(504, 'Too large resource version: 10, current: 5', { causes }), 504);
    const call = await run.next();
    expect(resumed.request.signal?.aborted).toBe(true);
    expect(call.query).toEqual({});
    expect(run.freshness).toMatchObject({
      phase: 'stale',
      since: 1_000_000,
      reason: expect.stringContaining('Too large'),
    });
  });

  it('is called live when nobody can tell whether the version is known', async () => {
    const { run, stream } = await startLive();
    stream.destroy(new ClusterError('unreachable', 'down'));
    await run.claims('stale');
    run.clock.advance(400);
    (await run.next()).open();
    (await run.next()).json(status(403, 'no'), 403);
    await run.claims('live');
  });

  it('lists every 10 s where watching is forbidden, says since when, and tries again to watch after 30 s', async () => {
    const run = start();
    (await run.next()).json(list('10', []));
    (await run.next()).json(status(403, 'no watching'), 403);
    for (let poll = 0; poll < 3; poll++) {
      const call = await run.next();
      expect(call.query).toEqual({});
      call.json(list(`1${poll}`, [pod(`p${poll}`, '5')]));
      await vi.waitFor(() =>
        expect(run.freshness).toMatchObject({ since: run.clock.now(), retryAt: run.clock.now() + 10_000 }),
      );
      expect(run.freshness).toMatchObject({
        phase: 'stale',
        reason: 'listed every 10 s, no watch: forbidden: no watching',
      });
      run.clock.advance(10_000);
    }
    (await run.next()).json(list('20', []));
    const watch = await run.next();
    expect(watch.query.watch).toBe('1');
    watch.open();
    await run.claims('live');
  });

  it('never asks for a watch that discovery does not name', async () => {
    const run = start({ watchable: false });
    (await run.next()).json(list('10', []));
    await run.claims('stale');
    run.clock.advance(10_000);
    expect((await run.next()).query).toEqual({});
  });

  it('lists afresh when an event cannot be read', async () => {
    const { run, stream } = await startLive();
    stream.write('{"type":"MODIFIED","object":{{{\n');
    expect(await run.claims('stale')).toMatchObject({ reason: expect.stringContaining('not JSON') });
    run.clock.advance(400);
    expect((await run.next()).query).toEqual({});
  });

  it('lists afresh when the columns of a Table change under it', async () => {
    const table = (name: string) => ({
      kind: 'Table',
      metadata: { resourceVersion: '10' },
      columnDefinitions: [{ name, type: 'string' }],
      rows: [],
    });
    const run = start({ decoder: tableDecoder });
    const call = await run.next();
    expect(call.query).toEqual({ includeObject: 'Metadata', resourceVersion: '0' });
    expect(call.request.headers?.accept).toContain('as=Table');
    call.json(table('Name'));
    const stream = (await run.next()).open();
    await run.claims('live');
    stream.write(line('BOOKMARK', table('Name')));
    await settle();
    expect(run.freshness).toEqual({ phase: 'live' });
    stream.write(line('BOOKMARK', table('Colour')));
    (await run.next()).json(table('Colour'));
    await run.reached('ready');
    expect(run.log.filter((entry) => entry.startsWith('columns'))).toEqual(['columns NAME', 'columns COLOUR']);
  });
});

describe('a credential that expired', () => {
  it('is renewed once, in one go, and the watch resumes', async () => {
    const retryCredential = vi.fn(() => Promise.resolve());
    const { run, stream } = await startLive({ retryCredential });
    run.clock.advance(5_000);
    stream.end();
    (await run.next()).json(status(401, 'Unauthorized'), 401);
    const call = await run.next();
    expect(call.query).toMatchObject({ watch: '1', resourceVersion: '10' });
    expect(retryCredential).toHaveBeenCalledOnce();
    call.json(status(401, 'Unauthorized'), 401);
    expect(await run.claims('login')).toEqual({ phase: 'login', message: 'Unauthorized' });
    run.clock.advance(30_000);
    (await run.next()).open();
    await run.claims('live');
    expect(retryCredential).toHaveBeenCalledOnce();
  });

  it('asks for a login with the words of the renewal that failed', async () => {
    const run = start({
      retryCredential: () => Promise.reject(new ClusterError('unauthorized', 'the plugin says no')),
    });
    (await run.next()).json(status(401, 'Unauthorized'), 401);
    expect(await run.claims('login')).toEqual({ phase: 'login', message: 'the plugin says no' });
  });
});

describe('dispose', () => {
  it.each(['list', 'wait', 'watch'])('ends a %s, twice if need be, and nothing is emitted afterwards', async (what) => {
    const run = start();
    const call = await run.next();
    let signal = call.request.signal;
    if (what === 'list') call.open().write('{"items":[');
    if (what === 'wait') {
      call.fail(new ClusterError('unreachable', 'down'));
      await run.claims('stale');
    }
    if (what === 'watch') {
      call.json(list('10', []));
      const watch = await run.next();
      signal = watch.request.signal;
      watch.open();
      await run.claims('live');
    }
    const before = run.log.length;
    run.reflector.dispose();
    run.reflector.dispose();
    run.reflector.reconnect();
    await settle();
    run.clock.advance(3_600_000);
    await settle();
    expect(run.log.length).toBe(before);
    expect(run.pending).toBe(0);
    expect(run.bugs).toEqual([]);
    if (what !== 'wait') expect(signal?.aborted).toBe(true);
  });
});

describe('reconnect', () => {
  it('cuts a back-off short', async () => {
    const run = start();
    (await run.next()).fail(new ClusterError('unreachable', 'down'));
    await run.claims('stale');
    run.reflector.reconnect();
    (await run.next()).json(list('10', []));
    await run.reached('ready');
  });

  it('opens a new watch from where the old one was', async () => {
    const { run, stream, call } = await startLive();
    stream.write(line('MODIFIED', pod('a', '11')));
    await run.reached('apply a');
    run.reflector.reconnect();
    expect((await run.next()).query).toMatchObject({ watch: '1', resourceVersion: '11' });
    expect(call.request.signal?.aborted).toBe(true);
  });

  it('starts a list anew', async () => {
    const run = start();
    (await run.next()).open().write('{"items":[');
    await settle();
    run.reflector.reconnect();
    expect((await run.next()).query).toEqual({ resourceVersion: '0' });
  });
});

describe('a listener that throws', () => {
  it('reaches the one place for bugs, and neither the stream nor the next event', async () => {
    const seen: string[] = [];
    const run = start({
      emit: (event) => {
        seen.push(event.type);
        throw new Error(`cannot take ${event.type}`);
      },
    });
    (await run.next()).json(list('10', [pod('a', '5')]));
    const stream = (await run.next()).open();
    stream.write(line('MODIFIED', pod('a', '11')));
    await vi.waitFor(() => expect(seen).toEqual(['freshness', 'init', 'apply', 'ready', 'freshness', 'apply']));
    expect(run.bugs).toHaveLength(6);
    expect(run.pending).toBe(0);
  });
});
