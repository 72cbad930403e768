/** Shells on nodes: the pod that is made, the terminal in it, and that it goes, whoever is left to delete it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Editor } from '../lua/harness.ts';
import { editorOn, freshNamespace, kubectl, openTable, putCursorOn, withEditor } from './support.ts';
import { until } from './until.ts';

let namespace: string;
let state: string;
beforeAll(async () => {
  namespace = await freshNamespace();
  state = mkdtempSync(join(tmpdir(), 'kubectl-live-shell-'));
});
afterAll(async () => {
  rmSync(state, { recursive: true, force: true });
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
});

const notes = (): readonly string[] => {
  const folder = join(state, 'kubectl-live', 'node-shells');
  return existsSync(folder) ? readdirSync(folder) : [];
};

type Pod = {
  readonly metadata: { readonly name: string; readonly uid: string; readonly labels: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: a test looks wherever it wants.
  readonly spec: any;
};

const pods = async (): Promise<readonly Pod[]> =>
  JSON.parse(await kubectl(['get', 'pods', '-n', namespace, '-l', 'kubectl-live/node-shell', '-o', 'json'])).items;

/** The first node of the lab's that is ready. */
const someNode = async (): Promise<string> => {
  type Node = { metadata: { name: string }; status: { conditions?: readonly { type: string; status: string }[] } };
  const { items }: { items: readonly Node[] } = JSON.parse(await kubectl(['get', 'nodes', '-o', 'json']));
  const isReady = ({ status }: Node): boolean =>
    status.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false;
  const name = items.find(isReady)?.metadata.name ?? '';
  expect(name).not.toBe('');
  return name;
};

const setUp = async (editor: Editor): Promise<void> => {
  // The shell is this machine's here: nsenter would need root.
  await editor.lua(`require('kubectl').setup({ node_shell = { namespace = ..., command = { 'sh' } } })`, namespace);
  await openTable(editor, 'get nodes');
};

/** gS on a node: what it asks. */
const ask = async (editor: Editor, node: string): Promise<void> => {
  await putCursorOn(editor, node);
  await editor.keys('gS');
  await editor.shows('! privileged');
};

/** gS on a node of the table, agreed to; gives the pod that was made. */
const shellOn = async (editor: Editor, node: string): Promise<Pod> => {
  await ask(editor, node);
  expect(editor.grid.text()).toContain(`makes pod ${namespace}/node-shell-`);
  expect(await pods()).toEqual([]);
  await editor.keys('y');
  await editor.until('a terminal', async () => (await editor.lua('return vim.bo.buftype')) === 'terminal', 30_000);
  const [pod, ...others] = await pods();
  expect(others).toEqual([]);
  if (pod === undefined) throw new Error('no pod was made');
  return pod;
};

const options = () => ({ env: { XDG_STATE_HOME: state } });

const gone = () => until('no pod', async () => (await pods()).length === 0);

test('a shell on a node is a pod there, which goes with its terminal', async () => {
  const node = await someNode();
  await withEditor(
    async (editor) => {
      await setUp(editor);
      const { metadata, spec } = await shellOn(editor, node);
      expect(metadata.labels['kubectl-live/node-shell']).toMatch(/^[0-9a-f]{16}$/);
      expect(spec).toMatchObject({
        nodeName: node,
        hostPID: true,
        hostNetwork: true,
        hostIPC: true,
        activeDeadlineSeconds: 14_400,
        restartPolicy: 'Never',
      });
      expect(spec.containers).toMatchObject([{ image: 'busybox:1.37', securityContext: { privileged: true } }]);
      expect(notes()).toEqual([`${metadata.name}.json`]);
      // It is a shell in that pod that answers.
      await editor.keys('echo "=$HOSTNAME="<CR>');
      await editor.shows(`=${metadata.name}=`, 20_000);
      await editor.shows(`shell on node ${node}`);
      await editor.lua(`vim.cmd.stopinsert() vim.cmd('bwipeout!')`);
      await gone();
      await editor.command('Kubectl journal');
      await editor.shows(new RegExp(`node-shell.*${node}`));
      await until('no note', async () => notes().length === 0);
    },
    undefined,
    options(),
  );
});

test('a shell that is left by exit takes its pod along; a dry run makes none', async () => {
  const node = await someNode();
  await withEditor(
    async (editor) => {
      await setUp(editor);
      await ask(editor, node);
      await editor.keys('d');
      await editor.reports('would be made');
      expect(await pods()).toEqual([]);
      expect(notes()).toEqual([]);
      await shellOn(editor, node);
      await editor.keys('exit<CR>');
      await gone();
    },
    undefined,
    options(),
  );
});

/** It ends without a chance to say so. */
const kill = async (editor: Editor): Promise<void> => {
  process.kill(editor.pid, 'SIGKILL');
  await editor.dispose();
};

test.each(['is killed', 'quits'])('Neovim %s: the backend deletes the pod before it ends', async (how) => {
  const editor = await editorOn(undefined, options());
  await setUp(editor);
  await shellOn(editor, await someNode());
  const backend = await editor.lua<number>(`return require('kubectl.host').status().hello.pid`);
  if (how === 'quits') await editor.dispose();
  else await kill(editor);
  await until('no process', async () => !existsSync(`/proc/${backend}/cmdline`));
  expect(notes()).toEqual([]);
  await gone();
});

test('what an editor left that could not clean up goes at the next start; that of a living one stays', async () => {
  const folder = join(state, 'kubectl-live', 'node-shells');
  const editor = await editorOn(undefined, options());
  await setUp(editor);
  const { metadata } = await shellOn(editor, await someNode());
  const text = readFileSync(join(folder, `${metadata.name}.json`), 'utf8');
  // First the backend, which would clean up.
  process.kill(await editor.lua<number>(`return require('kubectl.host').status().hello.pid`), 'SIGKILL');
  await kill(editor);
  expect((await pods()).map((pod) => pod.metadata.uid)).toEqual([metadata.uid]);
  // Of an editor that lives: this process stands for it.
  const living = { ...JSON.parse(text), name: 'living', owner: { pid: process.pid, started: '' } };
  writeFileSync(join(folder, 'living.json'), JSON.stringify(living));
  await withEditor(
    async (next) => {
      await openTable(next, `get pods -n ${namespace}`);
      await gone();
      await until('one note', async () => notes().length === 1);
      expect(notes()).toEqual(['living.json']);
    },
    undefined,
    options(),
  );
  rmSync(join(folder, 'living.json'));
});
