import { isAbsolute, join } from 'node:path';
import type { ClientSpec } from '../protocol/client-spec.ts';

/** Paths in entries are absolute: kubeconfig paths are relative to the file that holds them. */
export type ClusterEntry = {
  readonly server: string;
  readonly caFile?: string;
  readonly caData?: string;
  readonly insecure: boolean;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
  readonly disableCompression: boolean;
  /** `extensions` named client.authentication.k8s.io/exec: handed to exec plugins. */
  readonly execConfig?: unknown;
};

export type ExecConfig = {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint?: string;
  readonly provideClusterInfo: boolean;
  /** '' when the file does not say. */
  readonly interactiveMode: string;
};

export type UserEntry = {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly certFile?: string;
  readonly certData?: string;
  readonly keyFile?: string;
  readonly keyData?: string;
  readonly username?: string;
  readonly password?: string;
  readonly impersonate?: NonNullable<ClientSpec['impersonate']>;
  readonly exec?: ExecConfig;
  readonly authProvider?: { readonly name: string; readonly config: Readonly<Record<string, string>> };
};

export type ContextEntry = { readonly cluster: string; readonly user: string; readonly namespace: string };

export type KubeconfigFile = {
  readonly current: string;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly problems: readonly string[];
};

type Fields = Readonly<Record<string, unknown>>;

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

const text = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(text).filter((item) => item !== undefined) : [];

const optional = <K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: V };

const beside = (directory: string, path: string | undefined): string | undefined =>
  path === undefined || isAbsolute(path) ? path : join(directory, path);

const readCluster = (raw: Fields, directory: string): ClusterEntry => {
  const extensions = Array.isArray(raw.extensions) ? raw.extensions.map(fields) : [];
  const execConfig = extensions.find((entry) => entry.name === 'client.authentication.k8s.io/exec')?.extension;
  return {
    server: (text(raw.server) ?? '').replace(/\/+$/, ''),
    insecure: raw['insecure-skip-tls-verify'] === true,
    disableCompression: raw['disable-compression'] === true,
    ...optional('caFile', beside(directory, text(raw['certificate-authority']))),
    ...optional('caData', text(raw['certificate-authority-data'])),
    ...optional('tlsServerName', text(raw['tls-server-name'])),
    ...optional('proxyUrl', text(raw['proxy-url'])),
    ...optional('execConfig', execConfig),
  };
};

const readExec = (raw: Fields, directory: string): ExecConfig => {
  const command = text(raw.command) ?? '';
  const pairs = Array.isArray(raw.env) ? raw.env.map(fields) : [];
  return {
    apiVersion: text(raw.apiVersion) ?? '',
    // Like kubectl: only a command with a separator is a path relative to the file, a bare one is found on PATH.
    command: /[\\/]/.test(command) ? (beside(directory, command) ?? '') : command,
    args: texts(raw.args),
    env: Object.fromEntries(pairs.map((pair) => [text(pair.name) ?? '', text(pair.value) ?? ''])),
    provideClusterInfo: raw.provideClusterInfo === true,
    interactiveMode: text(raw.interactiveMode) ?? '',
    ...optional('installHint', text(raw.installHint)),
  };
};

const readImpersonation = (raw: Fields): UserEntry['impersonate'] => {
  const extra = Object.entries(fields(raw['as-user-extra'])).map(([key, value]) => [key, texts(value)] as const);
  const found = {
    ...optional('user', text(raw.as)),
    ...optional('uid', text(raw['as-uid'])),
    ...(texts(raw['as-groups']).length > 0 ? { groups: texts(raw['as-groups']) } : {}),
    ...(extra.length > 0 ? { extra: Object.fromEntries(extra) } : {}),
  };
  return Object.keys(found).length === 0 ? undefined : found;
};

const readUser = (raw: Fields, directory: string): UserEntry => {
  const provider = fields(raw['auth-provider']);
  const config = Object.entries(fields(provider.config)).map(([key, value]) => [key, text(value) ?? ''] as const);
  const name = text(provider.name);
  return {
    ...optional('token', text(raw.token)),
    ...optional('tokenFile', beside(directory, text(raw.tokenFile))),
    ...optional('certFile', beside(directory, text(raw['client-certificate']))),
    ...optional('certData', text(raw['client-certificate-data'])),
    ...optional('keyFile', beside(directory, text(raw['client-key']))),
    ...optional('keyData', text(raw['client-key-data'])),
    ...optional('username', text(raw.username)),
    ...optional('password', text(raw.password)),
    ...optional('impersonate', readImpersonation(raw)),
    ...optional('exec', raw.exec ? readExec(fields(raw.exec), directory) : undefined),
    ...optional('authProvider', name === undefined ? undefined : { name, config: Object.fromEntries(config) }),
  };
};

const readContext = (raw: Fields): ContextEntry => ({
  cluster: text(raw.cluster) ?? '',
  user: text(raw.user) ?? '',
  namespace: text(raw.namespace) ?? 'default',
});

const readNamed = <T>(
  list: unknown,
  what: 'cluster' | 'user' | 'context',
  file: string,
  problems: string[],
  read: (raw: Fields) => T,
): ReadonlyMap<string, T> => {
  const found = new Map<string, T>();
  if (list === undefined || list === null) return found;
  if (!Array.isArray(list)) {
    problems.push(`${file}: \`${what}s\` must be a list; it was skipped.`);
    return found;
  }
  for (const [index, entry] of list.map(fields).entries()) {
    const name = text(entry.name);
    if (name === undefined) problems.push(`${file}: ${what}s[${index}] has no name; it was skipped.`);
    else if (!found.has(name)) found.set(name, read(fields(entry[what])));
  }
  return found;
};

/** The entries of a parsed kubeconfig; what is unusable is left out and named in `problems`, without its values. */
export const readKubeconfig = (parsed: unknown, file: string, directory: string): KubeconfigFile => {
  const problems: string[] = [];
  const raw = fields(parsed);
  if (parsed !== null && parsed !== undefined && parsed !== raw) {
    problems.push(`${file} is not a kubeconfig: a mapping with clusters, users and contexts is expected.`);
  }
  return {
    current: text(raw['current-context']) ?? '',
    clusters: readNamed(raw.clusters, 'cluster', file, problems, (entry) => readCluster(entry, directory)),
    users: readNamed(raw.users, 'user', file, problems, (entry) => readUser(entry, directory)),
    contexts: readNamed(raw.contexts, 'context', file, problems, readContext),
    problems,
  };
};
