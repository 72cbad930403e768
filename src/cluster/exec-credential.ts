import { type ChildProcess, spawn } from 'node:child_process';
import type { ClientSpec } from '../protocol/client-spec.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import { plainText, withoutSecrets } from '../util/plain-text.ts';
import type { Environment } from './kubeconfig.ts';
import type { ExecConfig } from './kubeconfig-file.ts';

/** The client side of https://kubernetes.io/docs/reference/config-api/client-authentication.v1/. */
export type ExecCredential = {
  readonly token?: string;
  readonly certPem?: string;
  readonly keyPem?: string;
  /** ms since the epoch. */
  readonly expiresAt?: number;
};

export type ExecOptions = {
  readonly clock: Clock;
  readonly env: Environment;
  /** For messages. */
  readonly context: string;
  readonly cluster: ClientSpec;
  readonly execConfig?: unknown;
  /** Until the plugin must have answered, in ms; 60 s unless told. */
  readonly timeoutMs?: number;
  /** What it waits for, once it takes longer than a second: it may have asked its user to do something. */
  readonly onWait?: (words: string) => void;
};

const VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
/** Until a login is told to take long, and between two changes of what is told, in ms. */
const TELL_MS = 1_000;
const TELL_AGAIN_MS = 300;
const MOST_OUTPUT = 4 * 1024 * 1024;

type Output = {
  readonly exit: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** What the plugin is told about us; the cluster only when the kubeconfig asks for it. */
const execInfo = (exec: ExecConfig, cluster: ClientSpec, execConfig: unknown): string =>
  JSON.stringify({
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion,
    spec: {
      interactive: false,
      ...(exec.provideClusterInfo && {
        cluster: {
          server: cluster.server,
          'tls-server-name': cluster.tlsServerName,
          'insecure-skip-tls-verify': cluster.insecure || undefined,
          'certificate-authority-data': cluster.caPem && Buffer.from(cluster.caPem).toString('base64'),
          'proxy-url': cluster.proxyUrl,
          'disable-compression': cluster.disableCompression || undefined,
          config: execConfig,
        },
      }),
    },
  });

const fail = (context: string, what: string, hint: string, cause?: unknown): ClusterError =>
  new ClusterError('unauthorized', `The login plugin of context "${context}" ${what}.`, { hint, cause });

const check = (exec: ExecConfig, context: string): void => {
  if (exec.command === '') throw fail(context, 'has no command', "Add `command` to the user's exec section.");
  if (!VERSIONS.includes(exec.apiVersion)) {
    throw fail(
      context,
      `(${exec.command}) asks for ${plainText(exec.apiVersion, 80) || 'no apiVersion'}, which is not supported`,
      `Set its apiVersion to ${VERSIONS[0]}; a newer version of the plugin may be needed.`,
    );
  }
  if (exec.interactiveMode === 'Always') {
    throw fail(
      context,
      `(${exec.command}) has interactiveMode Always, but there is no terminal here`,
      `Log in with it in a terminal, then set interactiveMode to IfAvailable.`,
    );
  }
};

/** A plugin may start children of its own (shells, browsers): its whole process group ends with it. */
const killGroup = (child: ChildProcess): void => {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
};

/** Tells that a plugin takes long, and what it has said since. */
const startTelling = (exec: ExecConfig, { clock, context, onWait }: ExecOptions, said: () => string) => {
  let told = false;
  const tell = (): void => {
    told = true;
    const words = withoutSecrets(said());
    onWait?.(
      `Waiting for the login plugin of context "${context}" (${exec.command})${words === '' ? '…' : `: ${words}`}`,
    );
  };
  let cancel = clock.after(TELL_MS, tell);
  return {
    news: (): void => {
      if (!told) return;
      cancel();
      cancel = clock.after(TELL_AGAIN_MS, tell);
    },
    end: (): void => cancel(),
  };
};

const run = (exec: ExecConfig, options: ExecOptions): Promise<Output> => {
  const { clock, context, timeoutMs = 60_000 } = options;
  const { promise, resolve, reject } = Promise.withResolvers<Output>();
  const child = spawn(exec.command, exec.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
    env: { ...options.env, ...exec.env, KUBERNETES_EXEC_INFO: execInfo(exec, options.cluster, options.execConfig) },
  });
  // It is in a process group of its own: nobody else ends it when we do.
  const orphaned = (): void => killGroup(child);
  process.once('exit', orphaned);
  const telling = startTelling(exec, options, () => stderr);
  const cancelTimer = clock.after(timeoutMs, () => {
    killGroup(child);
    const said = withoutSecrets(stderr);
    const hint = `Run \`${exec.command}\` in a terminal to see what it waits for.`;
    const what = `(${exec.command}) gave no credential within ${timeoutMs / 1000} s${said && `: ${said}`}`;
    reject(fail(context, what, hint, new ClusterError('timeout', what)));
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    if (stdout.length > MOST_OUTPUT) {
      killGroup(child);
      reject(fail(context, `(${exec.command}) printed more than 4 MB`, 'Check the command and its arguments.'));
    }
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = (stderr + chunk).slice(-20_000);
    telling.news();
  });
  child.on('error', (error: NodeJS.ErrnoException) => {
    const missing = error.code === 'ENOENT';
    const hint = plainText(exec.installHint ?? '') || 'Install it, or correct `command` in the kubeconfig.';
    const what = missing ? `was not found: ${exec.command}` : `cannot run (${error.code}): ${exec.command}`;
    reject(fail(context, what, hint, error));
  });
  // 'close' and not 'exit': what it printed has then been read.
  child.on('close', (exit, signal) => resolve({ exit, signal, stdout, stderr }));
  return promise.finally(() => {
    cancelTimer();
    process.off('exit', orphaned);
    telling.end();
  });
};

const string = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Never quotes the output: what looks like rubbish may be a token. */
const read = (exec: ExecConfig, output: string, context: string): ExecCredential => {
  const wrong = (what: string) =>
    fail(
      context,
      `(${exec.command}) ${what}`,
      `Run it in a terminal: it must print an ExecCredential of ${exec.apiVersion}.`,
    );
  let parsed: Readonly<Record<string, unknown>> | null;
  try {
    parsed = JSON.parse(output);
  } catch {
    throw wrong(output.trim() === '' ? 'printed nothing' : 'printed something that is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || parsed.kind !== 'ExecCredential') {
    throw wrong('printed JSON that is not an ExecCredential');
  }
  if (parsed.apiVersion !== exec.apiVersion) {
    throw wrong(`answered in ${plainText(String(parsed.apiVersion), 80)} but the kubeconfig says ${exec.apiVersion}`);
  }
  const status = (parsed.status ?? {}) as Readonly<Record<string, unknown>>;
  const token = string(status.token);
  const certPem = string(status.clientCertificateData);
  const keyPem = string(status.clientKeyData);
  if ((certPem === undefined) !== (keyPem === undefined))
    throw wrong('printed a certificate without its key, or the reverse');
  if (token === undefined && certPem === undefined) throw wrong('printed neither a token nor a client certificate');
  const expires = string(status.expirationTimestamp);
  const expiresAt = expires === undefined ? Number.NaN : Date.parse(expires);
  if (expires !== undefined && Number.isNaN(expiresAt))
    throw wrong('printed an expirationTimestamp that is not a time');
  return {
    ...(token !== undefined && { token }),
    ...(certPem !== undefined && keyPem !== undefined && { certPem, keyPem }),
    ...(expires !== undefined && { expiresAt }),
  };
};

/** Runs the plugin once, without a terminal. Every failure is a ClusterError 'unauthorized' free of credentials. */
export const runExecPlugin = async (exec: ExecConfig, options: ExecOptions): Promise<ExecCredential> => {
  const { context } = options;
  check(exec, context);
  const { exit, signal, stdout, stderr } = await run(exec, options);
  if (exit !== 0) {
    const said = withoutSecrets(stderr);
    const how = signal === null ? `failed with exit code ${exit}` : `was ended by ${signal}`;
    throw fail(
      context,
      `(${exec.command}) ${how}${said && `: ${said}`}`,
      `Run \`${exec.command}\` in a terminal to log in again.`,
    );
  }
  return read(exec, stdout, context);
};
