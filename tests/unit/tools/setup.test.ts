import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newEnough } from '../../../src/tools/setup/neovim.cjs';
import { contentKey, listFiles } from '../../../src/tools/setup/paths.cjs';
import { sweepLabs } from '../../../src/tools/setup/sweep.cjs';

describe('Neovim', () => {
  it('is new enough from 0.10 on', () => {
    expect(['0.9', '0.10', '0.11', '1.0', undefined].map(newEnough)).toEqual([false, true, true, true, false]);
  });
});

describe('contentKey', () => {
  it('depends on content and salt, and ignores what is absent', () => {
    const key = contentKey(['src/tools/setup']);
    expect(key).toMatch(/^[0-9a-f]{16}$/);
    expect(contentKey(['src/tools/setup', 'not-there'])).toBe(key);
    expect(contentKey(['src/tools/setup'], { salt: 'x' })).not.toBe(key);
    expect(contentKey(['src/tools/setup'], { keep: (file) => !file.endsWith('run.cjs') })).not.toBe(key);
  });

  it('sees files in a stable order', () => {
    const files = listFiles('src/tools/setup', (file) => file.endsWith('.cjs'));
    expect(files).toContain('src/tools/setup/paths.cjs');
    expect(files).toEqual([...files].sort());
  });
});

describe('withLock', () => {
  let cache = '';
  const lock = join(import.meta.dirname, '../../../src/tools/setup/lock.cjs');
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'kubectl-live-'));
  });
  afterEach(() => {
    rmSync(cache, { recursive: true });
  });

  /** Runs a script with `withLock` in a process of its own: the lock is between processes. */
  const run = (script: string) =>
    spawnSync(process.execPath, ['-e', `const { withLock } = require(${JSON.stringify(lock)}); ${script}`], {
      env: { ...process.env, KUBECTL_LIVE_CACHE: cache },
      encoding: 'utf8',
    });

  it('lets one process at a time in', { timeout: 60_000 }, () => {
    const log = join(cache, 'log');
    const write = (word: string) => `require('node:fs').appendFileSync(${JSON.stringify(log)}, '${word} ');`;
    const work = `new Promise((done) => { ${write('in')} setTimeout(() => { ${write('out')} done(); }, 100); })`;
    const holder = `const { withLock } = require(${JSON.stringify(lock)}); withLock('x', () => ${work});`;
    run(`for (let n = 0; n < 2; n += 1)
      require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(holder)}], { stdio: 'inherit' });`);
    expect(readFileSync(log, 'utf8')).toBe('in out in out ');
  });

  it('takes a lock whose holder died, or has not touched it for long', { timeout: 60_000 }, () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const prepare = (pid: number, age: number) => {
      run("withLock('x', async () => {})");
      const file = join(cache, 'locks', 'x');
      writeFileSync(file, String(pid));
      const then = new Date(Date.now() - age);
      utimesSync(file, then, then);
    };
    for (const [pid, age] of [
      [dead, 0],
      [process.pid, 60_000],
    ] as const) {
      prepare(pid, age);
      expect(run("withLock('x', async () => console.log('mine'))").stdout).toBe('mine\n');
    }
  });
});

describe('sweepLabs', () => {
  const now = 1_800_000_000_000;
  let labs = '';
  beforeEach(() => {
    labs = mkdtempSync(join(tmpdir(), 'kubectl-live-labs-'));
  });
  afterEach(() => {
    rmSync(labs, { recursive: true });
  });

  const lab = (name: string, hours: number, supervisor?: number) => {
    const folder = join(labs, name);
    mkdirSync(join(folder, 'logs'), { recursive: true });
    if (supervisor !== undefined) {
      writeFileSync(join(folder, 'lab.json'), JSON.stringify({ name, pids: { supervisor } }));
    }
    const then = new Date(now - hours * 3_600_000);
    utimesSync(folder, then, then);
  };

  it('removes what is left of labs that died, but the newest, the living, the young and those with a name', () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    for (let hours = 2; hours <= 7; hours += 1) lab(`outage-0000${hours}`, hours);
    lab('test-00abc', 8);
    lab('faults-31874', 9, dead);
    lab('bench-426', 10, process.pid);
    lab('demo', 11);
    lab('deva', 12);
    lab('my-test-12345', 13);
    lab('test-prod', 14);
    expect(sweepLabs(labs, now).sort()).toEqual(['faults-31874', 'test-00abc']);
    expect(readdirSync(labs)).toHaveLength(11);
    expect(readdirSync(labs)).toEqual(
      expect.arrayContaining(['bench-426', 'demo', 'deva', 'my-test-12345', 'test-prod']),
    );
  });

  it('leaves all that are young, however many, and does without a folder', () => {
    for (let n = 0; n < 10; n += 1) lab(`test-0000${n}`, 0.5);
    expect(sweepLabs(labs, now)).toEqual([]);
    expect(sweepLabs(join(labs, 'none'), now)).toEqual([]);
  });
});
