import { ClusterError } from '../util/error.ts';

/** The error of a call whose signal was aborted: by someone, or by AbortSignal.timeout(). */
export const cancelled = (what: string, signal: AbortSignal | undefined): ClusterError => {
  const reason: unknown = signal?.reason;
  return reason instanceof Error && reason.name === 'TimeoutError'
    ? new ClusterError('timeout', `${what}: no answer in the time allowed`)
    : new ClusterError('cancelled', `${what}: cancelled`);
};

/** Said of a drain that was cancelled, which does not undo it. */
export const soFar = ({ done, total }: { readonly done: number; readonly total: number }): string =>
  `${done} of ${total} pods were gone and the node stays cordoned`;
