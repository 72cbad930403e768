/** Tables that are edited as text, in a real Neovim: `e`, cells, `dd`, `:w`. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Editor } from '../lua/harness.ts';
import { runId } from '../run-id.ts';
import { create, freshNamespace, kubectl, lab, openTable, putCursorOn, setting, withEditor } from './support.ts';

let namespace: string;
/** Namespaces of one test each. */
const made: string[] = [];

const fresh = async (): Promise<string> => {
  const name = await freshNamespace();
  made.push(name);
  return name;
};

beforeAll(async () => {
  namespace = await fresh();
});

afterAll(async () => {
  await kubectl(['delete', 'namespace', ...made, '--wait=false']);
});

const deployment = (name: string, replicas = 0, inside = namespace): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: inside, labels: { app: name } },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'example/main:1' }] },
    },
  },
});

const map = (name: string, inside = namespace): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: inside, labels: { team: 'red' } },
});

const read = async (resource: string, path: string, inside = namespace): Promise<string> =>
  await kubectl(['get', resource, '-n', inside, '--ignore-not-found', '-o', `jsonpath={${path}}`]);

/** Opens a table and begins to edit it. */
const edit = async (editor: Editor, line: string, ...names: readonly string[]): Promise<void> => {
  await openTable(editor, line);
  for (const name of names) await putCursorOn(editor, name);
  await editor.keys('e');
  await editor.shows('✎ :w or :e!', 20_000);
};

const lineOf = async (editor: Editor, name: string): Promise<string> =>
  (await editor.lines()).find((line) => line.includes(` ${name} `)) ?? '';

/** Replaces a text on the line of an object. */
const change = (editor: Editor, name: string, from: string, to: string): Promise<void> =>
  editor.command(`g/ ${name} /s#${from}#${to}#`);

const modified = async (editor: Editor): Promise<boolean> => await editor.lua('return vim.bo.modified');

/** Waits for problems on so many lines, of which one matches. */
const complains = (editor: Editor, count: number, ...patterns: readonly RegExp[]): Promise<void> =>
  editor.until(`${count} diagnostics like ${patterns.join()}`, async () => {
    const found = await problems(editor);
    return found.length === count && patterns.every((pattern) => found.some((each) => pattern.test(each)));
  });

const problems = async (editor: Editor): Promise<string[]> =>
  await editor.lua(`
    return vim.tbl_map(function(each)
      return vim.trim(vim.fn.getline(each.lnum + 1)) .. ' ✗ ' .. each.message
    end, vim.diagnostic.get(0))`);

test('replicas of two deployments, an image, labels and a deletion go in one plan; u and :w take it back', async () => {
  const inside = await fresh();
  await create(deployment('one', 0, inside), deployment('two', 0, inside), deployment('three', 0, inside));
  await withEditor(
    async (editor) => {
      await edit(editor, `get deployments -n ${inside}`, 'three', 'two', 'one');
      expect(await lineOf(editor, 'one')).toMatch(/│ one +│ 0 +│ example\/main:1 │ app=one/);
      await change(editor, 'one', '│ 0 ', '│ 2 ');
      await change(editor, 'two', '│ 0 ', '│ 3 ');
      await change(editor, 'two', 'main:1', 'main:2');
      await change(editor, 'two', 'app=two', 'app=two,tier=web');
      await putCursorOn(editor, ' three ');
      await editor.keys('dd');
      await editor.shows('2 changed · 1 deleted');
      await editor.command('write');
      await editor.shows('[y] write');
      await editor.shows(/one +REPLICAS 0 → 2/);
      await editor.shows(/two +REPLICAS 0 → 3, IMAGES example\/main:1 → example\/main:2 \(rolls out\)/);
      await editor.shows('! Deleted (1):');
      expect(await read('deployment/one', '.spec.replicas', inside)).toBe('0');
      await editor.keys('y');
      await editor.until('the write', async () => !(await modified(editor)));
      expect(await read('deployment/one', '.spec.replicas', inside)).toBe('2');
      expect(await read('deployment/two', '.spec.replicas', inside)).toBe('3');
      expect(await read('deployment/two', '.spec.template.spec.containers[0].image', inside)).toBe('example/main:2');
      expect(await read('deployment/two', '.metadata.labels.tier', inside)).toBe('web');
      expect(await read('deployment/three', '.metadata.name', inside)).toBe('');
      await editor.reports('REPLICAS 0 → 2');
      // The text goes back as any text does; what it says then can be written.
      await editor.command('/ one /');
      await editor.keys('u');
      await editor.until('the line is back', async () => (await lineOf(editor, 'three')) !== '');
      await editor.keys('uuu');
      await editor.until('the first change', async () => /│ 0 /.test(await lineOf(editor, 'two')));
      await editor.command('write');
      await editor.shows(/two +REPLICAS 3 → 0/);
      await editor.keys('y');
      await editor.until('the write', async () => (await read('deployment/two', '.spec.replicas', inside)) === '0');
      await editor.command('edit!');
      await editor.shows('● live');
      await editor.until('it', async () => (await editor.lua('return vim.bo.filetype')) === 'k8s_deployments');
    },
    undefined,
    { columns: 160 },
  );
});

test('lines of nobody and cells that cannot be changed stop everything, on their lines', async () => {
  await create(map('fixed'), map('moved'));
  await withEditor(async (editor) => {
    await edit(editor, `get configmaps -n ${namespace}`, 'moved', 'fixed');
    await change(editor, 'fixed', 'fixed', 'other');
    await putCursorOn(editor, ' moved ');
    await editor.keys('dd');
    await editor.command('write');
    await complains(editor, 1, /other.*✗ NAME cannot be changed here: it is "fixed"/);
    await editor.keys('uu');
    await editor.until('as before', async () => (await lineOf(editor, 'fixed')) !== '');
    await putCursorOn(editor, ' moved ');
    await editor.keys('ddp');
    await editor.command('write');
    await editor.reports('This line is no object of this table');
    expect(await read('configmap/moved', '.metadata.name')).toBe('moved');
    expect(await read('configmap/fixed', '.metadata.name')).toBe('fixed');
  });
});

test('what others change and delete meanwhile is shown on its line and written only when it is meant', async () => {
  const inside = await fresh();
  await create(deployment('fought', 0, inside), deployment('lost', 0, inside), deployment('calm', 0, inside));
  await withEditor(async (editor) => {
    await edit(editor, `get deployments -n ${inside}`, 'calm', 'fought', 'lost');
    await change(editor, 'fought', '│ 0 ', '│ 3 ');
    await change(editor, 'lost', '│ 0 ', '│ 3 ');
    await change(editor, 'calm', '│ 0 ', '│ 1 ');
    await putCursorOn(editor, ' fought ');
    const [line] = await editor.cursor();
    await kubectl(['scale', 'deployment', 'fought', '-n', inside, '--replicas=5']);
    await kubectl(['delete', 'deployment', 'lost', '-n', inside]);
    await create(deployment('another', 0, inside));
    await editor.shows('now REPLICAS 5');
    await editor.shows('is gone');
    await editor.shows('1 new');
    expect((await editor.cursor())[0]).toBe(line);
    expect(await lineOf(editor, 'fought')).toContain('│ 3 ');
    await editor.command('write');
    await editor.shows('✗ Left out (2)');
    await editor.keys('y');
    await editor.until('the write', async () => (await read('deployment/calm', '.spec.replicas', inside)) === '1');
    expect(await read('deployment/fought', '.spec.replicas', inside)).toBe('5');
    await complains(editor, 2, /fought.*✗ changed meanwhile: REPLICAS is 5 now, it was 0/, /lost.*✗ .*is gone/);
    expect(await modified(editor)).toBe(true);
    await editor.command('write');
    await editor.shows(/REPLICAS 5 → 3/);
    await editor.keys('y');
    await editor.until('the write', async () => (await read('deployment/fought', '.spec.replicas', inside)) === '3');
  });
});

test('a read-only context lets nothing through; <Esc> gives back the table when nothing is changed', async () => {
  await create(map('guarded'));
  await withEditor(async (editor) => {
    await openTable(editor, `get configmaps -n ${namespace}`);
    await editor.command('Kubectl guard read-only');
    await editor.reports('read-only');
    await putCursorOn(editor, 'guarded');
    await editor.keys('e');
    await editor.shows('✎ :w or :e!', 20_000);
    await editor.keys('<Esc>');
    await editor.shows('● live');
    await putCursorOn(editor, 'guarded');
    await editor.keys('e');
    await editor.shows('✎ :w or :e!', 20_000);
    await change(editor, 'guarded', 'team=red', 'team=blue');
    await editor.keys('<Esc>');
    await editor.reports('The table has changes');
    await editor.command('write');
    await editor.shows('read-only: only a dry run is possible');
    await editor.keys('yyn');
    await editor.until('the table', async () => (await editor.lua('return vim.bo.filetype')) === 'k8s_edit');
    expect(await read('configmap/guarded', '.metadata.labels.team')).toBe('red');
    expect(await modified(editor)).toBe(true);
  });
});

test('what a user may not do is refused row by row, the rest is written', async () => {
  const [mine, theirs] = [await fresh(), await fresh()];
  await create(map('allowed', mine), map('denied', theirs));
  const user = `editor-${runId}`;
  const kubeconfig = join(mkdtempSync(join(tmpdir(), 'kubectl-live-editor-')), 'config');
  await lab(['kubeconfig', '--name', setting('KUBECTL_LIVE_LAB_NAME'), '--user', user, '--out', kubeconfig]);
  await kubectl(['create', 'rolebinding', user, '--clusterrole=edit', `--user=${user}`, '-n', mine]);
  await kubectl(['create', 'rolebinding', user, '--clusterrole=view', `--user=${user}`, '-n', theirs]);
  const can = () => kubectl(['auth', 'can-i', 'list', 'configmaps', `--as=${user}`, '-n', theirs]).catch(() => 'no');
  await expect.poll(async () => (await can()).trim(), { timeout: 10_000 }).toBe('yes');
  await withEditor(async (editor) => {
    await edit(editor, `get configmaps -n ${mine},${theirs} -l team=red`, 'allowed', 'denied');
    await editor.command('%s/team=red/team=blue/');
    await editor.command('write');
    await editor.shows('✗ Left out (1)');
    await editor.keys('y');
    await editor.until(
      'the write',
      async () => (await read('configmap/allowed', '.metadata.labels.team', mine)) === 'blue',
    );
    expect(await read('configmap/denied', '.metadata.labels.team', theirs)).toBe('red');
    await complains(editor, 1, /denied.*✗ .*forbidden/);
    expect(await modified(editor)).toBe(true);
  }, kubeconfig);
});

test('many deletions want their number typed; :g deletes what matches and nothing else', async () => {
  const inside = await fresh();
  const names = Array.from({ length: 12 }, (_, index) => `many-${index}`);
  await create(...names.map((name) => map(name, inside)), map('stays', inside));
  const left = async () => (await read('configmaps', '.items[*].metadata.name', inside)).split(' ');
  // With the one that a controller makes in every namespace.
  await expect.poll(async () => (await left()).length, { timeout: 20_000 }).toBe(14);
  await withEditor(async (editor) => {
    await edit(editor, `get configmaps -n ${inside}`, ...names, 'stays');
    await editor.command('g/ many-/d');
    await editor.command('write');
    await editor.shows('type delete 12 and <CR> to write');
    await editor.shows('! Deleted (12):');
    await editor.keys('y<CR>');
    await editor.keys('<Esc>');
    await editor.until('the question to go', () => !editor.grid.text().includes('type delete 12'));
    await editor.shows('12 deleted');
    expect(await left()).toHaveLength(14);
    await editor.command('write');
    await editor.shows('type delete 12 and <CR> to write');
    await editor.keys('delete 12<CR>');
    await editor.until('the deletions', async () => !(await modified(editor)));
    expect(await left()).toEqual(['kube-root-ca.crt', 'stays']);
  });
});
