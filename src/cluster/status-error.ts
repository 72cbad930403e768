import { ClusterError, type ErrorCode } from '../util/error.ts';
import { plainText } from '../util/plain-text.ts';
import type { TransportResponse } from './transport.ts';

/** The parts of metav1.Status that errors are made of. */
export type Status = {
  readonly kind?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
  };
};

const codes: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'unsupported',
  406: 'unsupported',
  408: 'timeout',
  409: 'conflict',
  410: 'expired',
  413: 'invalid',
  415: 'unsupported',
  422: 'invalid',
  429: 'throttled',
  501: 'unsupported',
  504: 'timeout',
};

const hints: Readonly<Partial<Record<ErrorCode, string>>> = {
  unauthorized: 'Log in again, then gr, or check the user of this context in the kubeconfig.',
  forbidden: 'Ask for the right, or check yours with `:Kubectl auth can-i --list`.',
  'not-found': 'It may have been deleted; refresh with gr.',
  conflict: 'It changed meanwhile: look at it again and retry.',
  expired: 'It is listed afresh.',
  throttled: 'The server is busy; it is asked again later.',
  timeout: 'The server is slow; try again.',
  unreachable: 'The server cannot serve this now; try again, or check its health with `:Kubectl get --raw /readyz`.',
  unsupported: 'This server is too old or too different for it.',
};

const taken = 'Choose another name, or change the object that has it.';

const codeOf = (status: number, reason: string | undefined): ErrorCode => {
  if (reason === 'Expired' || reason === 'Gone') return 'expired';
  // A server without room answers 500 with this reason; it means: ask again.
  if (reason === 'ServerTimeout' || reason === 'Timeout') return 'timeout';
  return codes[status] ?? (status >= 500 ? 'unreachable' : 'invalid');
};

/** Retry-After is seconds or an HTTP date; in ms from `now`. */
export const retryAfterMs = (header: string | string[] | undefined, now: number): number | undefined => {
  const value = Array.isArray(header) ? header[0] : header;
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
};

export const parseStatus = (body: string): Status | undefined => {
  try {
    const parsed: Status | null = JSON.parse(body);
    return typeof parsed === 'object' && parsed?.kind === 'Status' ? parsed : undefined;
  } catch {
    return undefined;
  }
};

/** What the API server says of a path that nothing in it serves. */
export const inWords = (message: string): string =>
  message.trim() === '404 page not found' ? 'the server has no such resource' : message;

/** The error of a Status object, from a body or from inside a watch. `tried` is `GET /api/v1/pods at host:port`. */
export const statusError = (status: Status, http: number, tried: string, retryMs?: number): ClusterError => {
  const code = codeOf(http, status.reason);
  const said = inWords(plainText(status.message ?? '')) || `the server answered ${http}`;
  const seconds = status.details?.retryAfterSeconds;
  return new ClusterError(code, `${said} (${tried})`, {
    status: http,
    hint: status.reason === 'AlreadyExists' ? taken : hints[code],
    retryAfterMs: retryMs ?? (seconds === undefined || seconds === 0 ? undefined : seconds * 1000),
  });
};

/** The error of a non-2xx response whose body has been read. Bodies that are no Status (a proxy's page) are not quoted at length. */
export const responseError = (
  response: Pick<TransportResponse, 'status' | 'headers'>,
  body: string,
  tried: string,
  now: number,
): ClusterError => {
  const type = String(response.headers['content-type'] ?? '');
  const status = parseStatus(body) ?? (type.startsWith('text/plain') ? { message: plainText(body, 200) } : {});
  return statusError(status, response.status, tried, retryAfterMs(response.headers['retry-after'], now));
};
