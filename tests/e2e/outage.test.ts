import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownLab } from './own-lab.ts';
import { labTransport } from './parity/lab-api.ts';
import { kubectl, lab, openTable, quietPod, rowsOf, withEditor } from './support.ts';

const pods = 10_000;
let own: Awaited<ReturnType<typeof ownLab>>;

beforeAll(async () => {
  own = await ownLab('outage');
  await lab(['load', '--name', own.name, '--pods', String(pods), '--nodes', '100']);
});

afterAll(() => own?.stop());

const backendPid = `
  _G.backend_pid = nil
  require('kubectl.host').request('health', {}, function(_, ok)
    _G.backend_pid = ok and tonumber(ok.sections[1].items[1].text:match('pid (%d+)')) or 0
  end)`;

test('10,000 pods: all rows arrive and the editor is never blocked for long', () =>
  withEditor(
    async (editor) => {
      const longest = await editor.longestWork(async () => {
        await editor.command('Kubectl get pods -A');
        await editor.until(
          'all rows',
          async () => (await editor.lua('return vim.api.nvim_buf_line_count(0)')) === pods,
          60_000,
        );
        await editor.shows('● live', 20_000);
      });
      const rows = await rowsOf(editor);
      const api = await labTransport(own.kubeconfig);
      const { items } = await api.json<{ items: { metadata: { uid: string } }[] }>({
        path: '/api/v1/pods',
        headers: { accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' },
      });
      api.dispose();
      expect(new Set(rows.map((row) => row.uid))).toEqual(new Set(items.map(({ metadata }) => metadata.uid)));
      // The budget is 16 ms on a quiet machine; this catches a path that draws everything at once (60 ms and more). That
      // no path waits is a rule of its own (tests/unit/lua-rules.test.ts).
      expect(longest).toBeLessThan(150);
    },
    own.kubeconfig,
    { columns: 200, rows: 50 },
  ));

test('the API server goes away and comes back: the table says so, then is true again', () =>
  withEditor(async (editor) => {
    await openTable(editor, 'get pods -n default');
    await lab(['stop', '--name', own.name, 'kube-apiserver']);
    await editor.shows(/◐ .* old: .*(retry in|refused)/, 10_000);
    await lab(['start', '--name', own.name, 'kube-apiserver']);
    await editor.shows('● live', 60_000);
    await kubectl(['create', '--filename=-'], quietPod('default', 'after-the-outage'), own.kubeconfig);
    await editor.shows('after-the-outage', 20_000);
    expect((await rowsOf(editor)).map((row) => row.name)).toEqual(['after-the-outage']);
  }, own.kubeconfig));

test('a killed backend is told in the view and gr brings the same table back', () =>
  withEditor(async (editor) => {
    await openTable(editor, 'get pods -A');
    await editor.lua(backendPid);
    await editor.until('the pid', async () => (await editor.lua('return _G.backend_pid ~= nil')) === true);
    process.kill(await editor.lua<number>('return _G.backend_pid'), 'SIGKILL');
    await editor.shows(/✕ .*signal 9/);
    const lines = (await editor.lines()).length;
    await editor.keys('gr');
    await editor.shows('● live', 30_000);
    await editor.until('the same rows', async () => (await editor.lines()).length === lines, 30_000);
  }, own.kubeconfig));

test('a killed editor leaves no backend behind', async () => {
  let pid = 0;
  await withEditor(async (editor) => {
    await openTable(editor, 'get namespaces');
    await editor.lua(backendPid);
    await editor.until('the pid', async () => (await editor.lua('return _G.backend_pid ~= nil')) === true);
    pid = await editor.lua<number>('return _G.backend_pid');
    process.kill(editor.pid, 'SIGKILL');
  }, own.kubeconfig);
  const gone = (): boolean => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  };
  await expect.poll(gone, { timeout: 5_000 }).toBe(true);
});
