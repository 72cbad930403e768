import { X509Certificate } from 'node:crypto';
import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect, createSecureContext, getCACertificates } from 'node:tls';
import type { ClientSpec } from '../protocol/client-spec.ts';
import { ClusterError } from '../util/error.ts';
import { isLoopback } from './proxy-env.ts';
import { openTunnel } from './tunnel.ts';

/** One generation of a transport's credential: the address, the connections opened with it, and its headers. */
export type Link = {
  readonly spec: ClientSpec;
  readonly url: URL;
  /** host:port, for messages. */
  readonly server: string;
  readonly agent: HttpAgent;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** When it was made, in ms since the epoch. */
  readonly since: number;
};

/** Until TCP asks a silent peer. libuv then asks every second and gives up after ten: a dead one is known in 15 s. */
const KEEP_ALIVE_MS = 5_000;

/** HTTP/1.1 keep-alive: one socket per watch, no window or stream limit. */
const POOL: AgentOptions = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MS, maxFreeSockets: 16 };

const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

const portOf = (url: URL): number => (url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port));

const parseServer = (server: string): URL => {
  const url = URL.parse(server.includes('://') ? server : `http://${server}`);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new ClusterError('invalid', 'The server address of the cluster is not an http or https URL.', {
    hint: 'Correct `server` of the cluster in the kubeconfig.',
  });
};

let publicAuthorities: string[] | undefined;

/** Without one in the kubeconfig: Node's and the machine's, as a company's own authority is installed there. */
const authorities = (spec: ClientSpec): string | string[] | undefined => {
  if (spec.insecure) return undefined;
  publicAuthorities ??=
    spec.caPem === undefined ? [...getCACertificates('default'), ...getCACertificates('system')] : undefined;
  return spec.caPem ?? publicAuthorities;
};

/** Parsed once per generation: per connection, the bundle of authorities costs more than the handshake. */
const tlsOptions = (spec: ClientSpec, url: URL): ConnectionOptions => {
  const wrong = (what: string, cause: unknown) =>
    new ClusterError('invalid', `${what} for ${url.host} cannot be used.`, {
      hint: "Check the context's cluster and user in the kubeconfig.",
      cause,
    });
  try {
    // createSecureContext would silently trust nobody.
    if (spec.caPem !== undefined) new X509Certificate(spec.caPem);
  } catch (cause) {
    throw wrong('The certificate authority', cause);
  }
  try {
    return {
      secureContext: createSecureContext({ ca: authorities(spec), cert: spec.certPem, key: spec.keyPem }),
      rejectUnauthorized: spec.insecure !== true,
      ...(spec.tlsServerName !== undefined && { servername: spec.tlsServerName }),
    };
  } catch (cause) {
    throw wrong('The client certificate and its key', cause);
  }
};

/** Connections through a proxy: the tunnel first, TLS inside it. */
const tunnelled = (spec: ClientSpec, url: URL, proxyUrl: string): HttpAgent => {
  const secure = url.protocol === 'https:' ? tlsOptions(spec, url) : undefined;
  const host = bareHost(url);
  const open = async (): Promise<Socket> => {
    const socket = await openTunnel(proxyUrl, host, portOf(url));
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    if (secure === undefined) return socket;
    return connect({
      ...(isIP(host) === 0 && { servername: host }),
      ...secure,
      host,
      socket,
      ALPNProtocols: ['http/1.1'],
    });
  };
  const agent = secure === undefined ? new HttpAgent(POOL) : new HttpsAgent(POOL);
  agent.createConnection = (_options, connected) => {
    // Node's types want a stream beside the error; it is not looked at.
    const fail = connected as ((error: Error) => void) | undefined;
    open().then((socket) => connected?.(null, socket), fail);
    return undefined;
  };
  return agent;
};

const createAgent = (spec: ClientSpec, url: URL): HttpAgent => {
  if (spec.proxyUrl !== undefined) return tunnelled(spec, url, spec.proxyUrl);
  return url.protocol === 'http:' ? new HttpAgent(POOL) : new HttpsAgent({ ...POOL, ...tlsOptions(spec, url) });
};

const authorization = (spec: ClientSpec): Record<string, string> => {
  if (spec.token !== undefined) return { authorization: `Bearer ${spec.token}` };
  if (spec.username === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${spec.username}:${spec.password ?? ''}`).toString('base64')}` };
};

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
const impersonation = (spec: ClientSpec): Record<string, string | readonly string[]> => {
  const { user, uid, groups = [], extra = {} } = spec.impersonate ?? {};
  return {
    ...(user !== undefined && { 'impersonate-user': user }),
    ...(uid !== undefined && { 'impersonate-uid': uid }),
    ...(groups.length > 0 && { 'impersonate-group': groups }),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [
        `impersonate-extra-${encodeURIComponent(key.toLowerCase())}`,
        values,
      ]),
    ),
  };
};

/** Which parts of a credential live in the connections; the others are headers and change without new connections. */
const connectionParts = (spec: ClientSpec): string =>
  JSON.stringify([
    spec.server,
    spec.caPem,
    spec.insecure,
    spec.tlsServerName,
    spec.certPem,
    spec.keyPem,
    spec.proxyUrl,
  ]);

/** The next generation; keeps the connections of `previous` where the new credential allows it. */
export const createLink = (spec: ClientSpec, now: number, previous?: Link): Link => {
  const url = parseServer(spec.server);
  const same = previous !== undefined && connectionParts(previous.spec) === connectionParts(spec);
  const compress = spec.disableCompression !== true && !isLoopback(url.hostname);
  return {
    spec,
    url,
    server: `${url.hostname}:${portOf(url)}`,
    agent: same ? previous.agent : createAgent(spec, url),
    headers: {
      'user-agent': 'kubectl-live',
      ...(compress && { 'accept-encoding': 'gzip' }),
      ...authorization(spec),
      ...impersonation(spec),
    },
    since: now,
  };
};

/** Requests under way go on. */
export const closeIdle = (agent: HttpAgent): void => {
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
};

/** Closes what is idle now and what becomes idle later; requests under way go on. */
export const retireAgent = (agent: HttpAgent): void => {
  agent.maxFreeSockets = 0;
  closeIdle(agent);
};
