import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { watchKubeconfig } from '../../../src/cluster/kubeconfig-watch.ts';
import { systemClock } from '../../../src/util/clock.ts';

/** A file that is not there yet, and how often a change of it was told. */
const setUp = (since: number, path = join(mkdtempSync(join(tmpdir(), 'kubectl-live-watch-')), 'token')) => {
  let changes = 0;
  const onChange = (): void => {
    changes++;
  };
  const end = watchKubeconfig({ paths: [path], since, clock: systemClock, onChange, onLog: () => undefined });
  onTestFinished(() => {
    end();
    rmSync(join(path, '..'), { recursive: true, force: true });
  });
  return { path, changes: () => changes };
};

test('what was written before anybody listened counts from the time that is named', async () => {
  const began = Date.now();
  const { path } = setUp(began);
  writeFileSync(path, 'a');
  const later = setUp(began, path);
  await expect.poll(later.changes, { timeout: 5_000 }).toBe(1);
});

test('what was written before that time does not', async () => {
  const { path } = setUp(0);
  writeFileSync(path, 'a');
  const { changes } = setUp(Date.now() + 60_000, path);
  const both = setUp(0, path);
  // Armed at the same time, and told what the first is not.
  await expect.poll(both.changes, { timeout: 5_000 }).toBe(1);
  expect(changes()).toBe(0);
  await expect
    .poll(
      () => {
        writeFileSync(path, String(Math.random()));
        return changes();
      },
      { timeout: 5_000, interval: 500 },
    )
    .toBeGreaterThan(0);
});
