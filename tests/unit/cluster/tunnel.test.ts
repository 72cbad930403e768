import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createTransport } from '../../../src/cluster/node-transport.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { answerJson, createAuthority, failure, serve, serveTls } from './support.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Proxy = { readonly port: number; readonly asked: string[] };

/** Sends every tunnel to `target`, whatever name was asked for: so names need not resolve. */
const listen = async (onSocket: (socket: Socket, asked: string[]) => void): Promise<Proxy> => {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    onSocket(socket, asked);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as { port: number }).port, asked };
};

const join = (socket: Socket, target: number, greeting: Buffer | string): void => {
  const upstream = connect(target, '127.0.0.1', () => {
    socket.write(greeting);
    socket.pipe(upstream).pipe(socket);
  });
  upstream.on('error', () => socket.destroy());
  socket.on('close', () => upstream.destroy());
};

const httpProxy = (target: number, status = '200 OK', login = '') =>
  listen((socket, asked) =>
    socket.once('data', (data) => {
      const head = data.toString();
      asked.push(head.split('\r\n')[0] ?? '');
      const allowed = login === '' || head.includes(`Basic ${Buffer.from(login).toString('base64')}`);
      if (status.startsWith('200') && allowed) return join(socket, target, 'HTTP/1.1 200 OK\r\n\r\n');
      socket.end(`HTTP/1.1 ${allowed ? status : '407 Login'}\r\n\r\n`);
    }),
  );

const socksProxy = (target: number, { login = '', reply = 0 } = {}) =>
  listen((socket, asked) => {
    const queue: Buffer[] = [];
    let step = login === '' ? 1 : 0;
    let greeted = false;
    socket.on('data', function onData(chunk: Buffer) {
      queue.push(chunk);
      if (!greeted) {
        greeted = true;
        return void socket.write(Buffer.from([5, login === '' ? 0 : 2]));
      }
      if (step === 0) {
        step = 1;
        const user = chunk.subarray(2, 2 + (chunk[1] ?? 0)).toString();
        const password = chunk.subarray(3 + user.length).toString();
        return void socket.write(Buffer.from([1, `${user}:${password}` === login ? 0 : 1]));
      }
      socket.off('data', onData);
      const name =
        chunk[3] === 3 ? chunk.subarray(5, 5 + (chunk[4] ?? 0)).toString() : [...chunk.subarray(4, 8)].join('.');
      asked.push(`${name}:${chunk.readUInt16BE(chunk.length - 2)}`);
      const answer = Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]);
      if (reply === 0) join(socket, target, answer);
      else socket.end(answer);
    });
  });

const ask = async (server: string, proxyUrl: string, more = {}) => {
  const transport = createTransport({ server, proxyUrl, ...more }, { clock: systemClock });
  ends.push(() => transport.dispose());
  return await transport.json<{ name?: string; encoding?: string }>({ path: '/api' });
};

const tlsTarget = async () => {
  const authority = createAuthority();
  const target = await serveTls(authority.issue('api', 'DNS:api.test'), (request, response) =>
    answerJson(response, { name: request.headers.host, encoding: request.headers['accept-encoding'] }),
  );
  ends.push(target.close);
  return { port: target.port, caPem: authority.ca, connections: target.connections };
};

test('https through an http proxy, with a login, on kept connections; gzip is asked of remote servers', async () => {
  const target = await tlsTarget();
  const proxy = await httpProxy(target.port, '200 OK', 'u:p@ss');
  const spec = {
    server: 'https://api.test:6443',
    proxyUrl: `http://u:p%40ss@127.0.0.1:${proxy.port}`,
    caPem: target.caPem,
  };
  const transport = createTransport(spec, { clock: systemClock });
  ends.push(() => transport.dispose());
  expect(await transport.json({ path: '/api' })).toEqual({ name: 'api.test:6443', encoding: 'gzip' });
  await transport.json({ path: '/api' });
  expect(proxy.asked).toEqual(['CONNECT api.test:6443 HTTP/1.1']);
  expect(target.connections()).toBe(1);
});

test('https and http through a socks5 proxy, which resolves the name', async () => {
  const target = await tlsTarget();
  const proxy = await socksProxy(target.port, { login: 'u:p' });
  const answer = await ask('https://api.test:6443', `socks5://u:p@127.0.0.1:${proxy.port}`, { caPem: target.caPem });
  expect(answer.name).toBe('api.test:6443');
  expect(proxy.asked).toEqual(['api.test:6443']);

  const plain = await serve((_request, response) => answerJson(response, { name: 'plain' }));
  ends.push(plain.close);
  const second = await socksProxy(plain.port);
  expect(await ask('http://10.0.0.1:8080', `socks5h://127.0.0.1:${second.port}`)).toEqual({ name: 'plain' });
  expect(second.asked).toEqual(['10.0.0.1:8080']);
});

test('TLS inside the tunnel is verified against the server, not the proxy', async () => {
  const target = await tlsTarget();
  const proxy = await httpProxy(target.port);
  const error = await failure(ask('https://other.test', `http://127.0.0.1:${proxy.port}`, { caPem: target.caPem }));
  expect(error.message).toContain('The certificate of other.test:443 is for another host');
});

test('what a proxy refuses is said without its login', async () => {
  const url = (port: number, scheme = 'http') => `${scheme}://user:hunter2@127.0.0.1:${port}`;
  const cases: [string, string][] = [
    [url((await httpProxy(1, '407 Login')).port), 'answered 407 for api.test:443: it wants a user and a password'],
    [url((await httpProxy(1, '403 No')).port), 'answered 403 for api.test:443'],
    [url((await socksProxy(1, { reply: 2 })).port, 'socks5'), 'does not allow the connection: api.test:443'],
    [url((await socksProxy(1, { login: 'a:b' })).port, 'socks5'), 'refused the user and password'],
    [url((await httpProxy(1, '403 No')).port, 'socks5'), 'does not speak SOCKS5'],
    [url(1), 'The proxy 127.0.0.1:1 refused the connection'],
    ['ftp://proxy', 'Proxies of type ftp are not supported'],
  ];
  for (const [proxyUrl, words] of cases) {
    const error = await failure(ask('https://api.test', proxyUrl));
    expect(error.name).toBe('ClusterError');
    expect(error.message).toContain(words);
    expect(`${error.message} ${error.hint}`).not.toContain('hunter2');
  }
});
