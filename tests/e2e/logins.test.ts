/** Tables whose first opening fails because nobody can log in: what they say, and how they come. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { certificate } from '../faults/certificate.ts';
import type { Editor } from '../lua/harness.ts';
import { create, freshNamespace, kubectl, labKubeconfig, quietPod, withEditor } from './support.ts';

type Entry = Readonly<Record<string, string>>;
type Kubeconfig = {
  readonly clusters: readonly { readonly cluster: Entry }[];
  readonly users: readonly { readonly user: Entry }[];
};

/** A kubeconfig of the lab whose user is another, and a folder for what that one needs. */
const setUp = async (user: (folder: string) => object) => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-live-logins-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { clusters, users } = parse(readFileSync(labKubeconfig(), 'utf8')) as Kubeconfig;
  const path = join(folder, 'config');
  const write = (): void =>
    writeFileSync(
      path,
      JSON.stringify({
        'current-context': 'it',
        clusters: [{ name: 'c', cluster: clusters[0]?.cluster }],
        users: [{ name: 'u', user: user(folder) }],
        contexts: [{ name: 'it', context: { cluster: 'c', user: 'u' } }],
      }),
    );
  write();
  const namespace = await freshNamespace();
  await create(quietPod(namespace, 'waited-for'));
  return { folder, path, write, namespace, admin: users[0]?.user ?? {} };
};

/** A login plugin that refuses until somebody has logged in, then gives the lab's certificate; it counts its runs. */
const plugin =
  (interactiveMode: string) =>
  (folder: string): object => {
    const status = { status: join(folder, 'status'), runs: join(folder, 'runs') };
    const script = `const fs = require('fs');
      const at = ${JSON.stringify(status.status)};
      const status = fs.existsSync(at) ? JSON.parse(fs.readFileSync(at, 'utf8')) : undefined;
      const runs = ${JSON.stringify(status.runs)};
      fs.appendFileSync(runs, 'x');
      if (status === undefined) {
        console.error('Token has expired: run \\'corp login\\', said ' + fs.statSync(runs).size);
        process.exit(3);
      }
      console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status }));`;
    writeFileSync(join(folder, 'plugin.cjs'), script);
    return {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: process.execPath,
        args: [join(folder, 'plugin.cjs')],
        interactiveMode,
      },
    };
  };

const decode = (text = ''): string => Buffer.from(text, 'base64').toString();

const logIn = (folder: string, admin: Entry): void =>
  writeFileSync(
    join(folder, 'status'),
    JSON.stringify({
      clientCertificateData: decode(admin['client-certificate-data']),
      clientKeyData: decode(admin['client-key-data']),
    }),
  );

const runs = (folder: string): number => readFileSync(join(folder, 'runs'), 'utf8').length;

const page = async (editor: Editor): Promise<string> => (await editor.lines()).join('\n');

const refused = async (editor: Editor, words: string): Promise<void> => {
  await editor.shows('⚿ login expired: ', 20_000);
  await editor.until(`the page with '${words}'`, async () => (await page(editor)).includes(words));
};

test('a plugin that may ask is run once; the page says what it says, and the table comes when the kubeconfig is written', async () => {
  const { folder, path, write, namespace, admin } = await setUp(plugin('IfAvailable'));
  await withEditor(async (editor) => {
    await editor.command(`Kubectl get pods -n ${namespace}`);
    await refused(editor, `failed with exit code 3: Token has expired: run 'corp login'`);
    expect(await page(editor)).toContain(`in a terminal to log in again.`);
    expect(await page(editor)).toContain('It is not run again by itself');
    expect(runs(folder)).toBe(1);
    // What a line means needs no login.
    await editor.command('Kubectl guard');
    await editor.reports('context it');
    expect(runs(folder)).toBe(1);
    logIn(folder, admin);
    // The same text: what matters is that somebody wrote it.
    write();
    await editor.shows('waited-for', 20_000);
    await editor.shows('● live');
    expect(runs(folder)).toBe(2);
  }, path);
});

test('gr in one table brings all tables of its context', async () => {
  const { folder, path, namespace, admin } = await setUp(plugin(''));
  await withEditor(async (editor) => {
    await editor.command(`Kubectl get pods -n ${namespace}`);
    await refused(editor, 'corp login');
    const first = await editor.lua('return vim.api.nvim_get_current_buf()');
    await editor.command(`split | Kubectl get namespaces`);
    await editor.until(
      'the other table',
      async () => (await editor.lua('return vim.api.nvim_get_current_buf()')) !== first,
    );
    await refused(editor, 'said 2');
    expect(runs(folder)).toBe(2);
    await editor.keys('gr');
    // Who asks while it still runs hears what that run says.
    await refused(editor, 'said 3');
    expect(runs(folder)).toBe(3);
    logIn(folder, admin);
    await editor.keys('gr');
    await editor.shows('waited-for', 20_000);
    await editor.until('both tables', () => editor.grid.text().split('● live').length === 3);
    expect(runs(folder)).toBe(4);
  }, path);
});

test('a plugin that never asks is run again by itself', async () => {
  const { folder, path, namespace, admin } = await setUp(plugin('Never'));
  await withEditor(async (editor) => {
    await editor.command(`Kubectl get pods -n ${namespace}`);
    await refused(editor, 'It is tried again in 30 s');
    logIn(folder, admin);
    await editor.shows('waited-for', 45_000);
    expect(runs(folder)).toBe(2);
  }, path);
});

test('a token file that is missing, then refused, is read when it is written', async () => {
  const { folder, path, namespace } = await setUp((at) => ({ tokenFile: join(at, 'token') }));
  const token = join(folder, 'token');
  await kubectl(['create', 'serviceaccount', 'reader', `--namespace=${namespace}`]);
  await kubectl([
    ...['create', 'rolebinding', 'reader', '--clusterrole=view', `--namespace=${namespace}`],
    `--serviceaccount=${namespace}:reader`,
  ]);
  await withEditor(async (editor) => {
    await editor.command(`Kubectl get pods -n ${namespace}`);
    await refused(editor, `cannot be read: ${token} (no such file)`);
    writeFileSync(token, 'nobody');
    await refused(editor, 'Unauthorized');
    writeFileSync(token, await kubectl(['create', 'token', 'reader', `--namespace=${namespace}`]));
    await editor.shows('waited-for', 20_000);
    await editor.shows('● live');
  }, path);
});

test('a client certificate that has ended is told with its date, and the one that takes its place is used', async () => {
  const { folder, path, namespace } = await setUp((at) => {
    certificate(at, -1);
    return { 'client-certificate': join(at, 'client.crt'), 'client-key': join(at, 'client.key') };
  });
  await withEditor(async (editor) => {
    await editor.command(`Kubectl get pods -n ${namespace}`);
    await refused(editor, 'expired on 2');
    certificate(folder, 600);
    await editor.shows('waited-for', 20_000);
    await editor.shows('● live');
  }, path);
});

test('a plugin that hangs is said to, is run once for all who wait, and ends with the editor', async () => {
  const { folder, path, namespace } = await setUp((at) => {
    const { exec } = plugin('IfAvailable')(at) as { readonly exec: { readonly args: readonly string[] } };
    const [script = ''] = exec.args;
    const note = (name: string, text: string): string =>
      `require('fs').appendFileSync(${JSON.stringify(join(at, name))}, ${text});`;
    const waits = `console.error('open http://corp/login'); setTimeout(() => {}, 120_000);`;
    writeFileSync(script, [note('runs', `'x'`), note('pid', 'String(process.pid)'), waits].join('\n'));
    return { exec };
  });
  await withEditor(async (editor) => {
    await editor.command(`Kubectl get pods -n ${namespace}`);
    await editor.reports('Waiting for the login plugin of context "it"', 20_000);
    await editor.reports('open http://corp/login', 20_000);
    // A second table waits for the same run.
    const first = await editor.lua('return vim.api.nvim_get_current_buf()');
    await editor.command(`split | Kubectl get namespaces`);
    await editor.until(
      'the other table',
      async () => (await editor.lua('return vim.api.nvim_get_current_buf()')) !== first,
    );
  }, path);
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  const ended = (): boolean => {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  };
  await expect.poll(ended, { timeout: 3_000 }).toBe(true);
  expect(runs(folder)).toBe(1);
});
