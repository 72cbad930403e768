import { PassThrough } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ClusterError } from '../../../src/util/error.ts';
import { readBody } from '../../../src/watch/answer.ts';
import { fakeClock } from '../fake-clock.ts';

const turn = () => pause(0);

const reading = (gatherMs: number | undefined, body = new PassThrough(), onChunk = (_: string): void => {}) => {
  const clock = fakeClock(1000);
  const seen: string[] = [];
  const gather = gatherMs === undefined ? {} : { gather: { ms: gatherMs, after: clock.after } };
  const done = readBody({ status: 200, headers: {}, body }, { sliceMs: 3, now: clock.now, ...gather }, (chunk) => {
    seen.push(Buffer.from(chunk).toString());
    onChunk(Buffer.from(chunk).toString());
  });
  done.catch(() => {});
  const write = async (text: string) => {
    body.write(text);
    await turn();
  };
  return { clock, seen, done, body, write };
};

test('the first bytes are handed over at once, what follows within the time together', async () => {
  const { clock, seen, body, write, done } = reading(12);
  await write('a');
  expect(seen).toEqual(['a']);
  await write('b');
  clock.advance(5);
  await write('c');
  expect(seen).toEqual(['a']);
  clock.advance(7);
  expect(seen).toEqual(['a', 'bc']);
  clock.advance(100);
  await write('d');
  expect(seen).toEqual(['a', 'bc', 'd']);
  body.end();
  await done;
});

test('a long burst does not wait', async () => {
  const { seen, write } = reading(12);
  await write('a');
  await write('b'.repeat(300 * 1024));
  expect(seen.join('').length).toBe(300 * 1024 + 1);
});

test('what was gathered counts, however the body ends', async () => {
  const ended = reading(12);
  await ended.write('a');
  ended.body.end('b');
  await ended.done;
  expect(ended.seen).toEqual(['a', 'b']);
  const broken = reading(12);
  await broken.write('a');
  await broken.write('b');
  broken.body.destroy(new ClusterError('timeout', 'silence'));
  await expect(broken.done).rejects.toMatchObject({ code: 'timeout' });
  expect(broken.seen).toEqual(['a', 'b']);
  const cut = reading(undefined);
  await cut.write('a');
  cut.body.destroy();
  await expect(cut.done).rejects.toMatchObject({ code: 'unreachable' });
});

test('a body that broke off before anybody read it is an error, not a silence', async () => {
  const body = new PassThrough();
  body.on('error', () => {});
  body.destroy(new ClusterError('cancelled', 'gone'));
  await turn();
  await expect(reading(undefined, body).done).rejects.toMatchObject({ code: 'cancelled' });
});

test('what the reader throws ends the body, and nothing more is handed over', async () => {
  const { clock, seen, body, write, done } = reading(12, new PassThrough(), (chunk) => {
    if (chunk !== 'a') throw new ClusterError('expired', 'too old');
  });
  await write('a');
  await write('b');
  clock.advance(12);
  await expect(done).rejects.toMatchObject({ code: 'expired' });
  expect(body.destroyed).toBe(true);
  clock.advance(100);
  expect(seen).toEqual(['a', 'b']);
});

test('the loop breathes while a long body is worked on, and the body waits', async () => {
  const body = new PassThrough({ highWaterMark: 1 << 20 });
  const order: string[] = [];
  const { clock, done } = reading(undefined, body, (chunk) => {
    order.push(chunk);
    clock.advance(2);
  });
  for (const letter of 'abcdef') body.write(letter);
  body.end();
  setImmediate(() => order.push('turn'));
  await done;
  expect(order.filter((each) => each !== 'turn')).toEqual([...'abcdef']);
  expect(order.indexOf('turn')).toBeLessThan(order.length - 1);
});
