import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { createWorkers } from '../../../src/engine/workers.ts';
import { fakeClock } from '../fake-clock.ts';

const setUp = (code: string, codeCache?: string) => {
  const path = join(mkdtempSync(join(tmpdir(), 'kubectl-live-workers-')), 'engine.mjs');
  writeFileSync(path, code);
  const clock = fakeClock();
  const said: string[] = [];
  return {
    clock,
    said,
    workers: createWorkers({ url: pathToFileURL(path), codeCache, clock, onLog: (text) => said.push(text) }),
  };
};

/** A thread's start takes seconds where the machine has other work. */
const poll = (read: () => unknown) => expect.poll(read, { timeout: 10_000 });

const idle = `import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => undefined); console.log('up');`;

test('a worker started ahead is the one that is taken, and the next one is another', async () => {
  const { workers, said } = setUp(idle);
  workers.warm();
  workers.warm();
  await poll(() => said.join('')).toBe('up\n');
  const first = workers.take();
  const second = workers.take();
  expect(second).not.toBe(first);
  await poll(() => said.join('')).toBe('up\nup\n');
  workers.warm();
  const third = workers.take();
  await poll(() => said.join('')).toBe('up\nup\nup\n');
  await third.terminate();
  await Promise.all([first.terminate(), second.terminate()]);
});

test('nobody takes it: it ends', async () => {
  const { workers, clock, said } = setUp(idle);
  workers.warm();
  await poll(() => said.join('')).toBe('up\n');
  clock.advance(60_000);
  const taken = workers.take();
  await poll(() => said.join('')).toBe('up\nup\n');
  await taken.terminate();
});

test('one that cannot run is not handed out', async () => {
  const { workers, said } = setUp('throw new Error("broken")');
  workers.warm();
  await poll(() => said.join('')).toMatch(/could not be started ahead: broken/);
  const [error] = await once(workers.take(), 'error');
  expect(String(error)).toMatch(/broken/);
});

test('Node keeps the compiled code of workers where it is told, and of nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-live-code-'));
  const { workers, said } = setUp(
    `import { getCompileCacheDir } from 'node:module'; console.log(getCompileCacheDir());`,
    folder,
  );
  await once(workers.take(), 'exit');
  await poll(() => said.join('')).toContain(folder);
  expect(process.env.NODE_COMPILE_CACHE).toBeUndefined();
});
