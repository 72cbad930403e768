import { expect, test } from 'vitest';
import { createSender } from '../../../src/frame/sender.ts';
import type { Line, LineBlocks } from '../../../src/protocol/line.ts';
import type { Frame } from '../../../src/protocol/wire.ts';
import { fakeClock } from '../fake-clock.ts';

const lines = (count: number, text = 'x'): Line[] =>
  Array.from({ length: count }, (_, index) => ({ key: `k${index}`, text: `${text}${index}`, code: '' }));

const blocks = (count: number, text = 'x'): LineBlocks => [lines(count, text)];

const setUp = () => {
  const clock = fakeClock();
  const frames: Frame[] = [];
  const sender = createSender({ view: 7, clock, send: (frame) => frames.push(frame) });
  return { clock, frames, sender };
};

test('a long list goes in chunks of 500 lines, each after the ack of the one before', () => {
  const { frames, sender } = setUp();
  sender.update(blocks(1200), 1);
  expect(frames).toHaveLength(1);
  expect(frames[0]?.last).toBe(false);
  sender.ack(1, 1);
  sender.ack(2, 1);
  expect(frames.map((frame) => frame.splices[0]?.count)).toEqual([500, 500, 200]);
  expect(frames.at(-1)).toMatchObject({ total: 1200, last: true });
});

test('while a frame is unacknowledged newer states replace each other', () => {
  const { clock, frames, sender } = setUp();
  sender.update(blocks(3, 'a'), 1);
  for (let step = 0; step < 50; step++) sender.update(blocks(3, `b${step}-`), 1);
  clock.advance(10_000);
  expect(frames).toHaveLength(1);
  sender.ack(1, 1);
  expect(frames).toHaveLength(2);
  expect(frames[1]?.splices[0]?.text).toContain('b49-0');
});

test('complete views are drawn at most 30 times a second', () => {
  const { clock, frames, sender } = setUp();
  sender.update(blocks(2, 'a'), 1);
  sender.ack(1, 1);
  sender.update(blocks(2, 'b'), 1);
  expect(frames).toHaveLength(1);
  clock.advance(33);
  expect(frames).toHaveLength(2);
});

test('resend replaces the whole buffer even when nothing changed', () => {
  const { frames, sender } = setUp();
  sender.update(blocks(2), 1);
  sender.ack(1, 1);
  sender.resend();
  expect(frames[1]?.splices[0]).toMatchObject({ start: 0, removed: -1, count: 2 });
});

test('an acknowledgement of an earlier session counts for nothing', () => {
  const { frames, sender } = setUp();
  sender.update(blocks(1200), 5);
  sender.ack(1, 4);
  expect(frames).toHaveLength(1);
  sender.ack(1, 5);
  expect(frames).toHaveLength(2);
});

test('after dispose nothing is sent', () => {
  const { clock, frames, sender } = setUp();
  sender.dispose();
  sender.update(blocks(2), 1);
  clock.advance(1000);
  expect(frames).toHaveLength(0);
});

test('a screen that is not full yet does not wait for the next thirtieth of a second', () => {
  const { clock, frames, sender } = setUp();
  sender.update(blocks(3), 1, { urgent: true });
  sender.ack(1, 1);
  sender.update(blocks(5), 1, { urgent: true });
  expect(frames).toHaveLength(2);
  sender.update(blocks(9), 1, { urgent: true });
  expect(frames).toHaveLength(2);
  sender.ack(2, 1);
  expect(frames.map(({ total }) => total)).toEqual([3, 5, 9]);
  sender.ack(3, 1);
  // Urgency ends with the frame it was for; one that waits already is overtaken.
  sender.update(blocks(12), 1);
  expect(frames).toHaveLength(3);
  sender.update(blocks(13), 1, { urgent: true });
  expect(frames).toHaveLength(4);
  sender.ack(4, 1);
  clock.advance(1000);
  expect(frames).toHaveLength(4);
});

test('of what is partial the last frame says when it is whole, also when nothing else changed', () => {
  const { clock, frames, sender } = setUp();
  sender.update(blocks(2), 1, { partial: true });
  expect(sender.current).toBe(true);
  sender.ack(1, 1);
  sender.update(blocks(2), 1, { partial: true });
  clock.advance(33);
  expect(frames).toHaveLength(1);
  sender.update(blocks(2), 1);
  expect(sender.current).toBe(true);
  expect(frames).toMatchObject([{ partial: true }, { splices: [], total: 2, last: true }]);
  expect(frames[1]).not.toHaveProperty('partial');
});

test('who waits until all is on its way is told when its last chunk goes', () => {
  const clock = fakeClock();
  const told: boolean[] = [];
  const sender = createSender({ view: 7, clock, send: () => undefined, onCurrent: () => told.push(sender.current) });
  sender.update(blocks(1200), 1);
  sender.ack(1, 1);
  sender.ack(2, 1);
  expect(told).toEqual([false, false, true]);
});
