import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('without Go the build says what to install and what is used instead', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'kubectl-live-build-'));
  const tool = join(import.meta.dirname, '..', '..', '..', 'src', 'tools', 'build-native.ts');
  const { code, stderr, stdout } = await new Promise<{ code: unknown; stderr: string; stdout: string }>((resolve) =>
    execFile(
      process.execPath,
      [tool],
      { env: { ...process.env, NODE_OPTIONS: '', PATH: '', KUBECTL_LIVE_CACHE: cache } },
      (error, stdout, stderr) => resolve({ code: error?.code, stderr, stdout }),
    ),
  );
  rmSync(cache, { recursive: true, force: true });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('no `go` on PATH');
  expect(stderr).toContain('Install Go');
  expect(stderr).toContain('the kubectl program on PATH');
});
