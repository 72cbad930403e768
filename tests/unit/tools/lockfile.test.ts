import { describe, expect, it } from 'vitest';
import { lockProblems, missingEntries } from '../../../src/tools/setup/lockfile.cjs';

const lockWith = (optionalDependencies: Record<string, string>) => ({
  packages: { 'node_modules/cli': { version: '1.0.0', dev: true, optionalDependencies } },
});

describe('missingEntries', () => {
  it('reads the platform off the name', () => {
    expect(missingEntries(lockWith({ '@scope/cli-linux-arm64-musl': '1.0.0' }))).toEqual({
      'node_modules/@scope/cli-linux-arm64-musl': {
        version: '1.0.0',
        dev: true,
        optional: true,
        os: ['linux'],
        cpu: ['arm64'],
        libc: ['musl'],
      },
    });
  });

  it('tells arm from arm64 and win32 from a processor', () => {
    const entries = missingEntries(lockWith({ 'a-linux-arm-gnueabihf': '1.0.0', 'a-win32-ia32-msvc': '1.0.0' }));
    expect(Object.values(entries).map(({ os, cpu, libc }) => [os, cpu, libc])).toEqual([
      [['linux'], ['arm'], ['glibc']],
      [['win32'], ['ia32'], undefined],
    ]);
  });

  it('leaves alone what the lock has, also nested, and what is no exact version', () => {
    const lock = lockWith({ nested: '1.0.0', fsevents: '~2.3.3' });
    const packages = { ...lock.packages, 'node_modules/cli/node_modules/nested': { version: '1.0.0' } };
    expect(missingEntries({ packages })).toEqual({});
  });
});

describe('package-lock.json', () => {
  it('is complete for every platform and names no download address', () => {
    expect(lockProblems()).toEqual([]);
  });
});
