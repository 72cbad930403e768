import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createConnector, resolveClient } from '../../../src/cluster/connect.ts';
import { loadKubeconfig } from '../../../src/cluster/kubeconfig.ts';
import { answerJson, failure, type Listening, manualClock, readText, serve, temporary } from './support.ts';

const servers: Listening[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const load = async (cluster: object, user: object, directory = temporary()) => {
  const path = join(directory, 'config');
  const entries = {
    'current-context': 'prod',
    clusters: [{ name: 'c', cluster: { server: 'https://api.test', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'prod', context: { cluster: 'c', user: 'u' } }],
  };
  writeFileSync(path, JSON.stringify(entries));
  return { config: await loadKubeconfig({ env: { KUBECONFIG: path } }), directory, path };
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');

test('everything becomes data: files are read, inline data wins, the environment gives the proxy', async () => {
  const directory = temporary();
  for (const name of ['ca', 'cert', 'key']) writeFileSync(join(directory, name), `${name} of the file`);
  const cluster = { 'certificate-authority': 'ca', 'tls-server-name': 'n' };
  const user = {
    'client-certificate': 'cert',
    'client-key': 'key',
    'client-key-data': base64('inline key'),
    as: 'jane',
  };
  const { config, path } = await load(cluster, user, directory);
  const env = { HTTPS_PROXY: 'proxy.test:3128' };
  const spec = await resolveClient(config, 'prod', { clock: manualClock(), env });
  expect(spec).toEqual({
    server: 'https://api.test',
    context: 'prod',
    kubeconfig: path,
    caPem: 'ca of the file',
    certPem: 'cert of the file',
    keyPem: 'inline key',
    tlsServerName: 'n',
    proxyUrl: 'http://proxy.test:3128',
    impersonate: { user: 'jane' },
  });
  expect(structuredClone(spec)).toEqual(spec);
});

test('a missing file is named', async () => {
  const { config, directory } = await load({}, { 'client-certificate': 'gone.crt' });
  const error = await failure(resolveClient(config, '', { clock: manualClock(), env: {} }));
  expect(error).toMatchObject({ code: 'unauthorized' });
  expect(error.message).toBe(
    `The client certificate of context "prod" cannot be read: ${join(directory, 'gone.crt')} (no such file).`,
  );
});

test('a token file is read again when its minute is over', async () => {
  const clock = manualClock();
  const { config, directory } = await load({}, { tokenFile: 'token', token: 'other' });
  writeFileSync(join(directory, 'token'), 'one\n');
  const connector = createConnector(config, { clock, env: {} });
  expect(await connector.resolve('')).toMatchObject({ token: 'one', expiresAt: clock.now() + 60_000 });
  writeFileSync(join(directory, 'token'), 'two\n');
  expect(await connector.resolve('')).toMatchObject({ token: 'one' });
  clock.advance(55_000);
  expect(await connector.resolve('')).toMatchObject({ token: 'two' });
});

/** A plugin that counts its runs in a file and gives tokens t1, t2…, each good for `seconds`. */
const counting = async (seconds: number, now: number, end = '') => {
  const file = join(temporary(), 'runs');
  writeFileSync(file, '');
  const expirationTimestamp = new Date(now + seconds * 1000).toISOString();
  const script = `
    const fs = require('fs'); fs.appendFileSync(${JSON.stringify(file)}, 'x');
    const token = 't' + fs.readFileSync(${JSON.stringify(file)}, 'utf8').length; ${end}
    console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1',
      status: { token, expirationTimestamp: ${JSON.stringify(expirationTimestamp)} } }))`;
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: ['-e', script],
    interactiveMode: 'Never',
  };
  const loaded = await load({}, { exec });
  return { ...loaded, runs: () => readFileSync(file, 'utf8').length };
};

test('one plugin run at a time for all who ask; a refused credential is renewed once for all who hold it', async () => {
  const clock = manualClock(1_900_000_000_000);
  const { config, runs } = await counting(600, clock.now());
  const connector = createConnector(config, { clock, env: process.env });
  const specs = await Promise.all([connector.resolve(''), connector.resolve('prod'), connector.resolve('')]);
  expect(specs.map(({ token }) => token)).toEqual(['t1', 't1', 't1']);
  expect(runs()).toBe(1);
  const stale = structuredClone(specs[0] as (typeof specs)[number]);
  const renewed = await Promise.all([connector.renew('prod', stale), connector.renew('prod', stale)]);
  expect(renewed.map(({ token }) => token)).toEqual(['t2', 't2']);
  expect(await connector.renew('prod', stale)).toMatchObject({ token: 't2' });
  expect(runs()).toBe(2);
  // What is refused as soon as it was renewed is not cured by the plugin: it runs again after 10 s, not per request.
  const useless = structuredClone(renewed[0] as (typeof renewed)[number]);
  for (let i = 0; i < 3; i++) expect(await connector.renew('prod', useless)).toMatchObject({ token: 't2' });
  expect(runs()).toBe(2);
  clock.advance(595_000);
  expect(await connector.resolve('')).toMatchObject({ token: 't3' });
});

test('a failed login is told to who asked and tried afresh by who asks next', async () => {
  const { config } = await load({}, { exec: { apiVersion: 'x', command: 'y' } });
  const connector = createConnector(config, { clock: manualClock(), env: {} });
  expect(await failure(connector.resolve(''))).toMatchObject({ code: 'unauthorized' });
  expect(await failure(connector.resolve(''))).toMatchObject({ code: 'unauthorized' });
});

test('a login that is over by the time it comes, as a clock an hour ahead sees it, is kept', async () => {
  const clock = manualClock(1_900_000_000_000);
  const { config, runs } = await counting(-2_700, clock.now());
  const connector = createConnector(config, { clock, env: process.env });
  for (let i = 0; i < 3; i++) expect(await connector.resolve('')).toMatchObject({ token: 't1' });
  expect(runs()).toBe(1);
});

test('a plugin that fails is not run again for every request that was refused, only after 5 s', async () => {
  const clock = manualClock();
  const { config, runs } = await counting(600, clock.now(), 'process.exit(1)');
  const connector = createConnector(config, { clock, env: process.env });
  const stale = { server: 'https://api.test' };
  for (let i = 0; i < 3; i++) expect(await failure(connector.renew('', stale))).toMatchObject({ code: 'unauthorized' });
  expect(runs()).toBe(1);
  clock.advance(5_000);
  await failure(connector.renew('', stale));
  expect(runs()).toBe(2);
});

test('a written token comes before a plugin, and dropped auth-providers say what to use', async () => {
  const exec = { apiVersion: 'x', command: 'never-run' };
  const written = await load({}, { token: 'secret-1', exec });
  expect(await resolveClient(written.config, '', { clock: manualClock(), env: {} })).toMatchObject({
    token: 'secret-1',
  });
  const gcp = await load({}, { 'auth-provider': { name: 'gcp' } });
  const error = await failure(resolveClient(gcp.config, '', { clock: manualClock(), env: {} }));
  expect(error).toMatchObject({ code: 'unsupported', hint: expect.stringContaining('gke-gcloud-auth-plugin') });
});

const jwt = (exp: number): string =>
  ['{"alg":"none"}', JSON.stringify({ exp }), 'sig'].map((part) => Buffer.from(part).toString('base64url')).join('.');

test('an OIDC token is used until it ends, then refreshed; a replaced refresh token is remembered', async () => {
  const clock = manualClock(1_900_000_000_000);
  const seconds = clock.now() / 1000;
  const forms: unknown[] = [];
  const provider = await serve(async (request, response) => {
    if (request.url === '/realm/.well-known/openid-configuration') {
      return answerJson(response, { token_endpoint: `${provider.url}/realm/token` });
    }
    const form = Object.fromEntries(new URLSearchParams(await readText(request)));
    forms.push({ ...form, login: request.headers.authorization });
    if (form.refresh_token === 'used') return answerJson(response, { error: 'invalid_grant', token: 'hunter2' }, 400);
    answerJson(response, {
      id_token: jwt(seconds + 900 * forms.length),
      refresh_token: forms.length === 1 ? 'r2' : 'used',
    });
  });
  servers.push(provider);
  const { config } = await load(
    {},
    {
      'auth-provider': {
        name: 'oidc',
        config: {
          'idp-issuer-url': `${provider.url}/realm/`,
          'client-id': 'kube',
          'client-secret': 's3',
          'id-token': jwt(seconds + 300),
          'refresh-token': 'r1',
        },
      },
    },
  );
  const connector = createConnector(config, { clock, env: {} });
  expect(await connector.resolve('')).toMatchObject({ token: jwt(seconds + 300), expiresAt: clock.now() + 300_000 });
  expect(forms).toEqual([]);
  clock.advance(299_000);
  expect(await connector.resolve('')).toMatchObject({ token: jwt(seconds + 900) });
  const login = `Basic ${base64('kube:s3')}`;
  expect(forms).toEqual([{ grant_type: 'refresh_token', refresh_token: 'r1', login }]);
  clock.advance(600_000);
  const second = await connector.resolve('');
  expect(forms[1]).toEqual({ grant_type: 'refresh_token', refresh_token: 'r2', login });
  const refused = await failure(connector.renew('', second));
  expect(refused).toMatchObject({ code: 'unauthorized', hint: expect.stringContaining('Log in again') });
  expect(refused.message).toContain('The OIDC login of context "prod" could not be renewed');
  expect(refused.message).not.toContain('hunter2');
});

test('an ended OIDC login without a way to refresh it asks for a new login', async () => {
  const { config } = await load({}, { 'auth-provider': { name: 'oidc', config: { 'id-token': jwt(1) } } });
  const error = await failure(resolveClient(config, '', { clock: manualClock(1_900_000_000_000), env: {} }));
  expect(error).toMatchObject({ code: 'unauthorized' });
  expect(error.message).toContain('has ended and there is no refresh-token');
});
