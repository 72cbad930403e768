import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, isIP, type Socket } from 'node:net';
import { ClusterError } from '../util/error.ts';

const TIMEOUT_MS = 30_000;
const HINT = 'Check proxy-url of the cluster in the kubeconfig, or HTTPS_PROXY and NO_PROXY.';

const proxyError = (proxy: URL, what: string, cause?: unknown): ClusterError =>
  new ClusterError('unreachable', `The proxy ${proxy.hostname}:${portOf(proxy)} ${what}.`, { hint: HINT, cause });

const standardPorts: Readonly<Record<string, number>> = {
  'http:': 80,
  'https:': 443,
  'socks5:': 1080,
  'socks5h:': 1080,
};

const portOf = (proxy: URL): number => (proxy.port === '' ? (standardPorts[proxy.protocol] ?? 80) : Number(proxy.port));

const failed = (proxy: URL, error: Error & { code?: string }): ClusterError => {
  if (error instanceof ClusterError) return error;
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'refused the connection',
    ENOTFOUND: 'cannot be found: its name does not resolve',
    ECONNRESET: 'closed the connection',
  };
  return proxyError(proxy, words[error.code ?? ''] ?? `cannot be used (${error.code ?? 'no answer'})`, error);
};

const throughHttp = (proxy: URL, authority: string): Promise<Socket> => {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const request = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)({
    method: 'CONNECT',
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: portOf(proxy),
    path: authority,
    agent: false,
    timeout: TIMEOUT_MS,
    headers: {
      host: authority,
      ...(login !== ':' && { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` }),
    },
  });
  request.on('connect', (response, socket, head) => {
    if (response.statusCode === 200) {
      socket.setTimeout(0);
      if (head.length > 0) socket.unshift(head);
      return resolve(socket as Socket);
    }
    socket.destroy();
    const login = response.statusCode === 407 ? ': it wants a user and a password' : '';
    reject(proxyError(proxy, `answered ${response.statusCode} for ${authority}${login}`));
  });
  request.on('response', (response) => reject(proxyError(proxy, `answered ${response.statusCode} to CONNECT`)));
  request.on('timeout', () => request.destroy(proxyError(proxy, 'does not answer')));
  request.on('error', (error) => reject(failed(proxy, error)));
  request.end();
  return promise;
};

const socksReplies: Readonly<Record<number, string>> = {
  2: 'does not allow the connection',
  3: 'cannot reach the network',
  4: 'cannot reach the host',
  5: 'was refused by the host',
};

/** Reads exactly as many bytes as asked for, so that nothing of what follows the handshake is swallowed. */
const take = async (socket: Socket, count: number): Promise<Buffer> => {
  for (;;) {
    const bytes: Buffer | null = count === 0 ? Buffer.alloc(0) : socket.read(count);
    if (bytes !== null && bytes.length === count) return bytes;
    if (socket.readableEnded || socket.destroyed) throw Object.assign(new Error('closed'), { code: 'ECONNRESET' });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const end = () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    socket.once('readable', resolve).once('end', end).once('error', reject);
    await promise.finally(() => socket.off('readable', resolve).off('end', end).off('error', reject));
  }
};

/** RFC 1928 with the user/password method of RFC 1929; names are resolved by the proxy. */
const handshake = async (socket: Socket, proxy: URL, host: string, port: number): Promise<void> => {
  const user = Buffer.from(decodeURIComponent(proxy.username));
  const password = Buffer.from(decodeURIComponent(proxy.password));
  socket.write(user.length > 0 ? Buffer.from([5, 2, 0, 2]) : Buffer.from([5, 1, 0]));
  const chosen = await take(socket, 2);
  if (chosen[0] !== 5) throw proxyError(proxy, 'does not speak SOCKS5');
  if (chosen[1] === 2) {
    socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]));
    if ((await take(socket, 2))[1] !== 0) throw proxyError(proxy, 'refused the user and password');
  } else if (chosen[1] !== 0) throw proxyError(proxy, 'wants a login that proxy-url does not give');
  const name = Buffer.from(host);
  const address =
    isIP(host) === 4
      ? Buffer.from([1, ...host.split('.').map(Number)])
      : Buffer.concat([Buffer.from([3, name.length]), name]);
  socket.write(Buffer.concat([Buffer.from([5, 1, 0]), address, Buffer.from([port >> 8, port & 255])]));
  const [, reply = 1, , kind = 1] = await take(socket, 4);
  if (reply !== 0) throw proxyError(proxy, `${socksReplies[reply] ?? `failed (${reply})`}: ${host}:${port}`);
  const length = kind === 3 ? ((await take(socket, 1))[0] ?? 0) : kind === 4 ? 16 : 4;
  await take(socket, length + 2);
};

const throughSocks = async (proxy: URL, host: string, port: number): Promise<Socket> => {
  const socket = connect({ host: proxy.hostname.replace(/^\[|\]$/g, ''), port: portOf(proxy) });
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(proxyError(proxy, 'does not answer')));
  try {
    await handshake(socket, proxy, host, port);
  } catch (thrown) {
    socket.destroy();
    throw failed(proxy, thrown as Error);
  }
  socket.setTimeout(0);
  return socket;
};

/** A connection to host:port through an http, https, socks5 or socks5h proxy. Rejects with a ClusterError without the proxy's login. */
export const openTunnel = async (proxyUrl: string, host: string, port: number): Promise<Socket> => {
  const proxy = URL.parse(proxyUrl);
  if (proxy === null) throw new ClusterError('invalid', 'The proxy address is not a URL.', { hint: HINT });
  switch (proxy.protocol) {
    case 'http:':
    case 'https:':
      return await throughHttp(proxy, `${isIP(host) === 6 ? `[${host}]` : host}:${port}`);
    case 'socks5:':
    case 'socks5h:':
      return await throughSocks(proxy, host, port);
    default:
      throw new ClusterError('unsupported', `Proxies of type ${proxy.protocol.slice(0, -1)} are not supported.`, {
        hint: `Use http, https or socks5. ${HINT}`,
      });
  }
};
