/** A worker that is killed for real, and kubeconfig files that change under open views. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  create,
  freshNamespace,
  kubectl,
  openTable,
  putCursorOn,
  quietPod,
  rowsOf,
  withEditor,
} from '../e2e/support.ts';
import type { Editor } from '../lua/harness.ts';
import { patience } from '../patience.ts';

type Config = {
  readonly 'current-context': string;
  readonly clusters: readonly { readonly name: string; readonly cluster: { readonly server: string } }[];
  readonly users: readonly { readonly name: string; readonly user: object }[];
  readonly contexts: readonly { readonly name: string; readonly context: Readonly<Record<string, string>> }[];
};

const labConfig = async (): Promise<Config> =>
  JSON.parse(await kubectl(['config', 'view', '--raw', '--flatten', '--output=json']));

const ownNamespace = async (): Promise<string> => {
  const name = await freshNamespace();
  onTestFinished(() => void kubectl(['delete', 'namespace', name, '--wait=false']));
  return name;
};

/** The lab under several names; JSON is YAML. */
const contextsNamed = async (...names: readonly string[]): Promise<Config> => {
  const config = await labConfig();
  const [first] = config.contexts;
  const contexts = names.map((name) => ({ name, context: { ...first?.context } }));
  return { ...config, 'current-context': names[0] ?? '', contexts };
};

const writeConfig = (config: Config, path = join(mkdtempSync(join(tmpdir(), 'kubectl-live-')), 'config')): string => {
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
};

const inspected = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

type Told = { readonly method?: string; readonly params?: { readonly sessionId: string } };

/** Through the inspector of Node: `process.exit` in the older of the backend's two workers. */
const killOlderWorker = async (editor: Editor): Promise<void> => {
  const said = await editor.lua<string>(`return table.concat(require('kubectl.host').status().stderr, '\\n')`);
  const [address = ''] = /ws:\/\/\S+/.exec(said) ?? [];
  const socket = new WebSocket(address);
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  const workers = new Set<string>();
  socket.addEventListener('message', ({ data }) => {
    const { method, params } = JSON.parse(String(data)) as Told;
    if (method === 'NodeWorker.attachedToWorker' && params !== undefined) workers.add(params.sessionId);
  });
  const send = (method: string, params: object) => socket.send(JSON.stringify({ id: 1, method, params }));
  send('NodeWorker.enable', { waitForDebuggerOnStart: false });
  await editor.until('both workers', () => workers.size === 2);
  const expression = "process.getBuiltinModule('node:worker_threads').threadId === 1 && process.exit(9)";
  const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } });
  for (const sessionId of workers) send('NodeWorker.sendMessageToWorker', { sessionId, message });
  await editor.until('the end of the worker', async () => (await editor.lua('return _G.ended')) !== 0);
  socket.close();
};

const selected = `return require('kubectl.selection').keys(require('kubectl.view').of(0).sheet)`;

test('an engine that ends takes nothing with it: its tables come back as they were, others do not notice', async () => {
  const kubeconfig = writeConfig(await contextsNamed('one', 'two'));
  await withEditor(
    async (editor) => {
      const namespace = await ownNamespace();
      await create(...['qa', 'qb', 'qc', 'zz'].map((name) => quietPod(namespace, name)));
      await openTable(editor, `get pods -n ${namespace}`);
      await editor.lua(`
        local view = require('kubectl.view')
        view.update(view.of(0), { order = { title = 'NAME', descending = true }, filter = 'q', hidden = { 'RESTARTS' } })`);
      const names = async () => (await rowsOf(editor)).map(({ name }) => name);
      await editor.until('the order', async () => (await names()).join(' ') === 'qc qb qa');
      await putCursorOn(editor, 'qb ');
      await editor.keys('<Tab>');
      const before = await editor.lua(selected);
      const lines = await editor.lines();
      expect(lines.join('\n')).not.toContain('RESTARTS');
      await editor.command('split');
      await openTable(editor, `--context two get configmaps -n ${namespace}`);
      await editor.shows(/two ▸ configmaps .*● live/);
      const other = await editor.lua<number>(`return require('kubectl.view').of(0).id`);
      await editor.command('wincmd p');
      await editor.lua(`
        _G.ended, _G.noticed = 0, {}
        require('kubectl.host').on('state', function(state)
          if state.phase == 'ended' then
            _G.ended = state.view
          end
          if state.view == ${other} then
            table.insert(_G.noticed, state.phase)
          end
        end)`);
      await putCursorOn(editor, 'qb ');
      const on = async () => (await editor.lines())[(await editor.cursor())[0] - 1];
      const start = performance.now();
      await killOlderWorker(editor);
      expect(performance.now() - start).toBeLessThan(2_000 * patience);
      await editor.until('the table', async () => editor.grid.text().split('● live').length === 3);
      await create(quietPod(namespace, 'qd'));
      await editor.shows(/ qd .*\n.* qc .*\n.*» qb .*\n.* qa /);
      expect(await names()).toEqual(['qd', 'qc', 'qb', 'qa']);
      expect(await editor.lua(selected)).toEqual(before);
      expect(await on()).toContain(' qb ');
      await editor.until('the hidden column hidden', async () => !editor.grid.text().includes('RESTARTS'));
      expect(await editor.lua('return _G.noticed')).toEqual([]);
    },
    kubeconfig,
    { columns: 160, rows: 40, env: inspected },
  );
});

test('a kubeconfig that breaks is told and changes nothing; one that changes is followed', async () => {
  const kubeconfig = writeConfig(await contextsNamed('one', 'two'));
  await withEditor(async (editor) => {
    const namespace = await ownNamespace();
    await create(quietPod(namespace, 'alpha'));
    await openTable(editor, `get pods -n ${namespace}`);

    truncateSync(kubeconfig, 40);
    await editor.reports(`${kubeconfig}:1:`);
    await editor.reports('What it held before is still used.');
    rmSync(kubeconfig);
    await editor.reports(`${kubeconfig} is gone. What it held before is still used.`);
    await editor.shows('● live');
    await create(quietPod(namespace, 'beta'));
    await editor.shows(/beta\s+0\/1\s+Pending/);

    // The context goes, and then comes back.
    writeConfig(await contextsNamed('two'), kubeconfig);
    await editor.shows(/✕ There is no context "one"/);
    await create(quietPod(namespace, 'gamma'));
    writeConfig(await contextsNamed('one', 'two'), kubeconfig);
    await editor.shows(/gamma\s+0\/1\s+Pending/, 20_000);
    await editor.shows('● live');

    // Another user, who may do nothing: the table is asked for again as that user.
    const config = await contextsNamed('one', 'two');
    const users = config.users.map(({ name, user }) => ({ name, user: { ...user, as: 'nobody' } }));
    writeConfig({ ...config, users }, kubeconfig);
    await editor.shows(/⊘|forbidden/, 20_000);
    writeConfig(config, kubeconfig);
    await editor.shows('● live', 20_000);
    await editor.until(
      'its rows',
      async () => (await rowsOf(editor)).map(({ name }) => name).join() === 'alpha,beta,gamma',
    );
  }, kubeconfig);
});

/** A port of ours that refuses: below those of labs and those that outgoing connections take meanwhile. */
const refusingPort = async (server: Server, host: string): Promise<number> => {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 10_000);
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, host, () => resolve(true));
    });
    server.removeAllListeners('error').removeAllListeners('listening');
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
};

test('a table that was opened while the server was down comes when it is up', async () => {
  const config = await labConfig();
  const server = new URL(config.clusters[0]?.cluster.server ?? '');
  const behind = Number(server.port);
  const door = createServer((socket) => {
    const through = connect(behind, server.hostname);
    for (const end of [socket, through]) end.on('error', () => undefined);
    socket.pipe(through).pipe(socket);
  });
  const port = await refusingPort(door, server.hostname);
  onTestFinished(() => void door.close());
  server.port = String(port);
  const clusters = config.clusters.map(({ name, cluster }) => ({ name, cluster: { ...cluster, server: server.href } }));
  const kubeconfig = writeConfig({ ...config, clusters });
  await withEditor(async (editor) => {
    await editor.command('Kubectl get namespaces');
    await editor.shows('It is tried again by itself; gr tries now.');
    await editor.shows('refused the connection');
    door.listen(port, server.hostname);
    await editor.shows('● live', 40_000);
    await editor.until('its rows', async () => (await rowsOf(editor)).some(({ name }) => name === 'kube-system'));
  }, kubeconfig);
});
