import { describe, expect, it, onTestFinished } from 'vitest';
import { type Question, startWatchdog } from '../../../src/store/watchdog.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { fakeClock } from '../fake-clock.ts';

const start = () => {
  const clock = fakeClock(1_000_000);
  const log: string[] = [];
  const state = { stale: false, live: false, heardAt: Number.NEGATIVE_INFINITY, answerMs: 0 };
  const questions: (Question & { readonly at: number })[] = [];
  let error: ClusterError | undefined;
  const end = startWatchdog({
    clock,
    condition: () => state,
    // A server that answers after `answerMs`, or, with Infinity, never.
    alive: (question) =>
      new Promise((resolve, reject) => {
        questions.push({ ...question, at: clock.now() - 1_000_000 });
        if (error !== undefined) reject(error);
        else if (state.answerMs === 0) resolve();
        else if (state.answerMs < question.timeoutMs) clock.after(state.answerMs, resolve);
        else clock.after(question.timeoutMs, () => reject(new ClusterError('timeout', 'no answer')));
      }),
    doubt: (why, since) => log.push(`doubt since ${since - 1_000_000}: ${why.message}`),
    trust: () => log.push('trust'),
    resume: () => log.push('resume'),
    wake: () => log.push('wake'),
  });
  onTestFinished(end);
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 1_000) {
      clock.advance(Math.min(left, 1_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const fail = (why: ClusterError | undefined) => {
    error = why;
  };
  return { clock, log, state, questions, fail, end, pass };
};

const refused = new ClusterError('unreachable', 'refused');
const hour = 3_600_000;

describe('startWatchdog', () => {
  it('asks nothing while nothing is shown', async () => {
    const run = start();
    await run.pass(hour);
    expect(run.questions).toEqual([]);
    expect(run.log).toEqual([]);
  });

  it('asks nothing while the watches bring something, and every 8 s while they are silent', async () => {
    const run = start();
    run.state.live = true;
    for (let second = 0; second < 60; second++) {
      run.state.heardAt = run.clock.now();
      await run.pass(1_000);
    }
    expect(run.questions).toEqual([]);
    await run.pass(60_000);
    expect(run.questions.length).toBeGreaterThanOrEqual(6);
    expect(run.questions.length).toBeLessThanOrEqual(8);
    expect(run.log).toEqual([]);
  });

  it('doubts what is live when the server falls silent, within 14 s and dated back, and resumes it when it is back', async () => {
    const run = start();
    run.state.live = true;
    run.state.heardAt = run.clock.now();
    run.state.answerMs = Number.POSITIVE_INFINITY;
    await run.pass(14_000);
    expect(run.log).toEqual(['doubt since 0: the server does not answer']);
    await run.pass(60_000);
    expect(run.log).toHaveLength(1);
    // Later questions open a connection each, one a beat and never more than four at a time.
    const later = run.questions.filter(({ at }) => at > 30_000);
    expect(later.every(({ fresh, timeoutMs }) => fresh && timeoutMs === 7_000)).toBe(true);
    expect(later.length).toBeGreaterThanOrEqual(20);
    expect(later.length).toBeLessThanOrEqual(23);
    run.state.answerMs = 0;
    await run.pass(2_000);
    expect(run.log.at(-1)).toBe('resume');
    await run.pass(6_000);
    expect(run.log).toHaveLength(2);
  });

  it('trusts again what was doubted because the server was slow, and is more patient the next time', async () => {
    const run = start();
    run.state.live = true;
    run.state.answerMs = 6_000;
    await run.pass(16_000);
    expect(run.log).toEqual(['doubt since 0: the server does not answer', 'trust']);
    await run.pass(120_000);
    expect(run.log).toHaveLength(2);
  });

  it('waits for an answer that takes 12 s, and loses no connection over it', async () => {
    const run = start();
    run.state.live = true;
    run.state.answerMs = 12_000;
    await run.pass(120_000);
    expect(run.log).toEqual(['doubt since 0: the server does not answer', 'trust']);
  });

  it('does not doubt a watch that brings something while the question waits', async () => {
    const run = start();
    run.state.live = true;
    run.state.answerMs = Number.POSITIVE_INFINITY;
    await run.pass(9_000);
    expect(run.questions).toHaveLength(1);
    run.state.heardAt = run.clock.now();
    await run.pass(7_000);
    expect(run.log).toEqual([]);
  });

  it('takes a server that calls itself ill for one that is there', async () => {
    const run = start();
    run.state.live = true;
    run.fail(new ClusterError('unreachable', '[-]etcd failed', { status: 500 }));
    await run.pass(60_000);
    expect(run.log).toEqual([]);
  });

  it('resumes what is stale within one beat after the server is back, once', async () => {
    const run = start();
    run.state.stale = true;
    run.fail(refused);
    await run.pass(20_000);
    expect(run.log.filter((entry) => !entry.startsWith('doubt'))).toEqual([]);
    run.fail(undefined);
    await run.pass(2_000);
    expect(run.log.at(-1)).toBe('resume');
    await run.pass(60_000);
    expect(run.log.filter((entry) => entry === 'resume')).toHaveLength(1);
  });

  it('leaves alone what is stale while the server lives, and asks no more than of what is live', async () => {
    const run = start();
    run.state.stale = true;
    await run.pass(60_000);
    expect(run.log).toEqual([]);
    expect(run.questions.length).toBeLessThanOrEqual(9);
  });

  it('doubts and wakes everything when the machine was asleep, dated back to before', async () => {
    const run = start();
    run.state.live = true;
    await run.pass(2_000);
    const late = run.clock.now;
    run.clock.now = () => late() + 60_000;
    await run.pass(2_000);
    expect(run.log).toEqual(['doubt since 0: this machine was asleep, reconnecting', 'wake']);
  });

  it('is not misled by a clock that is set back an hour', async () => {
    const run = start();
    run.state.live = true;
    run.state.heardAt = run.clock.now();
    const now = run.clock.now;
    run.clock.now = () => now() - hour;
    run.state.answerMs = Number.POSITIVE_INFINITY;
    await run.pass(18_000);
    expect(run.log).toEqual([`doubt since ${2_000 - hour}: the server does not answer`]);
  });

  it('ends', async () => {
    const run = start();
    run.state.stale = true;
    run.end();
    await run.pass(60_000);
    expect(run.questions).toEqual([]);
  });
});
