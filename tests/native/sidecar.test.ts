import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { loadSidecar } from '../../src/native/sidecar.ts';
import { adminSpec, type Loaded, sidecarPath, target, until } from './lab.ts';

const settings = target('configmaps', 'ConfigMap', 'kube-root-ca.crt', { namespace: 'default' });

/** The sidecars that this process has started, by Linux's process table. */
const sidecars = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, 'utf8');
        const ours = new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(status);
        return (
          ours && !/^State:\s+Z/m.test(status) && readFileSync(`/proc/${name}/cmdline`, 'utf8').startsWith(sidecarPath)
        );
      } catch {
        return false; // it ended meanwhile
      }
    })
    .map(Number);

let native: Loaded | undefined;
afterEach(() => native?.dispose());

test('one that is killed fails its calls and is started anew by the next', async () => {
  native = await loadSidecar(sidecarPath);
  const client = native.client(adminSpec());
  const [pid] = sidecars();
  if (pid === undefined) throw new Error('there is no sidecar');
  const calls = Array.from({ length: 5 }, () => client.describe(settings));
  process.kill(pid, 'SIGKILL');
  for (const outcome of await Promise.allSettled(calls)) {
    // Some may have been answered before the signal came.
    if (outcome.status === 'rejected') {
      expect(outcome.reason).toMatchObject({ code: 'internal', message: expect.stringContaining('SIGKILL') });
    }
  }
  await until(() => (sidecars().includes(pid) ? undefined : true));
  await expect(client.describe(settings)).resolves.toContain('kube-root-ca.crt');
  expect(sidecars()).toHaveLength(1);
});

test('disposed it ends', async () => {
  native = await loadSidecar(sidecarPath);
  expect(sidecars()).toHaveLength(1);
  native.dispose();
  await until(() => (sidecars().length === 0 ? true : undefined));
});
