/** Faults as they are seen in a real editor with a real backend. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openTable, rowsOf, withEditor } from '../e2e/support.ts';
import type { Editor } from '../lua/harness.ts';
import { patience } from '../patience.ts';
import type { FaultProxy } from './proxy.ts';
import { lists, type World, worldBehindProxy } from './support.ts';

/** A kubeconfig whose context `ok` leads through the proxy; the others have a login each. */
const kubeconfigFor = (proxy: FaultProxy, users: Readonly<Record<string, object>> = {}): string => {
  const directory = mkdtempSync(join(tmpdir(), 'kubectl-live-faults-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'config');
  const logins = Object.entries({ ok: {}, ...users });
  writeFileSync(
    path,
    JSON.stringify({
      'current-context': 'ok',
      clusters: [{ name: 'c', cluster: { server: proxy.url } }],
      users: logins.map(([name, user]) => ({ name, user })),
      contexts: logins.map(([name]) => ({ name, context: { cluster: 'c', user: name } })),
    }),
  );
  return path;
};

const exec = (script: string, more: object = {}) => ({
  exec: {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: ['-e', script],
    interactiveMode: 'IfAvailable',
    ...more,
  },
});

/** Waits until the rows of the current table are the pods of a fresh list. */
const equals = async (editor: Editor, world: World, timeout = 5_000): Promise<void> => {
  const names = async () => (await rowsOf(editor)).map((row) => row.name).toSorted();
  await expect.poll(names, { timeout, interval: 50 }).toEqual(await world.names());
};

it('21. a login plugin that hangs says what it waits for, others say what is wrong; other contexts do not wait', async () => {
  const { world, proxy } = await worldBehindProxy();
  const users = {
    hang: exec(`console.error('Open https://login.test and enter ABC-123'); setInterval(() => {}, 1000)`),
    asks: exec(
      `process.stdin.on('data', () => {}).on('end', () => { console.error('nobody answered'); process.exit(2); })`,
    ),
    rubbish: exec(`console.log('<html>Welcome</html>')`),
    missing: exec('', { command: 'no-such-login', installHint: 'Install it with brew.' }),
  };
  await withEditor(
    async (editor) => {
      await editor.command(`Kubectl get pods --context=hang -n ${world.namespace}`);
      await editor.reports('Waiting for the login plugin of context "hang"', 4_000);
      await editor.reports('Open https://login.test and enter ABC-123', 4_000);
      const begun = Date.now();
      await openTable(editor, `get pods --context=ok -n ${world.namespace}`);
      await equals(editor, world);
      expect(Date.now() - begun).toBeLessThan(8_000 * patience);
      for (const [context, words] of [
        ['asks', /failed with exit code 2: nobody answered/],
        ['rubbish', /printed something that is not JSON/],
        ['missing', /was not found: no-such-login/],
      ] as const) {
        await editor.command(`Kubectl get pods --context=${context} -n ${world.namespace}`);
        await editor.shows(words, 5_000);
      }
      // The one that hangs still does, and the live table is live.
      await world.create('d');
      await openTable(editor, `get pods --context=ok -n ${world.namespace}`);
      await equals(editor, world);
    },
    kubeconfigFor(proxy, users),
    { columns: 200, rows: 40 },
  );
});

it('8. a backend that was stopped for seconds goes on where it was', async () => {
  const { world, proxy } = await worldBehindProxy();
  await withEditor(async (editor) => {
    await openTable(editor, `get pods -n ${world.namespace}`);
    await equals(editor, world);
    await editor.lua(`require('kubectl.host').request('health', {}, function(_, ok)
      _G.backend_pid = ok and tonumber(ok.sections[1].items[1].text:match('pid (%d+)')) or 0
    end)`);
    await editor.until('the pid', async () => (await editor.lua('return _G.backend_pid ~= nil')) === true);
    const pid = await editor.lua<number>('return _G.backend_pid');
    const before = lists(proxy);
    process.kill(pid, 'SIGSTOP');
    try {
      await world.create('d');
      await world.remove('a');
      // The editor does not wait for it.
      const begun = performance.now();
      await editor.keys('jjkk');
      await editor.lua('return 1');
      expect(performance.now() - begun).toBeLessThan(1_000 * patience);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await equals(editor, world);
    await editor.shows('● live');
    expect(lists(proxy)).toBe(before);
  }, kubeconfigFor(proxy));
});

it('44. an editor that is blocked for 3 s gets the newest state and no queue', async () => {
  const { world, proxy } = await worldBehindProxy();
  const kubeconfig = kubeconfigFor(proxy);
  const free = `${kubeconfig}-free`;
  await withEditor(async (editor) => {
    await openTable(editor, `get pods -n ${world.namespace}`);
    await equals(editor, world);
    await editor.lua(`
      local buffer = require('kubectl.buffer')
      local apply = buffer.apply
      _G.frames = {}
      buffer.apply = function(sheet, ...)
        local outcome = apply(sheet, ...)
        table.insert(_G.frames, vim.deepcopy(sheet.keys))
        return outcome
      end`);
    const block = 'repeat vim.uv.sleep(10) until vim.uv.fs_stat(...)';
    editor.nvim.notify('nvim_exec_lua', [block, [free]]);
    const begun = Date.now();
    // Each change is a frame of its own for an editor that takes them.
    for (let i = 0; Date.now() - begun < 3_000; i++) {
      await world.create(`n${i}`);
      if (i > 2) await world.remove(`n${i - 2}`);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    writeFileSync(free, '');
    const freed = Date.now();
    await equals(editor, world);
    expect(Date.now() - freed).toBeLessThan(5_000 * patience);
    const wanted = Object.keys(await world.listed())
      .toSorted()
      .join();
    const frames = async (): Promise<number> =>
      (await editor.lua<string[][]>('return _G.frames')).findIndex((keys) => keys.toSorted().join() === wanted) + 1;
    await expect.poll(frames, { timeout: 5_000 }).toBeGreaterThan(0);
    // One was on its way when the editor stopped; then the sum of all changes, and what came with it.
    expect(await frames()).toBeLessThanOrEqual(4);
  }, kubeconfig);
});
