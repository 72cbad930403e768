import { afterEach, expect, test } from 'vitest';
import { createTransport } from '../../../src/cluster/node-transport.ts';
import { canI, checkAlive, serverVersion } from '../../../src/cluster/server.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { transportOf } from './fake-transport.ts';
import { failure, type Listening, manualClock, serve } from './support.ts';

const servers: Listening[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const pods = { group: '', version: 'v1', resource: 'pods' };

test('asks the server what the user may do, once in 30 s', async () => {
  const clock = manualClock();
  const { transport, asked } = transportOf(({ body }) => {
    const { resourceAttributes } = (body as { spec: { resourceAttributes: { verb: string } } }).spec;
    return { status: { allowed: resourceAttributes.verb === 'get', reason: 'because' } };
  });
  expect(await canI(transport, clock, 'get', pods, 'shop')).toEqual({ allowed: true, reason: 'because' });
  expect(await canI(transport, clock, 'delete', pods, 'shop')).toMatchObject({ allowed: false });
  await canI(transport, clock, 'get', pods, 'shop');
  expect(asked).toHaveLength(2);
  expect(asked[0]).toMatchObject({ method: 'POST', path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews' });
  await canI(transport, clock, 'get', pods, 'shop', 'log');
  await canI(transport, clock, 'get', pods, 'other');
  expect(asked).toHaveLength(4);
  clock.advance(30_001);
  await canI(transport, clock, 'get', pods, 'shop');
  expect(asked).toHaveLength(5);
  clock.advance(-3_600_000);
  await canI(transport, clock, 'get', pods, 'shop');
  expect(asked).toHaveLength(6);
});

test('a failed review is not remembered', async () => {
  let broken = true;
  const { transport } = transportOf(() => {
    if (broken) throw new ClusterError('unreachable', 'down');
    return { status: { allowed: true } };
  });
  const clock = manualClock();
  expect(await failure(canI(transport, clock, 'get', pods, ''))).toMatchObject({ code: 'unreachable' });
  broken = false;
  expect(await canI(transport, clock, 'get', pods, '')).toEqual({ allowed: true, reason: '' });
});

test('a server that answers is alive, whatever it refuses; one that calls itself ill is not', async () => {
  let status = 200;
  const server = await serve((_request, response) => {
    response.writeHead(status, { 'content-type': 'text/plain' }).end(status === 200 ? 'ok' : '[-]etcd failed');
  });
  servers.push(server);
  let renewals = 0;
  const renew = async () => {
    renewals += 1;
    return { server: server.url };
  };
  const transport = createTransport({ server: server.url }, { clock: manualClock(), renew });
  for (status of [200, 401, 403, 404]) await checkAlive(transport);
  expect(renewals).toBe(0);
  status = 500;
  const error = await failure(checkAlive(transport));
  expect(error).toMatchObject({ code: 'unreachable', status: 500, message: '[-]etcd failed (GET /livez)' });
  transport.dispose();
});

test('a fresh question trusts no idle connection', async () => {
  const server = await serve((_request, response) => response.end('ok'));
  servers.push(server);
  const transport = createTransport({ server: server.url }, { clock: manualClock() });
  await checkAlive(transport);
  await checkAlive(transport);
  expect(server.connections()).toBe(1);
  await checkAlive(transport, { fresh: true });
  expect(server.connections()).toBe(2);
  transport.dispose();
});

test('reads the version', async () => {
  const { transport } = transportOf(() => ({ gitVersion: 'v1.2.3' }));
  expect((await serverVersion(transport)).gitVersion).toBe('v1.2.3');
});
