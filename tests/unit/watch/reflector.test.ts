import { describe, expect, it, vi } from 'vitest';
import { ClusterError } from '../../../src/util/error.ts';
import { line, list, pod, settle, start, startLive, status } from './harness.ts';

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
