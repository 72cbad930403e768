/** `:Kubectl apply` of files, folders, overlays and buffers: one plan, one answer an object. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runId } from '../run-id.ts';
import { freshNamespace, kubectl, withEditor } from './support.ts';

let folder: string;
let namespace: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kubectl-live-apply-'));
  namespace = await freshNamespace();
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
});

const map = (name: string, value: string, more = ''): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  labels: { set: mine }${more}
data:
  value: ${JSON.stringify(value)}
`;

const put = (name: string, ...texts: readonly string[]): string => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, texts.join('---\n'));
  return path;
};

const values = async (): Promise<string> =>
  await kubectl([
    'get',
    'configmaps',
    '-n',
    namespace,
    '-l',
    'set=mine',
    '-o',
    'jsonpath={range .items[*]}{.metadata.name}={.data.value} {end}',
  ]);

test('a folder is planned whole, applied object by object, and pruned when asked', async () => {
  put('set/a.yaml', map('one', '1'), map('two', '2'));
  put('set/deeper/b.json', JSON.stringify({ kind: 'List', apiVersion: 'v1', items: [] }));
  await withEditor(async (editor) => {
    await editor.command(`Kubectl apply -f ${folder}/set -n ${namespace}`);
    await editor.shows('2 to create');
    await editor.keys('d');
    await editor.reports('would be created');
    expect(await values()).toBe('');
    await editor.command(`Kubectl apply -f ${folder}/set -n ${namespace}`);
    await editor.shows('2 to create');
    await editor.keys('y');
    await editor.until('the objects', async () => (await values()) === 'one=1 two=2 ');
    await editor.command(`Kubectl apply -f ${folder}/set -n ${namespace}`);
    await editor.reports('2 unchanged');
    put('set/a.yaml', map('one', 'changed'));
    await editor.command(`Kubectl apply -f ${folder}/set -n ${namespace} --prune -l set=mine`);
    await editor.shows('1 to change, 1 to delete');
    await editor.shows('data.value');
    await editor.shows(/- configmaps\/two/);
    await editor.keys('y');
    await editor.until('the objects', async () => (await values()) === 'one=changed ');
  });
});

test('an overlay is put together by kubectl; what the server refuses is said and stops nothing else', async () => {
  put('base/c.yaml', map('three', '3'));
  put('base/kustomization.yaml', 'resources: [c.yaml]\nnamePrefix: over-\n');
  put('mixed.yaml', map('good', '1'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: Bad_Name }\n');
  await withEditor(async (editor) => {
    await editor.command(`Kubectl apply -k ${folder}/base -n ${namespace}`);
    await editor.shows('+ configmaps/over-three');
    await editor.keys('y');
    await editor.until('the object', async () => (await values()).includes('over-three=3'));
    await editor.command(`Kubectl apply -f ${folder}/mixed.yaml -n ${namespace}`);
    await editor.shows('1 to create, 1 refused by the server');
    await editor.shows(/✗ configmaps\/Bad_Name.*metadata.name/);
    await editor.keys('y');
    await editor.until('the good one', async () => (await values()).includes('good=1'));
  });
});

test('a set may bring its own namespace and its own kinds', async () => {
  const group = `t${runId}.example.com`;
  put(
    'own.yaml',
    `apiVersion: ${group}/v1\nkind: Gadget\nmetadata: { name: first, namespace: ${namespace}-own }\nspec: { size: 3 }\n`,
    `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.${group} }
spec:
  group: ${group}
  names: { kind: Gadget, plural: gadgets }
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
`,
    `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace}-own }\n`,
  );
  await withEditor(async (editor) => {
    await editor.command(`Kubectl apply -f ${folder}/own.yaml`);
    await editor.shows('3 to create');
    await editor.shows('its definition comes first');
    await editor.keys('y');
    await editor.reports(`first in ${namespace}-own: created`, 30_000);
    expect(await kubectl(['get', `gadgets.${group}`, '-n', `${namespace}-own`, '-o', 'name'])).toContain('first');
  });
  await kubectl(['delete', 'crd', `gadgets.${group}`, '--wait=false']);
  await kubectl(['delete', 'namespace', `${namespace}-own`, '--wait=false']);
});

test('a buffer that is no manifest says where it is wrong, and nothing is done', () =>
  withEditor(async (editor) => {
    await editor.lua(`vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'apiVersion: v1', 'kind: [', '' })`);
    await editor.command('Kubectl apply');
    await editor.reports('Nothing was applied: buffer:');
    const broken = put('broken.yaml', 'kind: ConfigMap\n');
    await editor.command(`Kubectl apply -f ${broken}`);
    await editor.reports('broken.yaml:1: no apiVersion, metadata.name');
    await editor.command(`Kubectl apply -f ${folder}/nowhere.yaml`);
    await editor.reports('nowhere.yaml cannot be read');
  }));
