/** Columns of the user's own, checked against the real kubectl, and how columns are chosen, squeezed and remembered. */
import { expect, test } from 'vitest';
import type { RowJson } from '../../src/protocol/wire.ts';
import { create, freshNamespace, kubectl, openTable, putCursorOn, quietPod, rowsOf, withEditor } from './support.ts';

type Shown = Parameters<Parameters<typeof withEditor>[0]>[0];

const cellsOf = (rows: readonly RowJson[], title: string): string[] => rows.map(({ cells }) => cells[title] ?? '?');

const titles = async (editor: Shown): Promise<string[]> =>
  await editor.lua(
    `return vim.tbl_map(function(column) return column.title end, require('kubectl.view').of(0).layout.columns)`,
  );

/** Two containers with ports in one pod, one in the other; labels with dots and slashes. */
const somePods = async (): Promise<string> => {
  const namespace = await freshNamespace();
  const pod = quietPod(namespace, 'double', { app: 'shop', 'example.com/team': 'red' }) as {
    spec: { containers: object[] };
  };
  pod.spec.containers = [
    { name: 'app', image: 'shop:1', ports: [{ containerPort: 80 }, { containerPort: 443 }] },
    { name: 'side', image: 'proxy:2', env: [{ name: 'A', value: 'a)b' }] },
  ];
  await create(pod, quietPod(namespace, 'single', { app: 'web' }));
  return namespace;
};

/** No commas: kubectl itself cuts its columns at each. */
const paths = [
  'metadata.name',
  '.spec.containers[*].image',
  '.spec.containers[0].name',
  '.spec.containers[-1:].name',
  '.metadata.labels.example\\.com/team',
  ".metadata.labels['example.com/team']",
  '.spec.containers[*].ports',
  '..containerPort',
  '.spec.containers[?(@.name=="side")].image',
  '.spec.containers[?(@.ports)].name',
  '.spec.containers[*].ports[?(@.containerPort>100)].containerPort',
  '.spec.containers[?(@.env[0].value=="a)b")].name',
  '.spec.nodeName',
  '.metadata.labels',
  '.spec.priority',
];

test('-o custom-columns shows, live, what kubectl prints', () =>
  withEditor(async (editor) => {
    const namespace = await somePods();
    for (const [index, path] of paths.entries()) {
      const spec = `custom-columns=NAME:.metadata.name,X:${path}`;
      const printed = await kubectl(['get', 'pods', `--namespace=${namespace}`, '--no-headers', '-o', spec]);
      await editor.command(`Kubectl get pods -n ${namespace} -o '${spec.replaceAll("'", `'\\''`)}'`);
      await editor.until(
        `table ${index}`,
        async () => (await titles(editor).catch(() => [])).join() === 'NAME,X',
        20_000,
      );
      await editor.until('two rows', async () => (await rowsOf(editor)).length === 2);
      const lines = printed.trimEnd().split('\n');
      expect([path, ...cellsOf(await rowsOf(editor), 'X')]).toEqual([
        path,
        ...lines.map((line) => line.replace(/^\S+\s+/, '').trimEnd()),
      ]);
      await editor.command('bwipeout');
    }
  }));

test('custom columns are live, and sorted by what they are worth', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'a', { tier: '10' }), quietPod(namespace, 'b', { tier: '9' }));
    await openTable(editor, `get po -n ${namespace} -L tier,example.com/team --show-labels`);
    await editor.until('the columns', async () => (await titles(editor)).slice(-3).join() === 'TIER,TEAM,LABELS');
    await kubectl(['label', 'pod', 'a', `--namespace=${namespace}`, 'example.com/team=blue']);
    await editor.until('the label', async () => cellsOf(await rowsOf(editor), 'TEAM').join() === 'blue,');
    await editor.lua(`require('kubectl.view').update(require('kubectl.view').of(0), { sort = 'TIER' })`);
    await editor.until('b first', async () => cellsOf(await rowsOf(editor), 'NAME').join() === 'b,a');
    const [, labels] = cellsOf(await rowsOf(editor), 'LABELS');
    const printed = await kubectl(['get', 'pod', 'a', `--namespace=${namespace}`, '--show-labels', '--no-headers']);
    expect(labels).toBe(printed.trim().split(/\s+/).at(-1));
  }));

test('columns of setup() are found under any name of the resource, also for kinds without a file', () =>
  withEditor(async (editor) => {
    const namespace = await somePods();
    await create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace, labels: { team: 'red' } },
      data: { colour: 'green' },
    });
    await editor.lua(`require('kubectl').setup({ columns = {
      po = { { title = 'TEAM', label = 'example.com/team' }, { title = 'PULLED', jsonpath = '.spec.containers[*].image', width = 8 },
             hidden = { 'RESTARTS' }, order = { 'NAME', 'TEAM' } },
      ['configmaps'] = { { title = 'COLOUR', jsonpath = '.data.colour' } },
    } })`);
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.until('the order', async () => (await titles(editor)).slice(0, 3).join() === 'NAME,TEAM,NAMESPACE');
    await editor.until('no restarts', async () => !(await titles(editor)).includes('RESTARTS'));
    await editor.shows(/double +red .* shop:1,… *$/m);
    expect(cellsOf(await rowsOf(editor), 'PULLED')).toEqual(['shop:1,proxy:2', 'example/main']);
    await openTable(editor, `get cm -n ${namespace} settings`);
    await editor.shows(/settings .* green/);
  }));

test('values of secrets are never shown by a column', () =>
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
    await openTable(editor, `get secrets -n ${namespace} -o custom-columns=NAME:metadata.name,P:.data.password`);
    await editor.shows(/key +<hidden>/);
  }));

test('a path that cannot be read is refused with its reason', () =>
  withEditor(async (editor) => {
    await editor.command(`Kubectl get pods -o custom-columns=A:.spec[`);
    await editor.shows("column A: '.spec[' is no JSONPath: unterminated array", 20_000);
  }));

test('at 80 columns the age is on the screen, and the cells are whole', () =>
  withEditor(
    async (editor) => {
      const namespace = await freshNamespace();
      const name = 'checkout-service-with-a-long-name-6f7c9d4b5-kk2vx';
      await create(quietPod(namespace, name));
      await openTable(editor, `get pods -n ${namespace}`);
      await editor.shows(/checkout-ser\S*…\S*-kk2vx +0\/1 +Pending +0 +\d+s/);
      await editor.until('its titles', () => /NAME.*READY.*AGE/.test(editor.grid.lines()[0] ?? ''));
      expect(cellsOf(await rowsOf(editor), 'NAME')).toEqual([name]);
      await editor.resize(140, 24);
      await editor.shows(name);
    },
    undefined,
    { columns: 80, rows: 24 },
  ));

test('the order of columns chosen with gC is kept for the next table of the resource', () =>
  withEditor(async (editor) => {
    const namespace = await somePods();
    await openTable(editor, `get pods -n ${namespace}`);
    await putCursorOn(editor, ' single ');
    await editor.keys('gC');
    await editor.shows('(wide)');
    await editor.keys('<Down><Down><M-k><CR>');
    await editor.until('NAME first', async () => (await titles(editor))[0] === 'NAME');
    await editor.shows(/^single +e2e-/m);
    await editor.command('bwipeout');
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.until('NAME first again', async () => (await titles(editor))[0] === 'NAME');
  }));
