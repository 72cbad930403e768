import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { lists, transportTo, worldBehindProxy } from './support.ts';
import { startEngine } from './tables.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const heap = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

type Pod = { readonly metadata: Readonly<Record<string, unknown>>; readonly spec: object; readonly status: object };

it('43. 5,000 events a second become 30 frames a second, one in flight, of the newest state, in bounded memory', async () => {
  const { world, proxy } = await worldBehindProxy();
  // Plain JSON, so that what is injected is in the words of the stream.
  proxy.rewrite(({ accept = '', ...headers }) => ({
    ...headers,
    accept: accept.includes('protobuf') ? 'application/json' : accept,
  }));
  const engine = startEngine(transportTo({ server: proxy.url }));
  const pods = await engine.open(world.namespace);
  await pods.claims('live', 10_000);
  await pods.equals(world);
  const { items, metadata } = await world.transport.json<{ items: Pod[]; metadata: { resourceVersion: string } }>({
    path: world.path,
  });
  const first = Number(metadata.resourceVersion);
  let sent = 0;
  /** One of the pods has been restarted once more. */
  const event = (): string => {
    sent += 1;
    const pod = items[sent % items.length] as Pod;
    const changed = { ...pod.metadata, resourceVersion: String(first + sent) };
    const status = { ...pod.status, phase: 'Running', containerStatuses: [{ name: 'main', restartCount: sent }] };
    return `${JSON.stringify({ type: 'MODIFIED', object: { ...pod, metadata: changed, status } })}\n`;
  };
  const [rate, seconds] = [5_000, 4];
  const [before, frames, begun] = [heap(), pods.frames.length, performance.now()];
  while (sent < rate * seconds) {
    const due = Math.min(rate * seconds, Math.floor(((performance.now() - begun) / 1_000) * rate));
    let bytes = '';
    while (sent < due) bytes += event();
    if (bytes !== '') proxy.inject(bytes);
    await new Promise((resolve) => setImmediate(resolve));
  }
  // NAMESPACE NAME READY STATUS RESTARTS
  const restarts = () => pods.lines.map(({ text }) => Number(text.trim().split(/\s+/)[4])).toSorted((a, b) => a - b);
  await expect.poll(restarts, { timeout: 10_000, interval: 10 }).toEqual([sent - 2, sent - 1, sent]);
  const took = (performance.now() - begun) / 1_000;
  expect(pods.mostWaiting).toBe(1);
  expect(pods.frames.length - frames).toBeLessThanOrEqual(31 * took + 5);
  expect(pods.frames.length - frames).toBeGreaterThan(10);
  expect(heap() - before).toBeLessThan(16 * 1024 * 1024);

  // An editor that is blocked through a burst gets one frame of it.
  pods.blocked = true;
  for (let burst = 0; burst < 10; burst++) {
    proxy.inject(Array.from({ length: 500 }, event).join(''));
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  expect(pods.waiting.length).toBeLessThanOrEqual(1);
  engine.unblock(pods);
  await expect.poll(restarts, { timeout: 10_000, interval: 10 }).toEqual([sent - 2, sent - 1, sent]);

  // None of that ever was: the history that the server disowns is replaced by its list.
  const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
  const listed = lists(proxy);
  proxy.inject(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
  await expect.poll(() => pods.lines.map(({ text }) => text).join('\n'), { timeout: 5_000 }).toContain('Pending');
  await pods.claims('live');
  await pods.equals(world);
  expect(lists(proxy)).toBe(listed + 1);
});
