import { afterEach, expect, test } from 'vitest';
import { createTransport } from '../../../src/cluster/node-transport.ts';
import { canI, checkAlive, serverVersion } from '../../../src/cluster/server.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { transportOf } from './fake-transport.ts';
import { answerJson, failure, type Listening, manualClock, serve } from './support.ts';

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

test('health is /livez, or /healthz of an old server, and a sick server is told', async () => {
  let sick = false;
  const paths: unknown[] = [];
  const server = await serve((request, response) => {
    paths.push(request.url);
    if (request.url === '/version') return answerJson(response, { gitVersion: 'v1.2.3' });
    if (request.url === '/livez') return answerJson(response, { kind: 'Status', message: 'no' }, 404);
    response.writeHead(sick ? 500 : 200, { 'content-type': 'text/plain' }).end(sick ? '[-]etcd failed' : 'ok');
  });
  servers.push(server);
  const transport = createTransport({ server: server.url }, { clock: manualClock() });
  await checkAlive(transport);
  expect(paths).toEqual(['/livez', '/healthz']);
  sick = true;
  const error = await failure(checkAlive(transport));
  expect(error).toMatchObject({ code: 'unreachable', message: '[-]etcd failed (GET /healthz)' });
  expect((await serverVersion(transport)).gitVersion).toBe('v1.2.3');
  transport.dispose();
});
