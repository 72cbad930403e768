/** What `gY` takes is what programs read: every format is parsed, the command is run. */
import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  create,
  freshNamespace,
  kubectl,
  openTable,
  putCursorOn,
  quietPod,
  rowsOf,
  setting,
  withEditor,
} from './support.ts';

type Shown = Parameters<Parameters<typeof withEditor>[0]>[0];

type KubeObject = {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid?: string };
  readonly items?: readonly KubeObject[];
};

/** What a choice of the menu yanks, into the register `a`. */
const yanked = async (editor: Shown, choice: string): Promise<string> => {
  await editor.lua(`vim.fn.setreg('a', '')`);
  await editor.keys('"agY');
  await editor.until('the menu', async () => (await editor.lua('return vim.bo.filetype')) === 'k8s_prompt');
  await editor.keys(choice);
  await editor.keys('<CR>');
  const register = (): Promise<string> => editor.lua(`return vim.fn.getreg('a')`);
  await editor.until('the register', async () => (await register()) !== '');
  return await register();
};

const fromServer = async (namespace: string, name: string): Promise<KubeObject> =>
  JSON.parse(await kubectl(['get', 'pod', name, `--namespace=${namespace}`, '-o', 'json'])) as KubeObject;

test('objects are taken whole, as kubectl prints them, one or a list', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'one', { app: 'yes' }), quietPod(namespace, 'two'), quietPod(namespace, 'three'));
    await openTable(editor, `get pods -n ${namespace}`);
    await putCursorOn(editor, ' one ');
    const one = await fromServer(namespace, 'one');
    expect(parse(await yanked(editor, 'object as yaml'))).toEqual(one);
    expect(JSON.parse(await yanked(editor, 'object as json'))).toEqual(one);
    await editor.keys('<Tab>');
    await putCursorOn(editor, ' two ');
    await editor.keys('<Tab>');
    await editor.keys('<C-f>NAME=one<CR>');
    await editor.shows('2 selected, 1 hidden');
    const list = parse(await yanked(editor, '2 objects as yaml')) as KubeObject;
    expect(list.kind).toBe('List');
    expect(list.items).toEqual([one, await fromServer(namespace, 'two')]);
  }));

test('the command that is taken gives the object of the row', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'one'), quietPod(namespace, 'two'));
    await openTable(editor, `get pods -n ${namespace}`);
    await putCursorOn(editor, ' two ');
    const command = await yanked(editor, 'kubectl command');
    const env = {
      ...process.env,
      KUBECONFIG: setting('KUBECTL_LIVE_LAB_KUBECONFIG'),
      PATH: `${dirname(setting('KUBECTL_LIVE_LAB_KUBECTL'))}:${process.env.PATH}`,
    };
    const { stdout } = await promisify(execFile)('sh', ['-c', `${command} -o json`], { env });
    const { metadata } = JSON.parse(stdout) as KubeObject;
    const row = (await rowsOf(editor)).find(({ name }) => name === 'two');
    expect([metadata.name, metadata.uid]).toEqual(['two', row?.uid]);
  }));

test('rows are taken as text of every format, names whole though they are shortened on the screen', () =>
  withEditor(
    async (editor) => {
      const namespace = await freshNamespace();
      const name = 'a-pod-with-a-name-that-is-far-too-long-for-this-screen-abcde';
      await create(quietPod(namespace, name));
      await openTable(editor, `get pods -n ${namespace}`);
      await editor.shows(/a-pod\S*…\S*abcde/);
      const rows = JSON.parse(await yanked(editor, 'shown json')) as { cells: Record<string, string> }[];
      expect(rows.map(({ cells }) => cells.NAME)).toEqual([name]);
      const yaml = parse(await yanked(editor, 'shown yaml')) as Record<string, string>[];
      expect(yaml.map((row) => [row.NAME, row.STATUS])).toEqual([[name, 'Pending']]);
      const [titles, cells] = (await yanked(editor, 'shown csv')).trim().split('\n');
      expect(cells?.split(',')[titles?.split(',').indexOf('NAME') ?? -1]).toBe(name);
      expect(await yanked(editor, 'shown markdown')).toContain(`| ${name} |`);
    },
    undefined,
    { columns: 80, rows: 24 },
  ));

test('values of secrets are not taken along', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await kubectl([
      'create',
      'secret',
      'generic',
      'key',
      `--namespace=${namespace}`,
      '--from-literal=password=hunter2',
    ]);
    await openTable(editor, `get secrets -n ${namespace}`);
    await putCursorOn(editor, ' key ');
    const text = await yanked(editor, 'object as yaml');
    expect(text).toContain('password: ');
    expect(text).not.toContain(Buffer.from('hunter2').toString('base64'));
  }));
