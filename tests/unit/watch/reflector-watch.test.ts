import { describe, expect, it, vi } from 'vitest';
import { tableDecoder } from '../../../src/decode/table.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { line, list, pod, settle, start, startLive, status } from './harness.ts';

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
