import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addonCanExist, builtAddon, builtSidecar, platformName } from '../../../src/native/platform.ts';

test('a Linux is told by the interpreter of its Node', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-live-platform-'));
  const node = (interpreter: string): string => {
    const file = join(folder, 'node');
    writeFileSync(file, `\x7fELF${'\0'.repeat(600)}${interpreter}\0rest`);
    return file;
  };
  expect(platformName('linux', 'x64', node('/lib64/ld-linux-x86-64.so.2'))).toBe('linux-x64-gnu');
  expect(platformName('linux', 'arm64', node('/lib/ld-musl-aarch64.so.1'))).toBe('linux-arm64-musl');
  expect(platformName('linux', 'x64', join(folder, 'absent'))).toBe('linux-x64-gnu');
  rmSync(folder, { recursive: true });
});

test('others are told by their name', () => {
  expect(platformName('darwin', 'arm64', '')).toBe('darwin-arm64');
  expect(platformName('win32', 'x64', '')).toBe('win32-x64-msvc');
});

test('where Go cannot be loaded there is a sidecar only', () => {
  expect(['linux-x64-gnu', 'darwin-arm64', 'linux-x64-musl', 'win32-x64-msvc'].map(addonCanExist)).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(builtAddon('linux-x64-gnu')).toBe('dist/native/kubectl-live.linux-x64-gnu.node');
  expect(builtSidecar('win32-x64-msvc')).toBe('dist/native/kubectl-live-sidecar.exe');
});
