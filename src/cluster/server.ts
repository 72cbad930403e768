import type { Resource } from '../protocol/resource.ts';
import type { Clock } from '../util/clock.ts';
import { readAll } from './body.ts';
import { responseError } from './status-error.ts';
import type { Transport } from './transport.ts';

export type ServerVersion = {
  /** `v1.36.3`. */
  readonly gitVersion: string;
  readonly major: string;
  readonly minor: string;
  readonly platform: string;
};

export const serverVersion = (transport: Transport): Promise<ServerVersion> =>
  transport.json<ServerVersion>({ path: '/version' });

/**
 * Resolves when the API server answers and does not call itself ill; rejects with what is wrong. Being refused (a
 * login that ended, rights that are missing) is an answer too.
 */
export const checkAlive = async (
  transport: Transport,
  { timeoutMs = 5_000, fresh = false }: { readonly timeoutMs?: number; readonly fresh?: boolean } = {},
): Promise<void> => {
  const path = '/livez';
  const response = await transport.request({
    path,
    timeoutMs,
    idleMs: timeoutMs,
    headers: { accept: 'text/plain' },
    background: true,
    ...(fresh && { fresh }),
  });
  const text = await readAll(response.body);
  if (response.status >= 500) throw responseError(response, text, `GET ${path}`, 0);
};

export type Access = {
  readonly allowed: boolean;
  /** The authorizer's words, when it gives any. */
  readonly reason: string;
};

type Review = { readonly status?: { readonly allowed?: boolean; readonly reason?: string } };

/** Rights change seldom; a menu asks about the same ones again and again. */
const KEEP_MS = 30_000;

type Remembered = { readonly until: number; readonly answer: Promise<Access> };

const reviews = new WeakMap<Transport, Map<string, Remembered>>();

const review = async (
  transport: Transport,
  verb: string,
  { group, version, resource }: Pick<Resource, 'group' | 'version' | 'resource'>,
  namespace: string,
  subresource: string,
): Promise<Access> => {
  const answer = await transport.json<Review>({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb, group, version, resource, namespace, subresource } },
    },
  });
  return { allowed: answer.status?.allowed === true, reason: answer.status?.reason ?? '' };
};

/** May this user do it? The server's own answer (SelfSubjectAccessReview), remembered for 30 s. */
export const canI = (
  transport: Transport,
  clock: Clock,
  verb: string,
  resource: Pick<Resource, 'group' | 'version' | 'resource'>,
  namespace: string,
  subresource = '',
): Promise<Access> => {
  const known = reviews.get(transport) ?? new Map<string, Remembered>();
  reviews.set(transport, known);
  const key = [verb, resource.group, resource.resource, subresource, namespace].join(' ');
  const remembered = known.get(key);
  const left = (remembered?.until ?? 0) - clock.now();
  // More than it was kept for: the clock was set back.
  if (remembered !== undefined && left > 0 && left <= KEEP_MS) return remembered.answer;
  const answer = review(transport, verb, resource, namespace, subresource);
  const entry = { until: clock.now() + KEEP_MS, answer };
  known.set(key, entry);
  answer.catch(() => {
    if (known.get(key) === entry) known.delete(key);
  });
  return answer;
};
