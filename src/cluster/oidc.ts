import type { ClientSpec } from '../protocol/client-spec.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import type { Environment } from './kubeconfig.ts';
import { createTransport } from './node-transport.ts';
import { proxyFromEnvironment } from './proxy-env.ts';

/** An auth-provider's `config` in the kubeconfig. */
export type OidcConfig = Readonly<Record<string, string>>;

export type OidcLogin = {
  readonly token: string;
  /** ms since the epoch; absent when the token does not say. */
  readonly expiresAt?: number;
  /** Providers may replace it with each use. */
  readonly refreshToken?: string;
};

export type OidcOptions = {
  readonly clock: Clock;
  readonly env: Environment;
  /** For messages. */
  readonly context: string;
  /** Authority of the identity provider, when it is not a public one. */
  readonly caPem?: string;
};

type Provider = {
  readonly token_endpoint?: string;
  readonly token_endpoint_auth_methods_supported?: readonly string[];
};
type Tokens = { readonly id_token?: string; readonly refresh_token?: string };

/** `exp` of a JWT in ms since the epoch; its signature is the API server's business. */
const expiryOf = (token: string): number | undefined => {
  try {
    const payload: { exp?: unknown } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof payload.exp === 'number' ? payload.exp * 1000 : undefined;
  } catch {
    return undefined;
  }
};

const login = (token: string, refreshToken: string | undefined): OidcLogin => {
  const expiresAt = expiryOf(token);
  return { token, ...(expiresAt !== undefined && { expiresAt }), ...(refreshToken !== undefined && { refreshToken }) };
};

const ask = async <T>(address: string, options: OidcOptions, form?: URLSearchParams, basic?: string): Promise<T> => {
  const url = new URL(address);
  const proxyUrl = proxyFromEnvironment(address, options.env);
  const spec: ClientSpec = {
    server: url.origin,
    ...(options.caPem !== undefined && { caPem: options.caPem }),
    ...(proxyUrl !== undefined && { proxyUrl }),
  };
  const transport = createTransport(spec, { clock: options.clock });
  try {
    return await transport.json<T>({
      path: `${url.pathname}${url.search}`,
      ...(form !== undefined && {
        method: 'POST',
        body: form.toString(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...(basic !== undefined && { authorization: `Basic ${basic}` }),
        },
      }),
    });
  } finally {
    transport.dispose();
  }
};

const refresh = async (config: OidcConfig, refreshToken: string, options: OidcOptions): Promise<OidcLogin> => {
  const issuer = (config['idp-issuer-url'] ?? '').replace(/\/$/, '');
  const provider = await ask<Provider>(`${issuer}/.well-known/openid-configuration`, options);
  if (provider.token_endpoint === undefined) throw new ClusterError('invalid', `${issuer} names no token_endpoint.`);
  const id = config['client-id'] ?? '';
  const secret = config['client-secret'] ?? '';
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken });
  const methods = provider.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  let basic: string | undefined;
  if (secret !== '' && methods.includes('client_secret_basic')) {
    basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64');
  } else {
    form.set('client_id', id);
    if (secret !== '') form.set('client_secret', secret);
  }
  const tokens = await ask<Tokens>(provider.token_endpoint, options, form, basic);
  if (typeof tokens.id_token !== 'string') throw new ClusterError('invalid', `${issuer} answered without an id_token.`);
  return login(tokens.id_token, tokens.refresh_token ?? refreshToken);
};

/** The ID token of an `oidc` auth-provider; refreshed when `newer` is asked for or it is about to end. The kubeconfig is not written. */
export const oidcLogin = async (
  config: OidcConfig,
  known: OidcLogin | undefined,
  newer: boolean,
  options: OidcOptions,
): Promise<OidcLogin> => {
  const token = known?.token ?? config['id-token'] ?? '';
  const refreshToken = known?.refreshToken ?? config['refresh-token'] ?? '';
  const expiresAt = token === '' ? 0 : expiryOf(token);
  const ends = expiresAt !== undefined && expiresAt - 10_000 < options.clock.now();
  if (!ends && !newer) return login(token, refreshToken);
  const hint = 'Log in again with the tool that wrote this kubeconfig (for example `kubectl oidc-login`).';
  if (refreshToken === '' || !config['idp-issuer-url'] || !config['client-id']) {
    const why = refreshToken === '' ? 'there is no refresh-token' : 'idp-issuer-url or client-id is missing';
    throw new ClusterError('unauthorized', `The OIDC login of context "${options.context}" has ended and ${why}.`, {
      hint,
    });
  }
  try {
    return await refresh(config, refreshToken, options);
  } catch (thrown) {
    const cause = asClusterError(thrown);
    const message = `The OIDC login of context "${options.context}" could not be renewed: ${cause.message}`;
    const code = cause.code === 'unreachable' || cause.code === 'timeout' ? cause.code : 'unauthorized';
    throw new ClusterError(code, message, { hint, cause });
  }
};
