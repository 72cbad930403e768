import { BlockList, isIP } from 'node:net';
import type { Environment } from './kubeconfig.ts';

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '').toLowerCase();

export const isLoopback = (hostname: string): boolean => {
  const host = bare(hostname);
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127\./.test(host);
};

const inRange = (host: string, range: string): boolean => {
  const [network = '', bits = ''] = range.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  const prefix = Number(bits);
  if (isIP(network) === 0 || isIP(host) === 0 || !Number.isInteger(prefix) || prefix < 0) return false;
  if (prefix > (family === 'ipv6' ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return list.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
};

/** One entry of NO_PROXY as Go reads it: `*`, a name (its subdomains too), `.sub.domains`, an address, a range, each with a port or none. */
const exempts = (entry: string, host: string, port: string): boolean => {
  if (entry === '*') return true;
  if (entry.includes('/')) return inRange(host, entry);
  const withPort = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry);
  if (withPort !== null && withPort[2] !== port) return false;
  const name = bare(withPort?.[1] ?? entry).replace(/^\*\./, '.');
  if (name === '') return false;
  if (name.startsWith('.')) return host.endsWith(name);
  return host === name || (isIP(name) === 0 && host.endsWith(`.${name}`));
};

/** The proxy the environment asks for, by the rules of Go's net/http, which kubectl follows; loopback is never proxied. */
export const proxyFromEnvironment = (server: string, env: Environment): string | undefined => {
  const url = new URL(server);
  const read = (name: string): string | undefined => env[name] || env[name.toLowerCase()] || undefined;
  const proxy = read(url.protocol === 'http:' ? 'HTTP_PROXY' : 'HTTPS_PROXY');
  if (proxy === undefined || isLoopback(url.hostname)) return undefined;
  const port = url.port || (url.protocol === 'http:' ? '80' : '443');
  const entries = (read('NO_PROXY') ?? '').split(',').map((entry) => entry.trim().toLowerCase());
  if (entries.some((entry) => entry !== '' && exempts(entry, bare(url.hostname), port))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
};
