import { describe, expect, it, onTestFinished } from 'vitest';
import { startWatchdog } from '../../../src/store/watchdog.ts';
import { fakeClock } from '../fake-clock.ts';

const start = () => {
  const clock = fakeClock(1_000_000);
  const log: string[] = [];
  const state = { stale: false, alive: true, asked: 0 };
  const end = startWatchdog({
    clock,
    anyStale: () => state.stale,
    alive: () => {
      state.asked++;
      return state.alive ? Promise.resolve() : Promise.reject(new Error('down'));
    },
    resume: () => log.push('resume'),
    wake: () => log.push('wake'),
  });
  onTestFinished(end);
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 2_000) {
      clock.advance(Math.min(left, 2_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { clock, log, state, end, pass };
};

describe('startWatchdog', () => {
  it('asks nothing while nothing is stale', async () => {
    const run = start();
    await run.pass(3_600_000);
    expect(run.state.asked).toBe(0);
    expect(run.log).toEqual([]);
  });

  it('resumes what is stale within one beat after the server is back, once', async () => {
    const run = start();
    run.state.stale = true;
    run.state.alive = false;
    await run.pass(20_000);
    expect(run.log).toEqual([]);
    run.state.alive = true;
    await run.pass(2_000);
    expect(run.log).toEqual(['resume']);
    await run.pass(60_000);
    expect(run.log).toEqual(['resume']);
  });

  it('leaves alone what is stale while the server lives', async () => {
    const run = start();
    run.state.stale = true;
    await run.pass(60_000);
    expect(run.log).toEqual([]);
  });

  it('wakes everything when the machine was asleep', () => {
    const run = start();
    const late = run.clock.now;
    run.clock.advance(2_000);
    run.clock.now = () => late() + 60_000;
    run.clock.advance(2_000);
    expect(run.log).toEqual(['wake']);
  });

  it('ends', async () => {
    const run = start();
    run.state.stale = true;
    run.end();
    await run.pass(60_000);
    expect(run.state.asked).toBe(0);
  });
});
