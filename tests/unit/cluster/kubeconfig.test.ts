import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { contextInfos, findContext, loadKubeconfig } from '../../../src/cluster/kubeconfig.ts';
import { failure, temporary } from './support.ts';

const write = (path: string, text: string): string => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};

const config = (name: string, more = ''): string => `
current-context: ${name}
clusters: [{name: ${name}, cluster: {server: "https://${name}.test:6443/", certificate-authority: ca.crt}}]
users: [{name: ${name}, user: {token: secret-${name}, client-key: keys/k}}]
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}, namespace: shop}}]
${more}`;

const load = (env: Record<string, string>, home = '/nowhere') => loadKubeconfig({ env, home });

test('reads the default path, with paths relative to the file, and shows contexts without credentials', async () => {
  const home = temporary();
  const path = write(join(home, '.kube/config'), config('prod'));
  const before = [readFileSync(path, 'utf8'), statSync(path).mtimeMs];
  const loaded = await load({}, home);
  expect(loaded).toMatchObject({ files: [path], variable: path, current: 'prod', problems: [] });
  expect(contextInfos(loaded)).toEqual([
    { name: 'prod', cluster: 'prod', server: 'https://prod.test:6443', user: 'prod', namespace: 'shop' },
  ]);
  expect(findContext(loaded, '')).toMatchObject({
    name: 'prod',
    cluster: { caFile: join(home, '.kube/ca.crt'), insecure: false },
    user: { token: 'secret-prod', keyFile: join(home, '.kube/keys/k') },
  });
  expect([readFileSync(path, 'utf8'), statSync(path).mtimeMs]).toEqual(before);
});

test('merges KUBECONFIG like kubectl: the first file wins, missing ones are passed over', async () => {
  const dir = temporary();
  const first = write(join(dir, 'a'), config('a').replace('current-context: a', ''));
  const second = write(
    join(dir, 'b'),
    config('b', '').replace('name: b, cluster: {server: "https://b', 'name: a, cluster: {server: "https://b'),
  );
  const third = write(join(dir, 'c'), config('c'));
  const loaded = await load({ KUBECONFIG: [first, join(dir, 'missing'), second, third, first, ''].join(':') });
  expect(loaded.files).toEqual([first, second, third]);
  expect(loaded.current).toBe('b');
  expect(loaded.clusters.get('a')?.server).toBe('https://a.test:6443');
  expect([...loaded.contexts.keys()]).toEqual(['a', 'b', 'c']);
  expect(loaded.problems).toEqual(['Context "b" names the cluster "b", which is not defined.']);
});

test('reads every kind of login', async () => {
  const path = write(
    join(temporary(), 'c'),
    `
clusters:
- name: c
  cluster:
    server: https://c
    insecure-skip-tls-verify: true
    disable-compression: true
    tls-server-name: api.test
    proxy-url: socks5://p:1080
    extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: x}}]
users:
- name: u
  user:
    as: jane
    as-uid: u-1
    as-groups: [a, b]
    as-user-extra: {team: [x]}
    tokenFile: token
    exec: {apiVersion: v1, command: bin/login, args: [1, two], env: [{name: A, value: b}], provideClusterInfo: true, interactiveMode: Never, installHint: get it}
- {name: o, user: {auth-provider: {name: oidc, config: {client-id: x}}, username: n, password: 1234}}
- {name: nothing}
contexts:
- {name: c, context: {cluster: c, user: u}}
- {name: anonymous, context: {cluster: c}}
`,
  );
  const loaded = await load({ KUBECONFIG: path });
  expect(loaded.problems).toEqual([]);
  expect(loaded.clusters.get('c')).toEqual({
    server: 'https://c',
    insecure: true,
    disableCompression: true,
    tlsServerName: 'api.test',
    proxyUrl: 'socks5://p:1080',
    execConfig: { audience: 'x' },
  });
  expect(loaded.users.get('u')).toEqual({
    impersonate: { user: 'jane', uid: 'u-1', groups: ['a', 'b'], extra: { team: ['x'] } },
    tokenFile: join(dirname(path), 'token'),
    exec: {
      apiVersion: 'v1',
      command: join(dirname(path), 'bin/login'),
      args: ['1', 'two'],
      env: { A: 'b' },
      provideClusterInfo: true,
      interactiveMode: 'Never',
      installHint: 'get it',
    },
  });
  expect(loaded.users.get('o')).toEqual({
    authProvider: { name: 'oidc', config: { 'client-id': 'x' } },
    username: 'n',
    password: '1234',
  });
  expect(findContext(loaded, 'anonymous')).toMatchObject({ user: {}, context: { namespace: 'default' } });
});

test('nothing to read: says what was looked for and what to type', async () => {
  const none = await load({}, '/nowhere');
  expect(none.problems).toHaveLength(1);
  expect(none.problems[0]).toContain('KUBECONFIG is not set and there is no /nowhere/.kube/config');
  expect(none.problems[0]).toContain(':Kubectl demo');
  const named = await load({ KUBECONFIG: '/nowhere/a:/nowhere/b' });
  expect(named.problems[0]).toContain('KUBECONFIG names /nowhere/a and /nowhere/b, none of which exists');
  expect(await failure((async () => findContext(named, ''))())).toMatchObject({ code: 'not-found' });
  const empty = await load({ KUBECONFIG: write(join(temporary(), 'empty'), '') });
  expect(empty.problems[0]).toContain('No context is defined in');
});

test('broken YAML names the line and quotes nothing; other files go on', async () => {
  const dir = temporary();
  const good = write(join(dir, 'good'), config('good'));
  for (const broken of [
    'a: 1\nusers: [{name: x, user: {token: hunter2}\nb: [',
    'a: "hunter2',
    'a: b: hunter2',
    '\thunter2: - ]',
  ]) {
    const bad = write(join(dir, 'bad'), broken);
    const loaded = await load({ KUBECONFIG: `${bad}:${good}` });
    expect(loaded.current).toBe('good');
    expect(loaded.problems[0]).toMatch(new RegExp(`^${bad}:\\d+:\\d+: not valid YAML`));
    expect(loaded.problems.join()).not.toContain('hunter2');
  }
});

test.each([
  ['just text', 'is not a kubeconfig'],
  ['[1]', 'is not a kubeconfig'],
  ['clusters: {a: b}', '`clusters` must be a list'],
  ['users: [{user: {token: hunter2}}]', 'users[0] has no name'],
  ['current-context: x', 'The current context "x" is not defined'],
  ['contexts: [{name: c, context: {cluster: c, user: u}}]', 'Context "c" names the cluster "c", which is not defined.'],
])('odd content %s is told and survived', async (text, words) => {
  const loaded = await load({ KUBECONFIG: write(join(temporary(), 'odd'), text) });
  expect(loaded.problems.join('\n')).toContain(words);
  expect(loaded.problems.join()).not.toContain('hunter2');
});

test('an unreadable path is told', async () => {
  const path = temporary();
  expect((await load({ KUBECONFIG: path })).problems[0]).toBe(`${path} cannot be read: EISDIR.`);
  const denied = Object.assign(new Error('no'), { code: 'EACCES' });
  const readFile = () => Promise.reject(denied);
  const loaded = await loadKubeconfig({ env: { KUBECONFIG: '/x/config' }, readFile });
  expect(loaded.problems[0]).toBe('/x/config cannot be read: permission denied.');
});

test('an unknown context offers the nearest', async () => {
  const path = write(join(temporary(), 'c'), config('production'));
  const loaded = await load({ KUBECONFIG: path });
  const error = await failure((async () => findContext(loaded, 'prodction'))());
  expect(error).toMatchObject({ code: 'not-found', hint: 'Did you mean production?' });
  expect(error.message).toBe(`There is no context "prodction" (looked in ${path}).`);
});

test('in a pod without a kubeconfig the service account is used', async () => {
  const serviceAccount = temporary();
  write(join(serviceAccount, 'token'), 't');
  write(join(serviceAccount, 'namespace'), 'ops\n');
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' };
  const loaded = await loadKubeconfig({ env, home: '/nowhere', serviceAccount });
  expect(loaded).toMatchObject({ current: 'in-cluster', problems: [], variable: '' });
  expect(findContext(loaded, '')).toMatchObject({
    context: { namespace: 'ops' },
    cluster: { server: 'https://[fd00::1]:6443', caFile: join(serviceAccount, 'ca.crt') },
    user: { tokenFile: join(serviceAccount, 'token') },
  });
});

test('a file that breaks, empties or goes away counts as it was, and what is wrong is said with its place', async () => {
  const path = join(temporary(), 'config');
  const kept = new Map();
  const read = () => loadKubeconfig({ env: { KUBECONFIG: path }, kept });
  writeFileSync(
    path,
    'contexts:\n  - { name: a, context: { cluster: k } }\nclusters: [{ name: k, cluster: { server: x } }]\n',
  );
  expect((await read()).problems).toEqual([]);
  writeFileSync(path, 'contexts:\n  - { name: b, context: { cluster: k }\nusers: [\n');
  const broken = await read();
  expect([...broken.contexts.keys()]).toEqual(['a']);
  expect(broken.problems).toHaveLength(1);
  expect(broken.problems[0]).toMatch(/config:\d+:\d+: not valid YAML .* What it held before is still used\.$/);
  writeFileSync(path, 'current-context: a\nclusters: [{ name: k, cluster: { server: x } }]\n');
  const cut = await read();
  expect([...cut.contexts.keys()]).toEqual(['a']);
  expect(cut.problems).toEqual([
    `${path} has no contexts any more: it may be half written. What it held before is still used.`,
  ]);
  writeFileSync(path, '\n');
  expect((await read()).problems).toEqual([`${path} is empty. What it held before is still used.`]);
  rmSync(path);
  const gone = await read();
  expect(gone.problems).toEqual([`${path} is gone. What it held before is still used.`]);
  expect([...gone.contexts.keys()]).toEqual(['a']);
  writeFileSync(path, 'clusters: []\ncontexts: []\n');
  expect([...(await read()).contexts.keys()]).toEqual([]);
});
