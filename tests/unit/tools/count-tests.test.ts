import { describe, expect, it } from 'vitest';
import { countGo, countVitest, sum, unsteadyTests } from '../../../src/tools/count-tests.ts';

const report = (fields: Record<string, unknown>): string =>
  JSON.stringify({
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [],
    ...fields,
  });

describe('countVitest', () => {
  it('takes the counts of a report', () => {
    const text = report({ numPassedTests: 3, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1 });
    expect(countVitest(text, 1)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  it('counts a file that did not load as a failure', () => {
    const text = report({ numPassedTests: 3, testResults: [{ status: 'failed', assertionResults: [] }] });
    expect(countVitest(text, 1)).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });

  it('never calls a run green that ended with an error', () => {
    expect(countVitest(report({ numPassedTests: 3 }), 1).failed).toBe(1);
    expect(countVitest(undefined, 1).failed).toBe(1);
  });

  it('lets a run without any test pass', () => {
    expect(countVitest(undefined, 0)).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});

describe('unsteadyTests', () => {
  it('names those that passed after they had failed, with why', () => {
    const results = [
      { fullName: 'steady', status: 'passed', failureMessages: [] },
      { fullName: 'faults at times', status: 'passed', failureMessages: ['Error: not yet'] },
      { fullName: 'broken', status: 'failed', failureMessages: ['Error: no', 'Error: no'] },
    ];
    const text = report({ testResults: [{ status: 'failed', assertionResults: results }] });
    expect(unsteadyTests(text)).toEqual(['faults at times\nError: not yet']);
    expect(unsteadyTests(undefined)).toEqual([]);
  });
});

describe('countGo', () => {
  const events = (...list: Record<string, string>[]): string => list.map((event) => JSON.stringify(event)).join('\n');

  it('counts tests and keeps the output of those that failed', () => {
    const text = events(
      { Action: 'pass', Package: 'a', Test: 'TestOne' },
      { Action: 'skip', Package: 'a', Test: 'TestTwo' },
      { Action: 'output', Package: 'a', Test: 'TestOne', Output: 'fine\n' },
      { Action: 'output', Package: 'a', Test: 'TestThree', Output: 'not fine\n' },
      { Action: 'fail', Package: 'a', Test: 'TestThree' },
      { Action: 'fail', Package: 'a' },
    );
    expect(countGo(text)).toEqual({ passed: 1, failed: 1, skipped: 1, log: 'not fine\n' });
  });

  it('counts a package that does not compile as a failure', () => {
    const text = `${events({ Action: 'build-output', Output: 'x.go:1: no\n' })}\nplain text\n${events({ Action: 'fail', Package: 'a' })}`;
    expect(countGo(text)).toEqual({ passed: 0, failed: 1, skipped: 0, log: 'x.go:1: no\n' });
  });
});

describe('sum', () => {
  it('adds up', () => {
    expect(
      sum([
        { passed: 1, failed: 2, skipped: 3 },
        { passed: 10, failed: 20, skipped: 30 },
      ]),
    ).toEqual({
      passed: 11,
      failed: 22,
      skipped: 33,
    });
  });
});
