import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Editor } from '../lua/harness.ts';
import { lab, labKubeconfig, setting, withEditor } from './support.ts';

type Config = {
  clusters: { cluster: Record<string, unknown> }[];
  users: { user: Record<string, unknown> }[];
  'current-context': string;
};

/** The lab's kubeconfig with something changed, in a file of its own. */
const changed = (change: (config: Config) => void): string => {
  const config = parse(readFileSync(labKubeconfig(), 'utf8')) as Config;
  change(config);
  return file('config', stringify(config));
};

const file = (name: string, text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'kubectl-live-bad-')), name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
};

const user = (config: Config, values: Record<string, unknown>): void => {
  const [entry] = config.users;
  if (entry !== undefined) entry.user = values;
};

/** The health report as text. */
const health = async (editor: Editor): Promise<string> => {
  await editor.command('checkhealth kubectl');
  await editor.until('the report', async () => /Backend|backend/.test((await editor.lines()).join('\n')), 20_000);
  await editor.until(
    'the whole report',
    async () => !/waiting|asking/i.test((await editor.lines()).join('\n')),
    20_000,
  );
  return (await editor.lines()).join('\n');
};

/** Whatever was wrong, the backend answers and the editor takes keys. */
const stillAlive = async (editor: Editor): Promise<void> => {
  await editor.lua(`
    _G.alive = nil
    require('kubectl.host').request('contexts', {}, function(err, ok) _G.alive = ok ~= nil or err ~= nil end)`);
  await editor.until('an answer of the backend', async () => (await editor.lua('return _G.alive')) === true);
};

const says = (what: string, kubeconfig: () => string | Promise<string>, seen: RegExp, command = 'Kubectl get pods') =>
  test(what, () =>
    (async () => {
      await withEditor(
        async (editor) => {
          await editor.command(command);
          await editor.shows(seen, 15_000);
          await stillAlive(editor);
        },
        await kubeconfig(),
      );
    })(),
  );

says(
  'no kubeconfig: a page says what was looked for and what to type',
  () => '/nowhere/config',
  /No kubeconfig was found[\s\S]*nowhere/,
);
says(
  'broken YAML names file, line and column',
  () => file('config', 'a: b\n  - c: [\n'),
  /config:\d+:\d+: not valid YAML/,
);
test('an unknown context offers the nearest name', () =>
  withEditor(async (editor) => {
    const { 'current-context': name } = parse(readFileSync(labKubeconfig(), 'utf8')) as Config;
    await editor.command(`Kubectl get pods --context ${name}x`);
    await editor.shows(new RegExp(`no context "${name}x"[^]*[Dd]id you mean "?${name}`), 15_000);
    await stillAlive(editor);
  }));

says(
  'an unknown resource offers the nearest names',
  labKubeconfig,
  /no resource "podz"[\s\S]*pods/,
  'Kubectl get podz',
);
says(
  'a missing login program is named',
  () =>
    changed((config) =>
      user(config, {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'no-such-login',
          interactiveMode: 'Never',
          installHint: 'get it from the shop',
        },
      }),
    ),
  /no-such-login[\s\S]*get it from the shop/,
);
says(
  'an expired client certificate is called that',
  async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'kubectl-live-bad-')), 'config');
    await lab(['kubeconfig', '--name', setting('KUBECTL_LIVE_LAB_NAME'), '--user', 'late', '--expired', '--out', path]);
    return path;
  },
  /certificate[\s\S]*expired|expired[\s\S]*certificate/i,
);
says(
  'a forbidden list says who may not do what',
  async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'kubectl-live-bad-')), 'config');
    await lab(['kubeconfig', '--name', setting('KUBECTL_LIVE_LAB_NAME'), '--user', 'jane', '--out', path]);
    return path;
  },
  /⊘ forbidden: list pods in default \(user jane\)/,
);

test('an unreachable server is said in the view, with the next try, and does not end the backend', async () => {
  const path = changed((config) => {
    const [entry] = config.clusters;
    if (entry !== undefined) entry.cluster.server = 'https://127.0.0.1:1';
  });
  await withEditor(async (editor) => {
    await editor.command('Kubectl get pods');
    await editor.shows(/refused/, 15_000);
    await stillAlive(editor);
    expect(await health(editor)).toMatch(/not reachable/);
  }, path);
});

test('a server certificate of another authority is called unknown', async () => {
  const path = changed((config) => {
    const [entry] = config.clusters;
    if (entry === undefined) return;
    delete entry.cluster['certificate-authority-data'];
  });
  await withEditor(async (editor) => {
    await editor.command('Kubectl get pods');
    await editor.shows(/authority|certificate/i, 15_000);
    await stillAlive(editor);
  }, path);
});

test('a Node that is too old or missing is told before anything starts', async () => {
  const old = file('node', '#!/bin/sh\necho v20.1.0\n');
  const { chmodSync } = await import('node:fs');
  chmodSync(old, 0o700);
  for (const [node, expected] of [
    [old, /20\.1\.0[\s\S]*22\.19/],
    ['/nowhere/node', /nowhere\/node/],
  ] as const) {
    await withEditor(async (editor) => {
      await editor.lua(`require('kubectl').setup({ node = ... })`, node);
      await editor.command('Kubectl get pods');
      await editor.until('the reason', async () =>
        expected.test(
          `${editor.grid.text()}\n${await editor.lua<string>(`return table.concat(require('kubectl.report').history, '\\n')`)}`,
        ),
      );
      expect(await health(editor)).toMatch(expected);
    });
  }
});

test(':checkhealth kubectl on a good cluster names versions, addon, context and rights', () =>
  withEditor(async (editor) => {
    const report = await health(editor);
    expect(report).toMatch(/Node 2\d/);
    expect(report).toMatch(/native addon|sidecar/);
    expect(report).toMatch(/Kubernetes v1\./);
    expect(report).toMatch(/may list pods/);
    expect(report).toMatch(/metrics API/);
  }));
