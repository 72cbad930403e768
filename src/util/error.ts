/** The closed set of expected failures. Anything else is a bug and is thrown as an ordinary Error. */
export type ErrorCode =
  | 'forbidden'
  | 'not-found'
  | 'unauthorized'
  | 'unreachable'
  | 'timeout'
  | 'cancelled'
  | 'invalid'
  | 'conflict'
  | 'expired'
  | 'throttled'
  | 'unsupported'
  | 'internal';

export type ErrorDetails = {
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** HTTP status, where a server answered. */
  readonly status?: number | undefined;
  /** How long the server asked us to wait, in ms. */
  readonly retryAfterMs?: number | undefined;
  /** The request was sent and its answer is lost: what it asks for may have been done. Never of what only reads. */
  readonly sent?: boolean | undefined;
};

/** An expected failure: the message names the object and what was tried, the hint is the next step. */
export class ClusterError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly sent: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ClusterError';
    this.code = code;
    this.hint = details.hint;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.sent = details.sent === true;
  }
}

/** Whatever was thrown, as a ClusterError; a bug keeps its own message under the code 'internal'. */
export const asClusterError = (thrown: unknown): ClusterError => {
  if (thrown instanceof ClusterError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new ClusterError('internal', message, { cause: thrown });
};
