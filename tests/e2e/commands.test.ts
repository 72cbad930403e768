import { expect, test } from 'vitest';
import type { Editor } from '../lua/harness.ts';
import { create, freshNamespace, kubectl, openTable, putCursorOn, quietPod, rowsOf, withEditor } from './support.ts';

const configMap = (namespace: string, value: string): string[] => [
  'apiVersion: v1',
  'kind: ConfigMap',
  `metadata: { name: settings, namespace: ${namespace} }`,
  `data: { colour: ${value} }`,
];

const setLines = (editor: Editor, lines: readonly string[]): Promise<unknown> =>
  editor.lua('vim.cmd.enew() vim.api.nvim_buf_set_lines(0, 0, -1, false, ...)', lines);

const names = async (editor: Editor): Promise<string[]> => (await rowsOf(editor)).map(({ name }) => name);

test('diff and apply take the buffer; a difference is no failure', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await setLines(editor, configMap(namespace, 'red'));
    await editor.command('Kubectl apply');
    await editor.shows('+ configmaps/settings');
    await editor.keys('y');
    await editor.reports('created');
    await editor.command('only');
    await setLines(editor, configMap(namespace, 'blue'));
    await editor.command('Kubectl diff');
    await editor.shows(/-\s+colour: red/);
    await editor.shows(/\+\s+colour: blue/);
    await editor.shows(/kubectl diff +done/);
    expect(await editor.lua(`return table.concat(require('kubectl.report').history, '\\n')`)).not.toMatch(/exit/i);
    expect(
      await kubectl(['get', 'configmap', 'settings', `--namespace=${namespace}`, '-o', 'jsonpath={.data.colour}']),
    ).toBe('red');
  }));

test('what is no view of ours runs kubectl in a split with the same context and namespace', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await editor.command(`Kubens ${namespace}`);
    await editor.command('Kubectl create configmap made --from-literal=a=b');
    await editor.shows('configmap/made created');
    await editor.keys('q');
    await editor.command('Kubectl get configmap made -o yaml');
    await editor.shows(new RegExp(`namespace: ${namespace}`));
    expect(await editor.lua('return vim.bo.filetype')).toBe('yaml');
  }));

test('delete asks with place and names, and deletes exactly that object', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'keep'), quietPod(namespace, 'victim'));
    await openTable(editor, `get pods -n ${namespace}`);
    await putCursorOn(editor, 'victim');
    await editor.keys('gD');
    await editor.shows(/Delete pod victim/);
    await editor.shows(new RegExp(`namespace ${namespace}`));
    await editor.keys('n');
    await editor.until('the question to go', () => !editor.grid.text().includes('Delete pod victim'));
    expect(await names(editor)).toEqual(['keep', 'victim']);
    await editor.keys('gD');
    await editor.shows(/Delete pod victim/);
    await editor.keys('y');
    await editor.until('one row', async () => (await names(editor)).join() === 'keep');
  }));

test('scale asks for the number and the table follows', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await kubectl(['create', 'deployment', 'web', '--image=example/web', '--replicas=0', `--namespace=${namespace}`]);
    await openTable(editor, `get deployments -n ${namespace}`);
    await editor.shows(/web\s+0\/0/);
    await putCursorOn(editor, 'web');
    await editor.keys('gS');
    await editor.shows(/[Rr]eplicas/);
    await editor.keys('<C-u>2<CR>');
    await editor.shows('[y] scale');
    await editor.keys('y');
    await editor.shows(/web\s+\d\/2/, 20_000);
    expect(
      await kubectl(['get', 'deployment', 'web', `--namespace=${namespace}`, '-o', 'jsonpath={.spec.replicas}']),
    ).toBe('2');
  }));

test('completion offers resources and names of the cluster without waiting', () =>
  withEditor(async (editor) => {
    await openTable(editor, 'get deployments -n shop');
    const offered = (line: string): Promise<string[]> =>
      editor.lua<string[]>(`return vim.fn.getcompletion(..., 'cmdline')`, line);
    await editor.until(
      'resources',
      async () => (await offered('Kubectl get deployments')).includes('deployments'),
      15_000,
    );
    await editor.until(
      'names',
      async () => (await offered('Kubectl describe namespaces sho')).includes('shop'),
      15_000,
    );
    await editor.until('namespaces', async () => (await offered('Kubens pay')).includes('payments'), 15_000);
  }));

test('User events tell of the context and of loaded tables', () =>
  withEditor(async (editor) => {
    await editor.lua(`
      _G.events = {}
      vim.api.nvim_create_autocmd('User', {
        pattern = 'K8s*',
        callback = function(args) table.insert(_G.events, args.match) end,
      })`);
    await openTable(editor, 'get namespaces');
    await editor.until('K8sDataLoaded', async () =>
      (await editor.lua<string[]>('return _G.events')).includes('K8sDataLoaded'),
    );
    expect(await editor.lua('return _G.events')).toContain('K8sResourceSelected');
  }));
