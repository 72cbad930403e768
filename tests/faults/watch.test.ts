import { describe, expect, it } from 'vitest';
import { decoders, lists, watchThroughProxy } from './support.ts';

const expired = {
  kind: 'Status',
  status: 'Failure',
  reason: 'Expired',
  code: 410,
  message: 'too old resource version: 1 (2)',
};
const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;
const json = decoders.JSON as NonNullable<typeof decoders.JSON>;

describe.each(Object.entries(decoders))('a watch read as %s', (_, decoder) => {
  it('6. cut in the middle of an event resumes without a list and loses nothing', async () => {
    const { world, proxy, watched } = await watchThroughProxy(decoder);
    proxy.cutNextEvent();
    await world.touch('a');
    await watched.claimed('stale');
    await world.create('d');
    await world.remove('b');
    await watched.equalsServer(world);
    expect(lists(proxy)).toBe(1);
  });

  it('10. reset resumes without a list and loses nothing', async () => {
    const { world, proxy, watched } = await watchThroughProxy(decoder);
    proxy.resetWatches();
    expect(await watched.claimed('stale')).toMatchObject({ since: expect.any(Number), retryAt: expect.any(Number) });
    await world.create('d');
    await world.remove('b');
    await watched.equalsServer(world);
    expect(lists(proxy)).toBe(1);
  });

  it('12. an object deleted and made again in a gap is another object, through a resume and through a list', async () => {
    const { world, proxy, watched } = await watchThroughProxy(decoder);
    const before = await world.uidOf('a');
    for (const relist of [false, true]) {
      proxy.freezeWatches();
      await world.remove('a');
      await world.create('a');
      if (relist) proxy.answer('watch', { status: 410, body: expired }, 1);
      proxy.resetWatches();
      await watched.claimed('stale');
      await watched.equalsServer(world);
    }
    expect(watched.store.rows.has(before)).toBe(false);
    expect([...watched.store.rows.values()].filter((row) => row.name === 'a')).toHaveLength(1);
    expect(lists(proxy)).toBe(2);
  });

  it('13. a deletion that was never told is found by the list after an expiry', async () => {
    const { world, proxy, watched } = await watchThroughProxy(decoder);
    proxy.freezeWatches();
    await world.remove('a');
    proxy.answer('watch', { status: 410, body: expired }, 1);
    proxy.resetWatches();
    await watched.claimed('stale');
    await watched.equalsServer(world);
    expect([...watched.store.rows.values()].map((row) => row.name).sort()).toEqual(['b', 'c']);
  });
});

describe('a watch', () => {
  it('1. that is told 410 in the stream lists the newest, says so meanwhile and is live again', async () => {
    const { world, proxy, watched } = await watchThroughProxy(json);
    proxy.freezeWatches();
    await world.touch('a');
    proxy.inject(line('ERROR', expired));
    await watched.equalsServer(world);
    expect(watched.claims.some((claim) => claim.phase === 'stale' && claim.reason.includes('listing afresh'))).toBe(
      true,
    );
    expect(proxy.asked.filter(({ kind }) => kind === 'list').at(-1)?.query).toEqual({});
    expect(lists(proxy)).toBe(2);
  });

  it('2. that is refused with 410, as is the list that follows, lists again', async () => {
    const { world, proxy, watched } = await watchThroughProxy(json);
    proxy.answer('watch', { status: 410, body: expired }, 1);
    proxy.answer('list', { status: 410, body: expired }, 1);
    proxy.closeWatches();
    await world.touch('a');
    await watched.claimed('stale');
    await watched.equalsServer(world);
    expect(lists(proxy)).toBe(3);
  });

  it('4. that is throttled waits as long as it is told, and a moment when it is not', async () => {
    const { world, proxy, watched } = await watchThroughProxy(json);
    const body = { kind: 'Status', code: 429, message: 'too many requests' };
    proxy.answer('watch', { status: 429, headers: { 'retry-after': '2' }, body }, 1);
    proxy.answer('watch', { status: 429, body }, 1);
    proxy.resetWatches();
    await expect
      .poll(() => watched.store.freshness, { timeout: 5_000 })
      .toMatchObject({ phase: 'stale', reason: 'too many requests' });
    await world.touch('a');
    await watched.equalsServer(world, 10_000);
    const [throttled, again] = proxy.asked.filter(({ kind }) => kind === 'watch').slice(1);
    // A timer of Node's may be a millisecond early.
    expect((again?.at ?? 0) - (throttled?.at ?? 0)).toBeGreaterThanOrEqual(1_998);
    expect(lists(proxy)).toBe(1);
  });

  it('5. that meets 500, 502 and 503 resumes when the server has recovered', async () => {
    const { world, proxy, watched } = await watchThroughProxy(json, { backoffMs: 300 });
    proxy.answer(
      'watch',
      { status: 500, body: { kind: 'Status', code: 500, message: 'etcdserver: leader changed' } },
      1,
    );
    proxy.answer(
      'watch',
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gateway</html>' },
      1,
    );
    proxy.answer('watch', { status: 503, body: { kind: 'Status', code: 503, message: 'starting up' } }, 1);
    proxy.resetWatches();
    await watched.claimed('stale');
    await world.touch('a');
    await watched.equalsServer(world, 15_000);
    const reasons = watched.claims.flatMap((claim) => (claim.phase === 'stale' ? [claim.reason] : []));
    expect(reasons).toEqual(
      expect.arrayContaining(['etcdserver: leader changed', '<html>Bad Gateway</html>', 'starting up']),
    );
    expect(lists(proxy)).toBe(1);
  });

  it('7. that falls silent is noticed by its silence, and dated back to its last byte', async () => {
    const limits = { watchSeconds: [2, 2], idleMarginMs: 500 } as const;
    const { world, proxy, watched } = await watchThroughProxy(json, limits);
    await world.touch('a');
    await watched.equalsServer(world);
    // The server ends one every two seconds: between two there is none to freeze.
    const freeze = (): number => {
      proxy.freezeWatches();
      return proxy.watches;
    };
    await expect.poll(freeze, { interval: 10 }).toBe(1);
    const frozenAt = Date.now();
    await world.remove('b');
    const stale = await watched.claimed('stale', 5_000);
    expect(stale).toMatchObject({ reason: expect.stringMatching(/^Nothing was heard for/), since: expect.any(Number) });
    expect('since' in stale && stale.since).toBeLessThanOrEqual(frozenAt);
    await watched.equalsServer(world);
    expect(lists(proxy)).toBe(1);
  });

  it('9. that is closed every second resumes every time, without a list, and is never behind for long', async () => {
    const quickMs = 300;
    const { world, proxy, watched } = await watchThroughProxy(json, { quickMs });
    for (let round = 0; round < 4; round++) {
      // Longer than what counts as closed at once.
      const opened = Date.now();
      await expect.poll(() => Date.now() - opened, { interval: 10 }).toBeGreaterThan(quickMs + 50);
      proxy.closeWatches();
      await world.touch('a');
      await watched.equalsServer(world);
    }
    expect(lists(proxy)).toBe(1);
    expect(proxy.asked.filter(({ kind }) => kind === 'watch')).toHaveLength(5);
  });

  it('11. at a version from the future, as after etcd was restored, is found out by asking and lists the newest', async () => {
    const { world, proxy, watched } = await watchThroughProxy(json, { backoffMs: 300 });
    const ghost = {
      metadata: { name: 'ghost', namespace: world.namespace, uid: 'ghost', resourceVersion: '99999999' },
    };
    proxy.inject(line('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion: '99999998' } }));
    // A pod of the future after the bookmark: when it is there, so is the bookmark.
    proxy.inject(line('ADDED', ghost));
    await expect.poll(() => watched.store.rows.has('ghost'), { timeout: 5_000, interval: 5 }).toBe(true);
    proxy.resetWatches();
    await watched.claimed('stale');
    await world.touch('a');
    await watched.equalsServer(world, 15_000);
    expect(lists(proxy)).toBe(2);
    const reasons = watched.claims.flatMap((claim) => (claim.phase === 'stale' ? [claim.reason] : []));
    expect(reasons).toContainEqual(expect.stringContaining('Too large resource version'));
  });

  it('14. that brings only bookmarks keeps its place with them', async () => {
    const { world, proxy, watched } = await watchThroughProxy(json);
    const { metadata } = await world.transport.json<{ metadata: { resourceVersion: string } }>({ path: world.path });
    proxy.inject(line('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion: metadata.resourceVersion } }));
    proxy.closeWatches();
    await expect.poll(() => proxy.asked.filter(({ kind }) => kind === 'watch').length, { timeout: 5_000 }).toBe(2);
    expect(proxy.asked.at(-1)?.query).toMatchObject({ watch: '1', resourceVersion: metadata.resourceVersion });
    await watched.equalsServer(world);
    expect(lists(proxy)).toBe(1);
  });
});
