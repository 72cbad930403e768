/** Changing a cluster from the editor: keys, questions, results, guards, the journal and the way back. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Editor } from '../lua/harness.ts';
import { patience } from '../patience.ts';
import { create, freshNamespace, kubectl, openTable, putCursorOn, quietPod, withEditor } from './support.ts';

const deployment = (namespace: string, name: string, replicas = 0): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image: 'app:1' }] } },
  },
});

const read = (namespace: string, what: string, path: string): Promise<string> =>
  kubectl(['get', what, `--namespace=${namespace}`, `--output=jsonpath=${path}`]);

/** Whether a line is there, also where the window is too narrow for it. */
const has = (editor: Editor, pattern: RegExp): Promise<void> =>
  editor.until(String(pattern), async () => (await editor.lines()).some((line) => pattern.test(line)));

const stateFolder = (editor: Editor): Promise<string> =>
  editor.lua<string>(`return vim.env.XDG_STATE_HOME .. '/kubectl-live'`);

test('scale by key, see it in the journal, take it back with gu', async () => {
  const namespace = await freshNamespace();
  await create(deployment(namespace, 'web', 1));
  await withEditor(async (editor) => {
    await openTable(editor, `get deployments -n ${namespace}`);
    await putCursorOn(editor, 'web');
    await editor.keys('gS');
    await editor.shows('replicas  1');
    await editor.keys('<C-u>3<CR>');
    await editor.shows('web  1 → 3 replicas');
    await editor.keys('y');
    await editor.reports(`✓ deployments.apps/web in ${namespace}: 1 → 3 replicas`);
    expect(await read(namespace, 'deployment/web', '{.spec.replicas}')).toBe('3');

    await editor.command('Kubectl journal');
    await has(editor, /✓ +\S+ +scale +\S+ deployments.apps\/web +1 → 3 replicas/);
    await putCursorOn(editor, 'web');
    await editor.keys('<CR>');
    await editor.shows('- spec.replicas: 1');
    await editor.shows('+ spec.replicas: 3');
    await editor.keys('q');
    await editor.keys('gu');
    await editor.shows('web  spec.replicas: 3 → 1');
    await editor.keys('y');
    await has(editor, /revert .*is as before/);
    expect(await read(namespace, 'deployment/web', '{.spec.replicas}')).toBe('1');
    const folder = await stateFolder(editor);
    expect((statSync(folder).mode & 0o777).toString(8)).toBe('700');
    for (const file of readdirSync(folder)) {
      expect((statSync(join(folder, file)).mode & 0o777).toString(8), file).toBe('600');
    }
  });
});

test('a value of a secret that is labelled and deleted is in no file of the journal', async () => {
  const namespace = await freshNamespace();
  const value = Buffer.from('HiddenValue4711').toString('base64');
  await create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'hush', namespace },
    data: { key: value },
  });
  await withEditor(async (editor) => {
    await openTable(editor, `get secrets -n ${namespace}`);
    await putCursorOn(editor, 'hush');
    await editor.keys('ga');
    await editor.shows('label…');
    await editor.keys('label<CR>');
    await editor.shows('KEY- removes');
    await editor.keys('tier=web<CR>');
    await editor.shows('[y] label');
    await editor.keys('y');
    await editor.reports('+ tier=web');
    await editor.keys('gD');
    await editor.shows('The journal keeps no values of secrets: they are lost.');
    await editor.keys('y');
    await editor.reports(`secrets/hush in ${namespace}: deleted`);
    const folder = await stateFolder(editor);
    for (const file of readdirSync(folder)) {
      const text = readFileSync(join(folder, file), 'latin1');
      expect(text.includes('hush') || !file.endsWith('sqlite-wal')).toBe(true);
      expect(text.includes(value) || text.includes('HiddenValue4711'), file).toBe(false);
    }
  });
});

test('a read-only context refuses keys and commands alike, until the guard is changed', async () => {
  const namespace = await freshNamespace();
  await create(quietPod(namespace, 'kept'));
  const guards = `require('kubectl').setup({ guards = { ['*'] = { mode = 'read-only' } } })`;
  const setup = `vim.api.nvim_create_autocmd('VimEnter', { callback = function() ${guards} end })`;
  await withEditor(
    async (editor) => {
      await openTable(editor, `get pods -n ${namespace}`);
      await editor.shows(' read-only ');
      await putCursorOn(editor, 'kept');
      await editor.keys('gD');
      await editor.shows('only a dry run is possible');
      await editor.keys('d');
      await editor.reports('would be deleted');
      await editor.command(`Kubectl delete pods --all -n ${namespace}`);
      await editor.reports('is read-only here: `kubectl delete pods --all');
      expect(await read(namespace, 'pods', '{.items[*].metadata.deletionTimestamp}{.items[*].metadata.name}')).toBe(
        'kept',
      );
      await editor.command('Kubectl guard typed');
      await editor.shows(' guarded ');
      await editor.keys('gD');
      await editor.shows('type kept and <CR> to delete');
      await editor.keys('kept<CR>');
      await editor.reports(`pods/kept in ${namespace}: deleted`);
    },
    undefined,
    { before: setup },
  );
});

test('gR restarts 40 selected deployments; one that is gone does not stop the others and is in the quickfix list', async () => {
  const namespace = await freshNamespace();
  const names = Array.from({ length: 40 }, (_, index) => `web-${String(index).padStart(2, '0')}`);
  await create(...names.map((name) => deployment(namespace, name)));
  await withEditor(async (editor) => {
    await openTable(editor, `get deployments -n ${namespace}`);
    await editor.until('all rows', async () => (await editor.lines()).length === 40);
    await editor.keys('ggVG<Tab>');
    await editor.shows('40 selected');
    await editor.keys('gR');
    await editor.shows('[y] restart');
    await kubectl(['delete', 'deployment', 'web-07', `--namespace=${namespace}`, '--wait=true']);
    await editor.keys('y');
    await editor.reports('39 of 40 done, 1 failed', 20_000);
    const failed = await editor.lua<string[]>(
      `return vim.tbl_map(function(item) return item.text end, vim.fn.getqflist())`,
    );
    expect(failed).toHaveLength(1);
    // Known from the table's watch, or from the server's answer where that was faster.
    expect(failed[0]).toMatch(/is gone: nothing was done to it|"web-07" not found/);
    const restarted = await read(
      namespace,
      'deployments',
      '{.items[*].spec.template.metadata.annotations.kubectl\\.kubernetes\\.io/restartedAt}',
    );
    expect(restarted.split(' ')).toHaveLength(39);
  });
});

test('rollout history and status are shown from kubectl’s own code', async () => {
  const namespace = await freshNamespace();
  await create(deployment(namespace, 'web', 1));
  await withEditor(async (editor) => {
    await openTable(editor, `get deployments -n ${namespace}`);
    await putCursorOn(editor, 'web');
    await editor.keys('ga');
    await editor.shows('restart');
    await editor.keys('history<CR>');
    await editor.shows('REVISION  CHANGE-CAUSE', 20_000);
    await editor.keys('q');
    await editor.keys('ga');
    await editor.shows('restart');
    await editor.keys('status<CR>');
    await editor.shows('successfully rolled out', 20_000);
    await editor.keys('q');
    const image = { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'app:2' };
    await kubectl([
      'patch',
      'deployment/web',
      `--namespace=${namespace}`,
      '--type=json',
      `-p=${JSON.stringify([image])}`,
    ]);
    await kubectl(['rollout', 'status', 'deployment/web', `--namespace=${namespace}`, `--timeout=${20 * patience}s`]);
    await editor.keys('ga');
    await editor.shows('restart');
    await editor.keys('diff<CR>');
    await editor.shows(/-\s+Image:\s+app:1/, 20_000);
    await editor.shows(/\+\s+Image:\s+app:2/);
  });
});
