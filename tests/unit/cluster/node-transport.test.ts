import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { readAll } from '../../../src/cluster/body.ts';
import { createTransport } from '../../../src/cluster/node-transport.ts';
import type { ClientSpec } from '../../../src/protocol/client-spec.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { answerJson, failure, type Listening, manualClock, readText, serve } from './support.ts';

const open: { dispose(): void }[] = [];
const servers: Listening[] = [];

afterEach(async () => {
  for (const transport of open.splice(0)) transport.dispose();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const start = async (...args: Parameters<typeof serve>): Promise<Listening> => {
  const server = await serve(...args);
  servers.push(server);
  return server;
};

const transportTo = (spec: ClientSpec, renew?: (stale: ClientSpec) => Promise<ClientSpec>, clock = systemClock) => {
  const transport = createTransport(spec, renew === undefined ? { clock } : { clock, renew });
  open.push(transport);
  return transport;
};

test('sends method, base path, query, body and the credential, on one kept connection', async () => {
  const seen: unknown[] = [];
  const server = await start(async (request, response) => {
    const { method, url, headers } = request;
    seen.push({
      method,
      url,
      body: await readText(request),
      type: headers['content-type'],
      user: headers.authorization,
    });
    answerJson(response, { fine: true });
  });
  const transport = transportTo({ server: `${server.url}/k8s/c-1/`, token: 'secret-1' });
  const query = { labelSelector: 'a=b,c', absent: undefined };
  expect(await transport.json({ path: '/api/v1/pods', query })).toEqual({ fine: true });
  await transport.json({ method: 'PATCH', path: '/x', body: { a: 1 } });
  await transport.json({
    method: 'PATCH',
    path: '/y',
    body: '[]',
    headers: { 'content-type': 'application/json-patch+json' },
  });
  expect(seen).toEqual(
    [
      { method: 'GET', url: '/k8s/c-1/api/v1/pods?labelSelector=a%3Db%2Cc', body: '', user: 'Bearer secret-1' },
      { method: 'PATCH', url: '/k8s/c-1/x', body: '{"a":1}', type: 'application/json', user: 'Bearer secret-1' },
      { method: 'PATCH', url: '/k8s/c-1/y', body: '[]', type: 'application/json-patch+json', user: 'Bearer secret-1' },
    ].map((entry) => ({ type: undefined, ...entry })),
  );
  expect(server.connections()).toBe(1);
});

test('sends basic login and impersonation', async () => {
  let headers: Record<string, unknown> = {};
  const server = await start((request, response) => {
    headers = request.headersDistinct;
    answerJson(response, {});
  });
  const impersonate = { user: 'jane', uid: 'u-1', groups: ['a', 'b'], extra: { 'acme.com/Team': ['x', 'y'] } };
  await transportTo({ server: server.url, username: 'u', password: 'p', impersonate }).json({ path: '/' });
  expect(headers).toMatchObject({
    authorization: [`Basic ${Buffer.from('u:p').toString('base64')}`],
    'impersonate-user': ['jane'],
    'impersonate-uid': ['u-1'],
    'impersonate-group': ['a', 'b'],
    'impersonate-extra-acme.com%2fteam': ['x', 'y'],
  });
});

test.each([
  [401, { reason: 'Unauthorized' }, 'unauthorized'],
  [403, { reason: 'Forbidden' }, 'forbidden'],
  [404, { reason: 'NotFound' }, 'not-found'],
  [409, { reason: 'Conflict' }, 'conflict'],
  [410, { reason: 'Expired' }, 'expired'],
  [422, { reason: 'Invalid' }, 'invalid'],
  [500, { reason: 'InternalError' }, 'unreachable'],
  [504, { reason: 'Timeout' }, 'timeout'],
  [415, {}, 'unsupported'],
])('a %i becomes a sentence with its code', async (status, extra, code) => {
  const server = await start((_request, response) =>
    answerJson(response, { kind: 'Status', message: 'pods "a\u001b[31m" is\nodd', code: status, ...extra }, status),
  );
  const error = await failure(transportTo({ server: server.url, token: 'secret-1' }).json({ path: '/api/v1/pods' }));
  expect(error).toMatchObject({ name: 'ClusterError', code, status });
  expect(error.message).toBe(`pods "a" is odd (GET /api/v1/pods at 127.0.0.1:${server.port})`);
});

test.each([
  ['7', {}, 7_000],
  [undefined, { details: { retryAfterSeconds: 3 } }, 3_000],
  [new Date(1_060_000).toUTCString(), {}, 60_000],
])('a 429 says when to come back (Retry-After %s)', async (header, extra, expected) => {
  const clock = manualClock(1_000_000);
  const server = await start((_request, response) => {
    if (header !== undefined) response.setHeader('retry-after', header);
    answerJson(response, { kind: 'Status', message: 'slow down', ...extra }, 429);
  });
  const error = await failure(transportTo({ server: server.url }, undefined, clock).json({ path: '/' }));
  expect(error).toMatchObject({ code: 'throttled', retryAfterMs: expected });
});

test("a proxy's error page is not quoted, and an answer that is no JSON is told", async () => {
  const server = await start((request, response) => {
    response.writeHead(request.url === '/page' ? 200 : 502, { 'content-type': 'text/html' });
    response.end('<html>login form with token=abc</html>');
  });
  const transport = transportTo({ server: server.url });
  const gateway = await failure(transport.json({ path: '/' }));
  expect(gateway).toMatchObject({ code: 'unreachable', status: 502 });
  expect(gateway.message).toBe(`the server answered 502 (GET / at 127.0.0.1:${server.port})`);
  const page = await failure(transport.json({ path: '/page' }));
  expect(page).toMatchObject({ code: 'invalid', hint: expect.stringContaining('login page') });
  expect(page.message).not.toContain('html');
});

test('gzip is not asked for on loopback, but opened, member by member as it arrives', async () => {
  const accepted: unknown[] = [];
  const server = await start((request, response) => {
    accepted.push(request.headers['accept-encoding']);
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.write(gzipSync('{"first":1}\n'));
    request.socket.once('nudge', () => response.end(gzipSync('{"second":2}\n')));
    nudge = () => request.socket.emit('nudge');
  });
  let nudge = () => {};
  const { body } = await transportTo({ server: server.url }).request({ path: '/watch' });
  const [first] = (await once(body, 'data')) as [Buffer];
  expect(first.toString()).toBe('{"first":1}\n');
  nudge();
  const [second] = (await once(body, 'data')) as [Buffer];
  expect(second.toString()).toBe('{"second":2}\n');
  await once(body, 'end');
  expect(accepted).toEqual([undefined]);
});

test('a damaged compressed body fails as a ClusterError', async () => {
  const server = await start((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end(gzipSync('x'.repeat(10_000)).subarray(0, 20));
  });
  const { body } = await transportTo({ server: server.url }).request({ path: '/' });
  expect(await failure(readAll(body))).toMatchObject({ name: 'ClusterError', code: 'unreachable' });
});

test('a body cut half way fails, and one that ends does not', async () => {
  const server = await start((request, response) => {
    response.write('half');
    setTimeout(0).then(() => (request.url === '/cut' ? request.socket.destroy() : response.end(' whole')));
  });
  const transport = transportTo({ server: server.url });
  expect(await readAll((await transport.request({ path: '/whole' })).body)).toBe('half whole');
  const cut = await failure(readAll((await transport.request({ path: '/cut' })).body));
  expect(cut).toMatchObject({ name: 'ClusterError', code: 'unreachable' });
  expect(cut.message).toContain('closed the connection');
});

test('a write whose answer is lost, or breaks off, says that it was sent; a read and one that reached nobody do not', async () => {
  const server = await start((request, response) => {
    if (request.url === '/lost') request.socket.destroy();
    else {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{');
      setTimeout(0).then(() => request.socket.destroy());
    }
  });
  const transport = transportTo({ server: server.url });
  for (const path of ['/lost', '/half']) {
    expect(await failure(transport.json({ method: 'PATCH', path, body: {} }))).toMatchObject({ sent: true });
    expect(await failure(transport.json({ path }))).toMatchObject({ sent: false });
  }
  const given = failure(transport.json({ method: 'POST', path: '/', body: {}, signal: AbortSignal.abort() }));
  expect(await given).toMatchObject({ code: 'cancelled', sent: false });
  await server.close();
  expect(await failure(transport.json({ method: 'POST', path: '/', body: {} }))).toMatchObject({ sent: false });
});

test('a silent body ends after its idle time, but not while the reader pauses', async () => {
  const clock = manualClock();
  const server = await start((_request, response) => void response.write('a'));
  const transport = transportTo({ server: server.url }, undefined, clock);
  const { body } = await transport.request({ path: '/watch', idleMs: 1_000 });
  await once(body, 'data');
  clock.advance(999);
  expect(body.destroyed).toBe(false);
  const closed = failure(once(body, 'data'));
  clock.advance(1);
  expect(await closed).toMatchObject({ code: 'timeout' });

  const back = await transport.request({ path: '/watch', idleMs: 1_000 });
  await once(back.body, 'data');
  const now = clock.now;
  clock.now = () => now() - 3_600_000;
  const late = failure(once(back.body, 'data'));
  clock.advance(1_000);
  clock.advance(1_000);
  expect(await late).toMatchObject({ code: 'timeout' });
  clock.now = now;

  const flood = await start((_request, response) => void response.write(Buffer.alloc(4_000_000)));
  const paused = await transportTo({ server: flood.url }, undefined, clock).request({ path: '/', idleMs: 1_000 });
  await once(paused.body, 'readable');
  while (paused.body.readableLength < paused.body.readableHighWaterMark) await setImmediate();
  clock.advance(5_000);
  expect(paused.body.destroyed).toBe(false);
});

test('no headers in time, and an abort before and while the body flows', async () => {
  const clock = manualClock();
  const server = await start((request, response) => {
    if (request.url === '/stream') response.write('a');
  });
  const transport = transportTo({ server: server.url, token: 'secret-1' }, undefined, clock);
  const slow = failure(transport.request({ path: '/never', timeoutMs: 2_000 }));
  await connected(server);
  clock.advance(2_000);
  expect(await slow).toMatchObject({ code: 'timeout' });
  expect((await slow).message).toBe(`No answer within 2 s (GET /never at 127.0.0.1:${server.port}).`);

  const early = new AbortController();
  const waiting = failure(transport.request({ path: '/never', signal: early.signal }));
  early.abort();
  expect(await waiting).toMatchObject({ code: 'cancelled' });

  const late = new AbortController();
  const { body } = await transport.request({ path: '/stream', signal: late.signal });
  await once(body, 'data');
  late.abort();
  expect(await failure(once(body, 'data'))).toMatchObject({ code: 'cancelled' });
});

const connected = async (server: Listening): Promise<void> => {
  while (server.connections() === 0) await setImmediate();
};

test('a request that was given up on a kept connection is not asked again', async () => {
  const paths: unknown[] = [];
  const server = await start((request, response) => {
    paths.push(request.url);
    if (request.url === '/first') answerJson(response, {});
  });
  const clock = manualClock();
  const transport = transportTo({ server: server.url }, undefined, clock);
  await transport.json({ path: '/first' });
  const late = failure(transport.json({ path: '/late', timeoutMs: 1_000 }));
  await vi.waitFor(() => expect(paths).toHaveLength(2));
  clock.advance(1_000);
  expect(await late).toMatchObject({ code: 'timeout' });
  await failure(transport.json({ path: '/last', timeoutMs: 1_000, signal: AbortSignal.timeout(100) }));
  expect(paths).toEqual(['/first', '/late', '/last']);
  expect(server.connections()).toBe(2);
});

test('connection failures are said in words', async () => {
  const server = await serve(() => {});
  await server.close();
  const refused = await failure(transportTo({ server: server.url, token: 'secret-1' }).json({ path: '/api' }));
  expect(refused).toMatchObject({ code: 'unreachable', hint: expect.stringContaining('running') });
  expect(refused.message).toBe(
    `127.0.0.1:${server.port} refused the connection (GET /api at 127.0.0.1:${server.port})`,
  );

  const hangs = await start((request) => request.socket.destroy());
  const closed = await failure(transportTo({ server: hangs.url }).json({ path: '/api' }));
  expect(closed).toMatchObject({ code: 'unreachable' });
  expect(closed.message).toContain('closed the connection');

  expect(await failure((async () => transportTo({ server: 'ftp://x' }))())).toMatchObject({ code: 'invalid' });
});

test('a kept connection the server has closed is replaced without the caller noticing, for reads', async () => {
  let answered = 0;
  const server = await start((request, response) => {
    answered += 1;
    if (answered === 2) return void request.socket.destroy();
    answerJson(response, { answered });
  });
  const transport = transportTo({ server: server.url });
  await transport.json({ path: '/' });
  expect(await transport.json({ path: '/' })).toEqual({ answered: 3 });
  answered = 1;
  const write = await failure(transport.json({ path: '/', method: 'DELETE' }));
  expect(write).toMatchObject({ code: 'unreachable' });
  expect(answered).toBe(2);
});

test('a 401 renews the credential once for all who wait, and repeats the request', async () => {
  const used: unknown[] = [];
  const server = await start(async (request, response) => {
    const body = await readText(request);
    used.push(`${request.headers.authorization} ${body}`);
    const fine = request.headers.authorization === 'Bearer new';
    answerJson(response, fine ? { body } : { kind: 'Status', message: 'Unauthorized', code: 401 }, fine ? 200 : 401);
  });
  let renewals = 0;
  const transport = transportTo({ server: server.url, token: 'old' }, async (stale) => {
    renewals += 1;
    expect(stale.token).toBe('old');
    return { ...stale, token: 'new' };
  });
  const asked = [1, 2, 3].map((n) => transport.json({ method: 'POST', path: '/', body: { n } }));
  expect(await Promise.all(asked)).toEqual([1, 2, 3].map((n) => ({ body: `{"n":${n}}` })));
  expect(renewals).toBe(1);
  expect(used).toHaveLength(6);
});

test('a 401 that stays is told after one renewal', async () => {
  let asked = 0;
  const server = await start((_request, response) => {
    asked += 1;
    answerJson(response, { kind: 'Status', message: 'Unauthorized' }, 401);
  });
  const transport = transportTo({ server: server.url, token: 'old' }, async (stale) => ({ ...stale, token: 'other' }));
  expect(await failure(transport.json({ path: '/' }))).toMatchObject({ code: 'unauthorized', status: 401 });
  expect(asked).toBe(2);
});

test('a credential is renewed before it ends; if that fails, it is used until it ends', async () => {
  const clock = manualClock();
  const tokens: unknown[] = [];
  const server = await start((request, response) => {
    tokens.push(request.headers.authorization);
    answerJson(response, {});
  });
  const answers: (() => Promise<ClientSpec>)[] = [];
  const spec = { server: server.url, token: 'a', expiresAt: clock.now() + 100_000 };
  const transport = transportTo(
    spec,
    () => (answers.shift() ?? (() => Promise.reject(new Error('no plugin'))))(),
    clock,
  );
  await transport.json({ path: '/' });
  clock.advance(81_000);
  await transport.json({ path: '/' });
  answers.push(async () => ({ ...spec, token: 'b', expiresAt: clock.now() + 100_000 }));
  await transport.json({ path: '/' });
  clock.advance(200_000);
  expect(await failure(transport.json({ path: '/' }))).toMatchObject({ message: 'no plugin' });
  expect(tokens).toEqual(['Bearer a', 'Bearer a', 'Bearer b']);
});

test('a credential that was over when it came, as a clock that is an hour ahead sees it, is used all the same', async () => {
  const clock = manualClock();
  const tokens: unknown[] = [];
  const server = await start((request, response) => {
    tokens.push(request.headers.authorization);
    answerJson(response, {});
  });
  const spec = { server: server.url, token: '1', expiresAt: clock.now() - 3_000_000 };
  let last = 1;
  const renew = async () => {
    last += 1;
    return { ...spec, token: String(last) };
  };
  const transport = transportTo(spec, renew, clock);
  for (let i = 0; i < 3; i++) await transport.json({ path: '/' });
  expect(last).toBe(1);
  expect(tokens).toEqual(['Bearer 1', 'Bearer 1', 'Bearer 1']);
});

test('an abort does not wait for a login that hangs', async () => {
  const server = await start((_request, response) => answerJson(response, {}, 401));
  const transport = transportTo({ server: server.url, token: 'old' }, () => new Promise(() => {}));
  const abort = new AbortController();
  const waiting = failure(transport.json({ path: '/', signal: abort.signal }));
  await connected(server);
  abort.abort();
  expect(await waiting).toMatchObject({ code: 'cancelled' });
});

test('after dispose nothing is sent and streams end', async () => {
  const server = await start((_request, response) => void response.write('a'));
  const transport = transportTo({ server: server.url });
  const { body } = await transport.request({ path: '/watch' });
  await once(body, 'data');
  const ended = failure(once(body, 'data'));
  transport.dispose();
  transport.dispose();
  expect(await ended).toMatchObject({ code: 'cancelled' });
  expect(await failure(transport.json({ path: '/' }))).toMatchObject({ code: 'cancelled' });
  expect(server.connections()).toBe(1);
});

test.runIf(process.platform === 'linux')('TCP asks after a silent peer within 5 s', async () => {
  const server = await start((_request, response) => {
    response.flushHeaders();
  });
  const transport = transportTo({ server: server.url });
  await transport.request({ path: '/quiet' });
  // tcp(7): timer 02 is keep-alive, followed by the jiffies (USER_HZ, 100 a second) that are left of it.
  const port = server.port.toString(16).toUpperCase().padStart(4, '0');
  const ours = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((entry) => entry.trim().split(/\s+/))
    .filter((fields) => fields[2] === `0100007F:${port}` && fields[3] === '01');
  expect(ours).toHaveLength(1);
  const [timer, left = ''] = (ours[0]?.[5] ?? '').split(':');
  expect(timer).toBe('02');
  expect(Number.parseInt(left, 16)).toBeLessThanOrEqual(500);
});
