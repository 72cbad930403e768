import { describe, expect, it } from 'vitest';
import { ClusterError } from '../../../src/util/error.ts';
import { list, pod, settle, start, status } from './harness.ts';

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
