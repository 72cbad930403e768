import { fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addonFile, adminSpec, sidecarPath, until } from './lab.ts';

type End = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: unknown;
  readonly stdout: string;
  readonly stderr: string;
};

const start = (way: string, life: string) => {
  const child = fork(join(import.meta.dirname, 'programs', 'life.ts'), [life], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      NATIVE_WAY: way,
      NATIVE_FILE: way === 'addon' ? addonFile : sidecarPath,
      NATIVE_SPEC: JSON.stringify(adminSpec()),
    },
  });
  let stdout = '';
  let stderr = '';
  let said: unknown;
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  child.on('message', (message) => {
    said = message;
  });
  const end = new Promise<End>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, said, stdout, stderr })),
  );
  return { child, end, said: () => said };
};

/** The lives of a process that end well: nothing said on stdout and stderr, exit code 0. */
const well = async (way: string, life: string): Promise<unknown> => {
  const { code, signal, said, stdout, stderr } = await start(way, life).end;
  expect({ code, signal, stdout, stderr }).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  return said;
};

/** Sidecars started by a process, by Linux's process table. */
const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return (
          Number(
            readFileSync(`/proc/${name}/stat`, 'utf8')
              .replace(/^.*\) \S /s, '')
              .split(' ')[0],
          ) === pid
        );
      } catch {
        return false; // it ended meanwhile
      }
    })
    .map(Number);

const alive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe.each(['addon', 'sidecar'])('a process with the %s', (way) => {
  test('waits for what is under way, then ends by itself', async () => {
    expect(await well(way, 'waits')).toBe(3);
  });

  test('ends by itself when nothing is under way', async () => {
    expect(await well(way, 'idle')).toBe('loaded');
  });

  test('exits with 20 calls under way', async () => {
    await well(way, 'exits');
  });

  test('may do it all in a worker', async () => {
    expect(await well(way, 'worker')).toBe('answered');
  });

  test('stays healthy when workers are terminated with 50 calls under way', async () => {
    expect(await well(way, 'terminated')).toBe(true);
  });

  test('may use it in two threads at once', async () => {
    expect(await well(way, 'both')).toBe(20);
  });

  test.for(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('ends by %s, and leaves nobody behind', async (signal) => {
    const { child, end, said } = start(way, 'stays');
    await until(() => (said() === undefined ? undefined : true));
    const children = childrenOf(child.pid ?? 0);
    expect(children).toHaveLength(way === 'sidecar' ? 1 : 0);
    child.kill(signal);
    expect(await end).toMatchObject({ signal, stdout: '', stderr: '' });
    await until(() => (children.some(alive) ? undefined : true));
  });
});
