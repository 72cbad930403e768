import { readFile as readFileFromDisk } from 'node:fs/promises';
import type { ClientSpec } from '../protocol/client-spec.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { type Environment, findContext, type Kubeconfig, type ResolvedContext } from './kubeconfig.ts';
import type { UserEntry } from './kubeconfig-file.ts';
import { runsProgram } from './login.ts';
import type { OidcLogin } from './oidc.ts';
import { proxyFromEnvironment } from './proxy-env.ts';

export type ConnectOptions = {
  readonly clock: Clock;
  readonly env: Environment;
  readonly readFile?: (path: string) => Promise<string>;
  /** Until an exec plugin must have answered, in ms; 60 s unless told. */
  readonly execTimeoutMs?: number;
  /** A login takes long; what its plugin says meanwhile. */
  readonly onWait?: (words: string) => void;
};

/** A token file is read again this often (as client-go does): the kubelet replaces service account tokens. */
const TOKEN_FILE_MS = 60_000;

/** What survives a renewal: an OIDC provider may have replaced the refresh token that the file holds. */
type Memory = { login?: OidcLogin };

const authority = 'certificate authority';

/** Without its token, certificate or key nobody is logged in; an authority says whom to trust. */
const fileProblem = (what: string, context: string, path: string, cause: unknown): ClusterError => {
  const code = (cause as NodeJS.ErrnoException).code;
  const why = code === 'ENOENT' ? 'no such file' : code === 'EACCES' ? 'permission denied' : String(code);
  return new ClusterError(
    what.endsWith(authority) ? 'invalid' : 'unauthorized',
    `The ${what} of context "${context}" cannot be read: ${path} (${why}).`,
    {
      hint: 'Correct the path in the kubeconfig, or create the file.',
      cause,
    },
  );
};

type Reader = (what: string, data: string | undefined, path: string | undefined) => Promise<string | undefined>;

/** Inline data wins over a file, as in kubectl. */
const reader =
  (context: string, readFile: (path: string) => Promise<string>): Reader =>
  async (what, data, path) => {
    if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
    if (path === undefined) return undefined;
    try {
      return await readFile(path);
    } catch (cause) {
      throw fileProblem(what, context, path, cause);
    }
  };

/** Where to connect, without who connects. */
const clusterPart = async ({ name, cluster }: ResolvedContext, env: Environment, read: Reader): Promise<ClientSpec> => {
  const caPem = cluster.insecure ? undefined : await read(authority, cluster.caData, cluster.caFile);
  const proxyUrl =
    cluster.proxyUrl ?? (URL.canParse(cluster.server) ? proxyFromEnvironment(cluster.server, env) : undefined);
  return {
    server: cluster.server,
    context: name,
    ...(caPem !== undefined && { caPem }),
    ...(cluster.insecure && { insecure: true }),
    ...(cluster.disableCompression && { disableCompression: true }),
    ...(cluster.tlsServerName !== undefined && { tlsServerName: cluster.tlsServerName }),
    ...(proxyUrl !== undefined && { proxyUrl }),
  };
};

type UserPart = Pick<ClientSpec, 'token' | 'certPem' | 'keyPem' | 'username' | 'password' | 'expiresAt'>;

const removedProvider = (name: string, context: string): ClusterError =>
  new ClusterError(
    'unsupported',
    `Context "${context}" logs in with the auth-provider "${name}", which kubectl dropped in 1.26.`,
    {
      hint:
        name === 'gcp'
          ? 'Install gke-gcloud-auth-plugin and run `gcloud container clusters get-credentials` again.'
          : name === 'azure'
            ? 'Run `kubelogin convert-kubeconfig`.'
            : 'Use an exec plugin for this login.',
    },
  );

/** A token or a password; like kubectl, what is written down comes before what would have to be run. */
const loginPart = async (
  found: ResolvedContext,
  base: ClientSpec,
  newer: boolean,
  memory: Memory,
  options: ConnectOptions,
  read: Reader,
): Promise<UserPart> => {
  const { name: context, user, cluster } = found;
  const { clock, env } = options;
  if (user.tokenFile !== undefined) {
    const token = (await read('token file', undefined, user.tokenFile))?.trim() ?? '';
    return { token, expiresAt: clock.now() + TOKEN_FILE_MS };
  }
  if (user.token !== undefined) return { token: user.token };
  if (user.username !== undefined) return { username: user.username, password: user.password ?? '' };
  if (user.exec !== undefined) {
    const { execTimeoutMs: timeoutMs, onWait } = options;
    const { runExecPlugin } = await import('./exec-credential.ts');
    return await runExecPlugin(user.exec, {
      ...{ clock, env, context, cluster: base, execConfig: cluster.execConfig },
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(onWait !== undefined && { onWait }),
    });
  }
  if (user.authProvider === undefined) return {};
  const { name, config } = user.authProvider;
  if (name !== 'oidc') throw removedProvider(name, context);
  const ca = await read(
    `identity provider's ${authority}`,
    config['idp-certificate-authority-data'] || undefined,
    config['idp-certificate-authority'] || undefined,
  );
  const asked = { clock, env, context, ...(ca !== undefined && { caPem: ca }) };
  const { oidcLogin } = await import('./oidc.ts');
  memory.login = await oidcLogin(config, memory.login, newer, asked);
  const { token, expiresAt } = memory.login;
  return expiresAt === undefined ? { token } : { token, expiresAt };
};

const certificatePart = async (user: UserEntry, read: Reader): Promise<UserPart> => {
  const certPem = await read('client certificate', user.certData, user.certFile);
  const keyPem = await read('client key', user.keyData, user.keyFile);
  return { ...(certPem !== undefined && { certPem }), ...(keyPem !== undefined && { keyPem }) };
};

/** Everything a request to this context needs, as data. `newer`: what was found last time was refused. */
export const resolveClient = async (
  config: Kubeconfig,
  context: string,
  options: ConnectOptions,
  newer = false,
  memory: Memory = {},
): Promise<ClientSpec> => {
  const found = findContext(config, context);
  const read = reader(found.name, options.readFile ?? ((path) => readFileFromDisk(path, 'utf8')));
  const base = await clusterPart(found, options.env, read);
  const [certificate, login] = await Promise.all([
    certificatePart(found.user, read),
    loginPart(found, base, newer, memory, options, read),
  ]);
  return {
    ...base,
    ...(config.variable !== '' && { kubeconfig: config.variable }),
    ...(found.user.impersonate !== undefined && { impersonate: found.user.impersonate }),
    ...certificate,
    ...login,
  };
};

/** Credentials of all contexts of one kubeconfig; one login at a time per context, however many ask. */
export type Connector = {
  /** The credential of a context ('' for the current one), from memory while it is good for at least another 10 s. */
  readonly resolve: (context: string) => Promise<ClientSpec>;
  /** After `stale` was refused or ended: a newer one. Who comes late gets what another has fetched meanwhile. */
  readonly renew: (context: string, stale: ClientSpec) => Promise<ClientSpec>;
  /** Somebody asks for it, or a file of it changed: the next renewal is tried, however short a time ago another was. */
  readonly insist: (context: string) => void;
  /** Why the newest login failed; undefined where it did not. */
  readonly failure: (context: string) => ClusterError | undefined;
};

const FRESH_MS = 10_000;

/**
 * A renewal that ran this short a time ago and did not help does not help now either, and its plugin may open a browser:
 * requests of many tables would run it one after the other. Files are read each time.
 */
const JUST_RUN_MS = 10_000;
const JUST_FAILED_MS = 5_000;

export const createConnector = (config: Kubeconfig, options: ConnectOptions): Connector => {
  const known = new Map<string, { readonly spec: ClientSpec; readonly at: number; readonly renewal: boolean }>();
  const pending = new Map<string, Promise<ClientSpec>>();
  const failures = new Map<string, { readonly error: unknown; readonly at: number }>();
  const insisted = new Set<string>();
  const memories = new Map<string, Memory>();

  const login = (name: string, newer: boolean): Promise<ClientSpec> => {
    const running = pending.get(name);
    if (running !== undefined) return running;
    insisted.delete(name);
    const memory = memories.get(name) ?? {};
    memories.set(name, memory);
    const started = resolveClient(config, name, options, newer, memory)
      .then((spec) => {
        known.set(name, { spec, at: options.clock.now(), renewal: newer });
        failures.delete(name);
        return spec;
      })
      .catch((error) => {
        failures.set(name, { error, at: options.clock.now() });
        throw error;
      })
      .finally(() => pending.delete(name));
    pending.set(name, started);
    return started;
  };
  const isRecent = (at: number | undefined, ms: number): boolean =>
    at !== undefined && Math.abs(options.clock.now() - at) < ms;
  /** One that had ended when it came was made by another clock: the server says when it is over. */
  const good = (name: string): ClientSpec | undefined => {
    const { spec, at } = known.get(name) ?? {};
    if (spec?.expiresAt === undefined || at === undefined || spec.expiresAt <= at) return spec;
    return spec.expiresAt - FRESH_MS > options.clock.now() ? spec : undefined;
  };

  const nameOf = (context: string): string => (context === '' ? config.current : context);

  return {
    resolve: async (context) => {
      const name = nameOf(context);
      return good(name) ?? (await login(name, false));
    },
    renew: async (context, stale) => {
      const name = nameOf(context);
      const spec = good(name);
      // The stale one may have crossed to a worker and back: it is compared by value.
      if (spec !== undefined && JSON.stringify(spec) !== JSON.stringify(stale)) return spec;
      if (runsProgram(findContext(config, name)) && !insisted.has(name)) {
        const last = known.get(name);
        if (spec !== undefined && last?.renewal === true && isRecent(last.at, JUST_RUN_MS)) return spec;
        const failed = failures.get(name);
        if (isRecent(failed?.at, JUST_FAILED_MS)) throw failed?.error;
      }
      return await login(name, true);
    },
    insist: (context) => {
      insisted.add(nameOf(context));
    },
    failure: (context) => {
      const failed = failures.get(nameOf(context));
      return failed === undefined ? undefined : asClusterError(failed.error);
    },
  };
};
