import type { Freshness } from '../protocol/freshness.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import { plainText } from '../util/plain-text.ts';

/** What the reflector knows; what may be claimed follows from it. */
export type FreshnessTracker = {
  /** Items of the list that is streaming; told only while nothing has ever been listed. */
  loading(count: number): void;
  /** The rows are those of a list asked for at that time. */
  listed(at: number): void;
  live(): void;
  /** The last moment at which the rows were certainly true; shown when the gap outlasts the grace. */
  lapse(at: number): void;
  /** A claim to be live is withdrawn, until `trust` or any other claim. */
  doubt(error: ClusterError, since: number): void;
  trust(): void;
  /** The claim while a fault lasts. */
  fault(error: ClusterError, retryAt: number | undefined): void;
  dispose(): void;
};

/** How often the growing count is told; every chunk would be thousands of times a second. */
const loadingEveryMs = 50;

const reconnecting = new ClusterError('unreachable', 'reconnecting');

const faulty = (error: ClusterError, since: number | undefined, retryAt: number | undefined): Freshness => {
  // It may quote bytes that nobody could read, and a statusline with a NUL in it is not drawn.
  const message = plainText(error.message);
  switch (error.code) {
    case 'forbidden':
      return { phase: 'forbidden', message };
    case 'unauthorized':
      return { phase: 'login', message };
    case 'not-found':
      return { phase: 'gone', message };
    default:
      return {
        phase: 'stale',
        reason: error.code === 'expired' ? `the history expired, listing afresh (${message})` : message,
        ...(since === undefined ? {} : { since }),
        ...(retryAt === undefined ? {} : { retryAt }),
      };
  }
};

export const createFreshness = (
  emit: (freshness: Freshness) => void,
  clock: Clock,
  graceMs: number,
): FreshnessTracker => {
  let goodUntil: number | undefined;
  let everListed = false;
  let phase: Freshness['phase'] | undefined;
  let toldAt = 0;
  let endGrace = (): void => {};
  let doubted = false;

  const tell = (freshness: Freshness): void => {
    endGrace();
    doubted = false;
    phase = freshness.phase;
    toldAt = clock.now();
    emit(freshness);
  };

  return {
    loading: (count) => {
      if (everListed || (count === 0 && phase !== undefined)) return;
      if (phase === 'loading' && clock.now() - toldAt < loadingEveryMs) return;
      tell({ phase: 'loading', count });
    },
    listed: (at) => {
      everListed = true;
      goodUntil = at;
    },
    live: () => {
      endGrace();
      if (phase !== 'live') tell({ phase: 'live' });
      goodUntil = undefined;
    },
    lapse: (at) => {
      if (phase !== 'live' || goodUntil !== undefined) return;
      goodUntil = at;
      endGrace = clock.after(graceMs, () => tell(faulty(reconnecting, goodUntil, undefined)));
    },
    doubt: (error, since) => {
      if (phase !== 'live' || goodUntil !== undefined) return;
      tell(faulty(error, since, undefined));
      goodUntil = since;
      doubted = true;
    },
    trust: () => {
      if (!doubted) return;
      tell({ phase: 'live' });
      goodUntil = undefined;
    },
    fault: (error, retryAt) => tell(faulty(error, goodUntil, retryAt)),
    dispose: () => endGrace(),
  };
};
