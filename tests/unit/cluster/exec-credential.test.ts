import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { runExecPlugin } from '../../../src/cluster/exec-credential.ts';
import type { ExecConfig } from '../../../src/cluster/kubeconfig-file.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { failure, temporary } from './support.ts';

const V1 = 'client.authentication.k8s.io/v1';
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.c2VjcmV0LXBheWxvYWQ.c2lnbmF0dXJl';

/** A real plugin: a node script given as text. */
const plugin = (script: string, more: Partial<ExecConfig> = {}): ExecConfig => ({
  apiVersion: V1,
  command: process.execPath,
  args: ['-e', script],
  env: {},
  provideClusterInfo: false,
  interactiveMode: 'IfAvailable',
  ...more,
});

const options = {
  clock: systemClock,
  env: process.env,
  context: 'prod',
  cluster: { server: 'https://api.test', caPem: 'PEM', tlsServerName: 'name' },
  execConfig: { audience: 'x' },
};

const print = (value: unknown): string => `console.log(${JSON.stringify(JSON.stringify(value))})`;
const credential = (status: object, apiVersion = V1) => print({ kind: 'ExecCredential', apiVersion, status });

test('reads a token with its end, or a certificate with its key', async () => {
  const expirationTimestamp = '2030-01-01T00:00:00Z';
  expect(await runExecPlugin(plugin(credential({ token: TOKEN, expirationTimestamp })), options)).toEqual({
    token: TOKEN,
    expiresAt: Date.parse(expirationTimestamp),
  });
  const beta = 'client.authentication.k8s.io/v1beta1';
  const pair = { clientCertificateData: 'C', clientKeyData: 'K' };
  expect(await runExecPlugin(plugin(credential(pair, beta), { apiVersion: beta }), options)).toEqual({
    certPem: 'C',
    keyPem: 'K',
  });
});

test('gives arguments, environment and the cluster, and no terminal', async () => {
  const seen = join(temporary(), 'seen.json');
  const script = `
    const input = require('fs').readFileSync(0, 'utf8');
    require('fs').writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ args: process.argv.slice(1), own: process.env.OWN, input,
      info: JSON.parse(process.env.KUBERNETES_EXEC_INFO), tty: process.stdin.isTTY ?? false }));
    ${credential({ token: TOKEN })}`;
  const exec = plugin(script, {
    args: ['-e', script, '--', 'a b', '$(touch x)'],
    env: { OWN: 'o' },
    provideClusterInfo: true,
  });
  await runExecPlugin(exec, options);
  expect(JSON.parse(readFileSync(seen, 'utf8'))).toEqual({
    args: ['a b', '$(touch x)'],
    own: 'o',
    input: '',
    tty: false,
    info: {
      kind: 'ExecCredential',
      apiVersion: V1,
      spec: {
        interactive: false,
        cluster: {
          server: 'https://api.test',
          'tls-server-name': 'name',
          'certificate-authority-data': Buffer.from('PEM').toString('base64'),
          config: { audience: 'x' },
        },
      },
    },
  });
  await runExecPlugin({ ...exec, provideClusterInfo: false }, options);
  expect(JSON.parse(readFileSync(seen, 'utf8')).info.spec).toEqual({ interactive: false });
});

test.each([
  ['console.log("")', 'printed nothing'],
  [`console.log('${TOKEN}')`, 'printed something that is not JSON'],
  [`console.log(JSON.stringify('${TOKEN}'))`, 'printed JSON that is not an ExecCredential'],
  ['console.log("null")', 'printed JSON that is not an ExecCredential'],
  [
    credential({ token: TOKEN }, 'client.authentication.k8s.io/v1beta1'),
    'answered in client.authentication.k8s.io/v1beta1',
  ],
  [credential({}), 'printed neither a token nor a client certificate'],
  [print({ kind: 'ExecCredential', apiVersion: V1 }), 'printed neither a token'],
  [credential({ clientCertificateData: 'C' }), 'a certificate without its key'],
  [credential({ token: TOKEN, expirationTimestamp: 'soon' }), 'an expirationTimestamp that is not a time'],
  [
    `console.error('SSO session ended, run: sso login\\u001b[31m ${TOKEN} password=hunter2'); process.exit(3)`,
    'failed with exit code 3: SSO session ended, run: sso login',
  ],
  ['process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 1e6)', 'was ended by SIGTERM'],
])('rubbish is named but never quoted: %s', async (script, words) => {
  const error = await failure(runExecPlugin(plugin(script), options));
  expect(error).toMatchObject({ name: 'ClusterError', code: 'unauthorized' });
  expect(error.message).toContain('The login plugin of context "prod"');
  expect(error.message).toContain(words);
  for (const secret of [TOKEN, 'hunter2', '\u001b']) expect(`${error.message} ${error.hint}`).not.toContain(secret);
});

test('a missing program gives the hint of the kubeconfig', async () => {
  const exec = plugin('', { command: 'no-such-login-plugin', installHint: 'brew install it' });
  const error = await failure(runExecPlugin(exec, options));
  expect(error).toMatchObject({ code: 'unauthorized', hint: 'brew install it' });
  expect(error.message).toBe('The login plugin of context "prod" was not found: no-such-login-plugin.');
});

test.each([
  [{ interactiveMode: 'Always' }, 'there is no terminal here'],
  [{ apiVersion: 'client.authentication.k8s.io/v1alpha1' }, 'which is not supported'],
  [{ command: '' }, 'has no command'],
])('refuses what it cannot do without running it: %o', async (more, words) => {
  const error = await failure(runExecPlugin(plugin('', more), options));
  expect(error.message).toContain(words);
});

test('a plugin that takes long is told, with what it says meanwhile', async () => {
  const words: string[] = [];
  const release = join(temporary(), 'release');
  const script = `
    const fs = require('fs');
    console.error('To sign in, open https://login.test/device and enter the code ABC-123');
    setInterval(() => { if (fs.existsSync(${JSON.stringify(release)})) { ${credential({ token: TOKEN })}; process.exit(0); } }, 10)`;
  const started = runExecPlugin(plugin(script), { ...options, onWait: (text) => words.push(text) });
  await vi.waitFor(() => expect(words.join()).toContain('enter the code ABC-123'), { timeout: 10_000 });
  writeFileSync(release, '');
  expect(await started).toEqual({ token: TOKEN });
  expect(words[0]).toContain('Waiting for the login plugin of context "prod"');
  const told = words.length;
  const clock = { now: systemClock.now, after: () => () => {} };
  await runExecPlugin(plugin(credential({ token: TOKEN })), { ...options, clock, onWait: (text) => words.push(text) });
  expect(words).toHaveLength(told);
});

test('a plugin that hangs is ended with its children when its time is over', async () => {
  const pidFile = join(temporary(), 'pid');
  writeFileSync(pidFile, '');
  const script = `
    const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    require('fs').writeFileSync(${JSON.stringify(pidFile)}, String(child.pid));
    console.error('waiting for the browser'); setInterval(() => {}, 1000)`;
  // Time is over once the child of the plugin is known to run.
  const clock = {
    now: systemClock.now,
    after: (_ms: number, task: () => void) => {
      const timer = setInterval(() => {
        if (readFileSync(pidFile, 'utf8') === '') return;
        clearInterval(timer);
        task();
      }, 20);
      return () => clearInterval(timer);
    },
  };
  const error = await failure(runExecPlugin(plugin(script), { ...options, clock, timeoutMs: 60_000 }));
  expect(error.message).toContain('gave no credential within 60 s');
  const pid = Number(readFileSync(pidFile, 'utf8'));
  const alive = () => {
    try {
      process.kill(pid, 0);
      // A killed process whose new parent has not collected it yet is no longer running.
      return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  };
  for (let tries = 0; alive() && tries < 100; tries += 1) await setTimeout(20);
  expect(alive()).toBe(false);
});
