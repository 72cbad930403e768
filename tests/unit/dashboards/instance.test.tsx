import './colour.ts';
import { Text, useWindowSize } from 'ink';
import { type ReactNode, useState } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import type { Dashboard, DashboardProps } from '../../../src/dashboards/dashboard.ts';
import { useKeys } from '../../../src/dashboards/use-keys.ts';
import { type Mounted, type MountOptions, mount } from './mount.ts';

const Counter = ({ close }: DashboardProps): ReactNode => {
  const [count, setCount] = useState(0);
  const [last, setLast] = useState('');
  const { columns, rows } = useWindowSize();
  const problem = useKeys((key) => {
    if (key.name === 'x') throw new Error('x is broken');
    if (key.name === 'q') close();
    if (key.name === 'j') setCount((before) => before + 1);
    setLast(`${key.ctrl ? 'C-' : ''}${key.name}`);
  });
  if (last === '!') throw new Error('cannot draw');
  return (
    <>
      <Text>{`count ${count} last ${JSON.stringify(last)} size ${columns}x${rows}`}</Text>
      <Text color="#9ece6a">{problem ?? 'fine'}</Text>
    </>
  );
};

const counter: Dashboard = { name: 'counter', title: () => 'counter', component: Counter };

const mounted: Mounted[] = [];
const open = (options: Partial<MountOptions> = {}): Mounted => {
  const one = mount(counter, { columns: 60, rows: 4, ...options });
  mounted.push(one);
  return one;
};

afterEach(() => {
  for (const one of mounted.splice(0)) one.dispose();
});

describe('an instance', () => {
  it('takes ten keys of one message as ten keys', async () => {
    const one = open();
    one.key('j'.repeat(10));
    await one.until((text) => text.includes('count 10 '));
  });

  it('takes ten keys of ten messages as ten keys', async () => {
    const one = open();
    for (let index = 0; index < 10; index++) one.key('j');
    await one.until((text) => text.includes('count 10 '));
  });

  it('knows keys by name', async () => {
    const one = open();
    for (const [bytes, name] of [
      ['\u001b[A', 'up'],
      ['\u001b', 'escape'],
      ['\r', 'return'],
      ['\u001b[6~', 'pagedown'],
      ['\t', 'tab'],
      ['\u007f', 'backspace'],
      ['\u0004', 'C-d'],
      ['G', 'G'],
    ] as const) {
      one.key(bytes);
      await one.until((text) => text.includes(`last "${name}"`));
    }
  });

  it('does not glue a key to an escape before it', async () => {
    const one = open();
    one.key('\u001b');
    one.key('j');
    await one.until((text) => text.includes('count 1 last "j"'));
  });

  it('shows what a key handler threw, and lives on', async () => {
    const one = open();
    one.key('x');
    await one.until((text) => text.includes('The key "x" failed: x is broken'));
    one.key('j');
    await one.until((text) => text.includes('count 1 ') && text.includes('fine'));
    expect(one.ended).toEqual([]);
  });

  it('ends with a sentence when it cannot be drawn', async () => {
    const one = open();
    one.key('!');
    await expect
      .poll(() => one.ended)
      .toEqual(['The dashboard counter failed while drawing: cannot draw. Open it again.']);
  });

  it('ends without a word when the user closes it', async () => {
    const one = open();
    one.key('q');
    await expect.poll(() => one.ended).toEqual([undefined]);
    const { frames } = one.screen;
    one.key('j');
    await one.quiet();
    expect(one.screen.frames).toBe(frames);
  });

  it('draws again in the new size', async () => {
    const one = open();
    one.resize(44, 9);
    await one.until((text) => text.includes('size 44x9'));
  });

  it('sends at most two frames to a blocked editor, and the newest when it is back', async () => {
    const one = open();
    await one.quiet();
    const { frames } = one.screen;
    one.editor.blocked = true;
    for (let index = 0; index < 50; index++) {
      one.key('j');
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await one.quiet();
    expect(one.screen.frames - frames).toBeLessThanOrEqual(2);
    one.editor.blocked = false;
    one.ack(one.editor.unanswered);
    await one.until((text) => text.includes('count 50 '));
  });

  it('draws colours', async () => {
    const one = open();
    await one.quiet();
    expect(one.screen.styleAt(1, 0)).toBe('38;2;158;206;106');
  });

  it('runs beside others without touching them', async () => {
    const [a, b] = [open(), open()];
    a.key('jj');
    b.key('j');
    await a.until((text) => text.includes('count 2 '));
    await b.until((text) => text.includes('count 1 '));
  });
});
