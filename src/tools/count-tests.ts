/** Reads the reports of the test runners into counts that can be added up. */

export type Count = { readonly passed: number; readonly failed: number; readonly skipped: number };

export const sum = (counts: readonly Count[]): Count => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
  skipped: counts.reduce((total, { skipped }) => total + skipped, 0),
});

/** What vitest's JSON reporter writes, as far as it is read here. */
type VitestReport = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly VitestResult[] }[];
};

type VitestResult = {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
};

/**
 * A file that did not load has no tests that failed, and an error outside of any test neither: each counts as one
 * failure, so that a run which was not green never adds up to green.
 */
export const countVitest = (report: string | undefined, exitCode: number): Count => {
  if (report === undefined) return { passed: 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    report,
  ) as VitestReport;
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failed = numFailedTests + unloaded.length;
  return {
    passed: numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: numPendingTests + numTodoTests,
  };
};

/** Tests that failed and then passed, each with what it failed by. */
export const unsteadyTests = (report: string | undefined): readonly string[] => {
  if (report === undefined) return [];
  const { testResults } = JSON.parse(report) as VitestReport;
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
    .map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n')}`);
};

type GoEvent = { readonly Action: string; readonly Package?: string; readonly Test?: string; readonly Output?: string };

const parseLine = (line: string): GoEvent[] => {
  try {
    return [JSON.parse(line) as GoEvent];
  } catch {
    // Build errors come as plain text between the events; the package's own event says that it failed.
    return [];
  }
};

/** Counts `go test -json`; `log` is the output of what failed. A package that failed without a test counts as one. */
export const countGo = (text: string): Count & { readonly log: string } => {
  const events = text.split('\n').flatMap(parseLine);
  const ended = (action: string, ofTest: boolean) =>
    events.filter(({ Action, Test }) => Action === action && (Test !== undefined) === ofTest);
  const failedTests = ended('fail', true);
  const broken = ended('fail', false).filter(
    ({ Package }) => !failedTests.some((failure) => failure.Package === Package),
  );
  const failures = new Set([...failedTests, ...broken].map(({ Package, Test }) => `${Package} ${Test}`));
  const log = events.filter(({ Package, Test, Action }) =>
    Action === 'build-output' ? true : Action === 'output' && failures.has(`${Package} ${Test}`),
  );
  return {
    passed: ended('pass', true).length,
    failed: failedTests.length + broken.length,
    skipped: ended('skip', true).length,
    log: log.map(({ Output }) => Output ?? '').join(''),
  };
};
