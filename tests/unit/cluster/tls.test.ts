import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { createTransport } from '../../../src/cluster/node-transport.ts';
import type { ClientSpec } from '../../../src/protocol/client-spec.ts';
import { systemClock } from '../../../src/util/clock.ts';
import {
  answerJson,
  createAuthority,
  failure,
  type Identity,
  type Listening,
  serve,
  serveTls,
  temporary,
} from './support.ts';

const servers: Listening[] = [];
const transports: { dispose(): void }[] = [];
let authority: ReturnType<typeof createAuthority>;
let good: Identity;
let jane: Identity;

beforeAll(() => {
  authority = createAuthority();
  good = authority.issue('api', 'IP:127.0.0.1');
  jane = authority.issue('jane', '');
});

afterEach(async () => {
  for (const transport of transports.splice(0)) transport.dispose();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const start = async (identity: Identity, clients = false): Promise<Listening> => {
  const options = { ...identity, ...(clients && { ca: authority.ca, requestCert: true, rejectUnauthorized: true }) };
  const server = await serveTls(options, (request, response) => {
    const socket = request.socket as { getPeerCertificate?: () => { subject?: { CN?: string } } };
    answerJson(response, { user: socket.getPeerCertificate?.().subject?.CN ?? '' });
  });
  servers.push(server);
  return server;
};

const ask = async (spec: ClientSpec, renew?: (stale: ClientSpec) => Promise<ClientSpec>): Promise<unknown> => {
  const transport = createTransport(spec, { clock: systemClock, ...(renew !== undefined && { renew }) });
  transports.push(transport);
  return await transport.json({ path: '/api' });
};

test('a client certificate and its authority are used', async () => {
  const { url } = await start(good, true);
  const spec = { server: url, caPem: authority.ca, certPem: jane.cert, keyPem: jane.key };
  expect(await ask(spec)).toEqual({ user: 'jane' });
});

test('an unknown authority, an expired certificate and another host each have their sentence', async () => {
  const { url, port } = await start(good);
  const unknown = await failure(ask({ server: url }));
  expect(unknown).toMatchObject({ code: 'unreachable', hint: expect.stringContaining('certificate-authority') });
  expect(unknown.message).toContain(`The certificate of 127.0.0.1:${port} is signed by an unknown authority`);

  const old = await start(authority.issue('api', 'IP:127.0.0.1', '20200101000000Z', '20210101000000Z'));
  expect((await failure(ask({ server: old.url, caPem: authority.ca }))).message).toContain('has expired');

  const young = await start(authority.issue('api', 'IP:127.0.0.1', '20900101000000Z', '20910101000000Z'));
  expect((await failure(ask({ server: young.url, caPem: authority.ca }))).message).toContain('is not valid yet');

  const other = await start(authority.issue('api', 'DNS:api.test'));
  const wrong = await failure(ask({ server: other.url, caPem: authority.ca }));
  expect(wrong).toMatchObject({ code: 'unreachable', hint: expect.stringContaining('tls-server-name') });
  expect(wrong.message).toContain('is for another host');
  expect(await ask({ server: other.url, caPem: authority.ca, tlsServerName: 'api.test' })).toEqual({ user: '' });
});

test('insecure is respected', async () => {
  const { url } = await start(authority.issue('api', 'DNS:api.test', '20200101000000Z', '20210101000000Z'));
  expect(await ask({ server: url, insecure: true })).toEqual({ user: '' });
});

test('an expired client certificate is told when the server refuses it, and replaced where one can be had', async () => {
  const server = await start(good, true);
  const ended = authority.issue('jane', '', '20200101000000Z', '20210101000000Z');
  const spec = { server: server.url, caPem: authority.ca, certPem: ended.cert, keyPem: ended.key };
  const error = await failure(ask(spec));
  expect(error).toMatchObject({ code: 'unauthorized' });
  expect(error.message).toBe(
    `The client certificate for 127.0.0.1:${server.port} expired on 2021-01-01T00:00:00.000Z.`,
  );
  const renew = async (stale: ClientSpec) => ({ ...stale, certPem: jane.cert, keyPem: jane.key });
  expect(await ask(spec, renew)).toEqual({ user: 'jane' });
});

/** A server that refuses in the handshake, as Go's and unlike Node's, which just closes. */
const strictServer = async (): Promise<string> => {
  const directory = temporary();
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text);
  write('crt', good.cert);
  write('key', good.key);
  write('ca', authority.ca);
  const args = ['-accept', '127.0.0.1:0', '-cert', 'crt', '-key', 'key', '-CAfile', 'ca'];
  const child = spawn('openssl', ['s_server', ...args, '-Verify', '1', '-verify_return_error', '-www'], {
    cwd: directory,
  });
  transports.push({ dispose: () => child.kill() });
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /^ACCEPT .*:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) return `https://127.0.0.1:${port}`;
  }
  throw new Error('openssl s_server ended');
};

test('a certificate the server does not accept, or none, is told as a login problem', async () => {
  const stranger = createAuthority('other-ca').issue('eve', '');
  for (const part of [{}, { certPem: stranger.cert, keyPem: stranger.key }]) {
    const error = await failure(ask({ server: await strictServer(), caPem: authority.ca, ...part }));
    expect(error).toMatchObject({ code: 'unauthorized', hint: expect.stringContaining('client-certificate') });
    expect(error.message).toContain('refused the client certificate');
    // A write of that kind was not read by anybody.
    const transport = createTransport(
      { server: await strictServer(), caPem: authority.ca, ...part },
      { clock: systemClock },
    );
    transports.push(transport);
    const write = await failure(transport.json({ method: 'POST', path: '/api', body: {} }));
    expect(write).toMatchObject({ code: 'unauthorized', sent: false });
  }
});

test('unusable certificates name what is wrong and never quote them', async () => {
  const server = 'https://127.0.0.1:1';
  const other = authority.issue('other', '');
  const cases: [Partial<ClientSpec>, string][] = [
    [{ caPem: 'rubbish' }, 'The certificate authority for 127.0.0.1:1 cannot be used.'],
    [{ certPem: jane.cert, keyPem: other.key }, 'The client certificate and its key for 127.0.0.1:1 cannot be used.'],
    [{ certPem: jane.cert, keyPem: 'secret' }, 'The client certificate and its key for 127.0.0.1:1 cannot be used.'],
  ];
  for (const [part, message] of cases) {
    expect(await failure(ask({ server, ...part }))).toMatchObject({ name: 'ClusterError', code: 'invalid', message });
  }
});

test('http where https is spoken, and https where http is', async () => {
  const { url } = await start(good);
  const plain = await serve((_request, response) => answerJson(response, {}));
  servers.push(plain);
  const tls = await failure(ask({ server: plain.url.replace('http:', 'https:'), insecure: true }));
  expect(tls).toMatchObject({ code: 'unreachable' });
  expect(tls.message).toContain('does not answer in TLS');
  expect(await failure(ask({ server: url.replace('https:', 'http:') }))).toMatchObject({ code: 'unreachable' });
});

test('a new client certificate opens new connections; the old ones end with what they carry', async () => {
  const server = await start(good, true);
  let refuse = true;
  const tom = authority.issue('tom', '');
  const strict = await serveTls(
    { ...good, ca: authority.ca, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      const socket = request.socket as unknown as { getPeerCertificate(): { subject: { CN: string } } };
      const user = socket.getPeerCertificate().subject.CN;
      answerJson(response, { user }, refuse && user === 'jane' ? 401 : 200);
    },
  );
  servers.push(strict);
  const spec = { server: strict.url, caPem: authority.ca, certPem: jane.cert, keyPem: jane.key };
  const renew = async (stale: ClientSpec) => ({ ...stale, certPem: tom.cert, keyPem: tom.key });
  expect(await ask(spec, renew)).toEqual({ user: 'tom' });
  refuse = false;
  expect(strict.connections()).toBe(2);
  expect(server.connections()).toBe(0);
});
