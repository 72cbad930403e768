/** 38. An addon that cannot be loaded: the kubectl program does its work, and it is said; without that, what to install. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtAddon, platformName } from '../../src/native/platform.ts';
import { root } from '../lua/harness.ts';
import { create, freshNamespace, kubectl, openTable, putCursorOn, quietPod, withEditor } from './support.ts';

/** The plugin with an addon that is none, and without the sidecar. */
let plugin: string;

beforeAll(() => {
  plugin = mkdtempSync(join(tmpdir(), 'kubectl-live-plugin-'));
  for (const name of ['lua', 'plugin', 'package.json', 'node_modules'])
    symlinkSync(join(root, name), join(plugin, name));
  cpSync(join(root, 'dist'), join(plugin, 'dist'), {
    recursive: true,
    filter: (file) => !/dist\/(native|cache)/.test(file),
  });
  const addon = builtAddon(platformName());
  mkdirSync(join(plugin, 'dist', 'native'));
  writeFileSync(join(plugin, addon), 'this is no addon');
});
afterAll(() => rmSync(plugin, { recursive: true, force: true }));

test('descriptions and rollouts are the same through kubectl, which is said once; :checkhealth says why', async () => {
  const namespace = await freshNamespace();
  await create(quietPod(namespace, 'one', { tier: 'before' }));
  await kubectl(['create', 'deployment', 'web', '-n', namespace, '--image=example/main', '--replicas=0']);
  await withEditor(
    async (editor) => {
      await editor.command(`Kubectl describe pod one -n ${namespace}`);
      await editor.shows('tier=before', 20_000);
      await editor.reports('Descriptions, drains and rollouts go through the kubectl program.');
      await editor.shows('● live');
      const text = (await editor.lines()).join('\n').trimEnd();
      expect(`${text}\n`).toBe(await kubectl(['describe', 'pod', 'one', `--namespace=${namespace}`]));
      await kubectl(['label', 'pod', 'one', 'tier=after', '--overwrite', `--namespace=${namespace}`]);
      await editor.shows('tier=after');
      await editor.keys('q');
      await openTable(editor, `get deployments -n ${namespace}`);
      await putCursorOn(editor, 'web');
      await editor.keys('ga');
      await editor.shows('restart');
      await editor.keys('history<CR>');
      await editor.shows('REVISION  CHANGE-CAUSE', 20_000);
      const said = await editor.lua<string[]>(`return require('kubectl.report').history`);
      expect(said.filter((each) => each.includes('through the kubectl program'))).toHaveLength(1);
      await editor.command('checkhealth kubectl');
      await editor.until(
        'the reason',
        async () => /the addon: .* damaged/.test((await editor.lines()).join('\n')),
        20_000,
      );
    },
    undefined,
    { root: plugin },
  );
});

test('with no kubectl either it is said what to install, and tables are as ever', async () => {
  const namespace = await freshNamespace();
  await create(quietPod(namespace, 'one'));
  await withEditor(
    async (editor) => {
      await openTable(editor, `get pods -n ${namespace}`);
      await putCursorOn(editor, 'one');
      await editor.keys('gd');
      await editor.shows('Install Go and a C++');
      await editor.shows('● live');
    },
    undefined,
    { root: plugin, env: { PATH: join(plugin, 'lua') } },
  );
});
