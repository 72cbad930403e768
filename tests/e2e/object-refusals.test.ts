/** `:w` that does not go through, in a real Neovim: who says no and why is told, and the text always stays. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startProxy } from '../faults/proxy.ts';
import { adminOf } from '../faults/support.ts';
import type { Editor } from '../lua/harness.ts';
import { runId } from '../run-id.ts';
import { marked, ownRoom, problemCount, replace, stays, textOf, write, written } from './object-support.ts';
import { create, kubectl, lab, labKubeconfig, setting, withEditor } from './support.ts';

const room = ownRoom();

const map = (name: string) => room.map(name, { a: 'one' });

const value = (name: string): Promise<string> => room.value(name, 'a');

/** Waits for a message. */
const told = (editor: Editor, what: RegExp): Promise<void> =>
  editor.until(`a message like ${what}`, async () =>
    (await editor.lua<string[]>(`return require('kubectl.report').history`)).some((message) => what.test(message)),
  );

test('quota, immutable fields and unknown ones are on their lines; mended, the same text is applied', () =>
  withEditor(async (editor) => {
    await create(
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'front', namespace: room.namespace },
        spec: { selector: { app: 'x' }, ports: [{ port: 80 }] },
      },
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'few', namespace: room.namespace },
        spec: { hard: { 'services.nodeports': '0' } },
      },
    );
    await expect
      .poll(() => kubectl(['get', 'quota', 'few', '-n', room.namespace, '-o', 'jsonpath={.status.hard}']), {
        timeout: 20_000,
      })
      .toContain('nodeports');
    await room.edit(editor, 'services', 'front');
    await replace(editor, 'type: ClusterIP', 'type: NodePort');
    await editor.command('write');
    expect((await marked(editor))[1]).toMatch(/exceeded quota: few/);
    await stays(editor, 'type: NodePort');
    await replace(editor, 'type: NodePort', 'type: ClusterIP');
    await editor.command('%s/clusterIP: .*/clusterIP: 10.0.0.99/');
    await editor.command('write');
    const [line, message] = await marked(editor);
    expect(line).toMatch(/clusterIP|- 10\./);
    expect(message).toMatch(/immutable|may not change|field is/);
    await editor.command('edit!');
    await replace(editor, '  selector:', '  selectr: {}\\r  selector:');
    await editor.command('write');
    const [unknown, why] = await marked(editor);
    expect(unknown).toContain('selectr');
    expect(why).toMatch(/unknown field|not declared/);
    await editor.command('g/selectr/d');
    await replace(editor, 'app: x', 'app: other');
    await editor.command('write');
    await editor.shows(/~ spec\.selector\.app: x → other/);
    expect(await problemCount(editor)).toBe(0);
    expect(editor.grid.text()).not.toContain('The lines are marked');
    await editor.keys('n');
  }));

test('who may read but not patch is told so, by name of the right', async () => {
  const user = `reader-${runId}`;
  const kubeconfig = join(mkdtempSync(join(tmpdir(), 'kubectl-live-reader-')), 'config');
  await lab(['kubeconfig', '--name', setting('KUBECTL_LIVE_LAB_NAME'), '--user', user, '--out', kubeconfig]);
  await create(map('readable'));
  await kubectl(['create', 'rolebinding', user, '--clusterrole=view', `--user=${user}`, '-n', room.namespace]);
  await withEditor(async (editor) => {
    const [name = ''] = (await kubectl(['config', 'get-contexts', '-o', 'name'], undefined, kubeconfig)).split('\n');
    await expect
      .poll(() => kubectl(['get', 'cm', 'readable', '-n', room.namespace], undefined, kubeconfig).catch(() => ''), {
        timeout: 10_000,
      })
      .toContain('readable');
    await room.edit(editor, 'configmaps', 'readable', name);
    await replace(editor, 'a: one', 'a: two');
    await editor.command('write');
    await editor.reports('cannot patch resource "configmaps"');
    await stays(editor, 'a: two');
    expect(await value('readable')).toBe('one');
    // The menu knows before.
    await editor.keys('ga');
    await editor.shows(/delete… +\(not allowed: delete configmaps/);
    await editor.shows(/label… +\(not allowed: patch configmaps/);
    await editor.keys('<Esc>');
  }, kubeconfig);
});

test('the server goes away while a write is planned, and while it is made: nothing is lost, and it can be done again', async () => {
  await create(map('fragile'));
  const proxy = await startProxy(adminOf(labKubeconfig()));
  const kubeconfig = join(mkdtempSync(join(tmpdir(), 'kubectl-live-proxy-')), 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'proxied',
    clusters: [{ name: 'proxied', cluster: { server: proxy.url } }],
    users: [{ name: 'proxied', user: {} }],
    contexts: [{ name: 'proxied', context: { cluster: 'proxied', user: 'proxied' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  try {
    await withEditor(async (editor) => {
      await room.edit(editor, 'configmaps', 'fragile', 'proxied');
      await replace(editor, 'a: one', 'a: two');
      proxy.intercept(({ query }) => (query.dryRun === undefined ? undefined : { refuse: 'reset' }));
      await editor.command('write');
      await told(editor, /closed the connection/);
      await stays(editor, 'a: two');
      proxy.heal();
      proxy.intercept(({ query }) =>
        query.fieldManager !== undefined && query.dryRun === undefined ? { refuse: 'reset' } : undefined,
      );
      await write(editor);
      await editor.reports('✗ configmaps/fragile');
      await editor.reports('Your text is still here');
      await stays(editor, 'a: two');
      expect(await value('fragile')).toBe('one');
      proxy.heal();
      await write(editor);
      await written(editor);
      expect(await value('fragile')).toBe('two');
      // Done, and the answer is lost: nobody here knows.
      proxy.intercept(({ query }) =>
        query.fieldManager !== undefined && query.dryRun === undefined ? { lose: true } : undefined,
      );
      await replace(editor, 'a: two', 'a: three');
      // The write before was told of in the same words.
      await editor.lua(`require('kubectl.report').history = {}`);
      await write(editor);
      await editor.reports('It may have been done all the same: look before you do it again.');
      proxy.heal();
      await editor.command('write');
      await editor.reports('Nothing to apply');
      await written(editor);
      expect(await value('fragile')).toBe('three');
    }, kubeconfig);
  } finally {
    await proxy.dispose();
  }
});

test('guards hold for :w: read-only never writes, typed wants the name; without confirm_write it is just written', () =>
  withEditor(async (editor) => {
    await create(map('guarded'));
    await room.edit(editor, 'configmaps', 'guarded');
    await replace(editor, 'a: one', 'a: two');
    await editor.command('Kubectl guard read-only');
    await editor.reports(': read-only (');
    await editor.command('write');
    await editor.shows(/only a dry run is possible/);
    await editor.keys('n');
    await editor.until('the text', async () => (await textOf(editor)).includes('kind: ConfigMap'));
    expect(await value('guarded')).toBe('one');
    await stays(editor, 'a: two');
    await editor.command('Kubectl guard typed');
    await editor.reports(': typed (');
    await editor.lua(`require('kubectl.config').get().confirm_write = false`);
    await editor.command('write');
    await editor.shows('Apply configmap guarded');
    await editor.keys('guarded<CR>');
    await written(editor);
    expect(await value('guarded')).toBe('two');
    await editor.command('Kubectl guard open');
    await editor.reports(': open (');
    await replace(editor, 'a: two', 'a: three');
    await editor.command('write');
    await written(editor);
    expect(await value('guarded')).toBe('three');
  }));

test('a write is in the journal, and is taken back from there', () =>
  withEditor(async (editor) => {
    await create(map('noted'));
    await room.edit(editor, 'configmaps', 'noted');
    await replace(editor, 'a: one', 'a: two');
    await write(editor);
    await written(editor);
    await editor.command('Kubectl journal');
    await editor.until('the entry', async () => /apply.*noted/.test(await textOf(editor)));
    await editor.command('/noted/');
    await editor.keys('gu');
    await editor.shows('[y]');
    await editor.keys('y');
    await expect.poll(() => value('noted'), { timeout: 10_000 }).toBe('one');
    await editor.command('only');
    await room.edit(editor, 'configmaps', 'noted');
    await editor.until('the text to follow', async () => (await textOf(editor)).includes('a: one'));
  }));

test('a status is not changed by accident: the text is refused there, and nothing was written', () =>
  withEditor(async (editor) => {
    await kubectl(['create', 'deployment', 'idle', '-n', room.namespace, '--image=example/main', '--replicas=1']);
    await expect
      .poll(() => kubectl(['get', 'deployment', 'idle', '-n', room.namespace, '-o', 'jsonpath={.status.replicas}']), {
        timeout: 20_000,
      })
      .toBe('1');
    await room.edit(editor, 'deployments.apps', 'idle');
    // Until it has come to rest its controller changes the same lines.
    await editor.until('the last status', async () => {
      const text = await textOf(editor);
      return /^ {2}availableReplicas: 1$/m.test(text) && text.includes('reason: NewReplicaSetAvailable');
    });
    // All of them: a status the server would take. Only `replicas`: one that it would not.
    for (const changed of ['eplicas: 1', '  replicas: 1']) {
      await replace(editor, changed, changed.replace('1', '0'));
      await editor.command('write');
      const [line, message] = await marked(editor);
      expect([line, message]).toEqual(['status:', expect.stringContaining('This changes the status')]);
      await stays(editor, 'replicas: 0');
      await editor.command('edit!');
      await editor.until('the text as it was', async () => /^ {2}replicas: 1$/m.test(await textOf(editor)));
    }
  }));
