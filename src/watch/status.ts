import { inWords, statusError } from '../cluster/status-error.ts';
import type { Status } from '../decode/status.ts';
import { ClusterError, type ErrorCode } from '../util/error.ts';
import { plainText } from '../util/plain-text.ts';

/** A version from the future: the server's history is shorter than ours (etcd restored, a replica behind). */
const isTooLarge = (status: Status): boolean =>
  status.causes.includes('ResourceVersionTooLarge') || status.message.includes('Too large resource version');

/** `User "jane" cannot list resource "pods" in API group "" in the namespace "shop"`, as RBAC words it. */
const denial =
  /User "([^"]*)" cannot (\w+) resource "([^"]*)"(?: in API group "([^"]*)")?(?:.*? in the namespace "([^"]*)")?/;

const denied = (message: string): string => {
  const match = denial.exec(message);
  if (match === null) return `forbidden: ${message}`;
  const [, user, verb, resource, group, namespace] = match;
  const name = group === undefined || group === '' ? resource : `${resource}.${group}`;
  const scope = namespace === undefined ? 'in all namespaces' : `in ${namespace}`;
  return `forbidden: ${verb} ${name} ${scope} (user ${user})`;
};

const messageOf = (code: ErrorCode, http: number, said: string): string => {
  if (code === 'forbidden') return denied(said);
  return said === '' ? `the server answered ${http}` : inWords(said);
};

/** A refusal of a list or a watch as a table shows it: short, without the request, which the table itself tells. */
export const refusal = (http: number, status: Status, retryAfterMs?: number): ClusterError => {
  const { message, reason, retryAfterSeconds } = status;
  const details = retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } };
  const error = statusError({ message, reason, ...details }, http, '', retryAfterMs);
  const code = isTooLarge(status) ? 'expired' : error.code;
  return new ClusterError(code, messageOf(code, http, plainText(message)), {
    hint: error.hint,
    status: http,
    retryAfterMs: error.retryAfterMs,
  });
};
