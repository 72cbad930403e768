import type { Clock } from '../util/clock.ts';
import { asClusterError, ClusterError } from '../util/error.ts';

export type Question = {
  readonly timeoutMs: number;
  /** Over a new connection: the idle ones may be as dead as the others. */
  readonly fresh: boolean;
};

export type WatchdogOptions = {
  readonly clock: Clock;
  /** Resolves when the API server answers. */
  readonly alive: (question: Question) => Promise<void>;
  /** Whether anything is stale, whether anything claims to be live, and when a live watch last heard anything. */
  readonly condition: () => { readonly stale: boolean; readonly live: boolean; readonly heardAt: number };
  /** What is live may be so no longer, since then; it goes on listening and is live again with the next sign of life. */
  readonly doubt: (error: ClusterError, since: number) => void;
  /** The doubt is over and no connection was lost. */
  readonly trust: () => void;
  /** Everything stale goes on at once, with new connections. */
  readonly resume: () => void;
  /** Every connection may be dead without anyone having been told. */
  readonly wake: () => void;
};

/** How soon a server that is back is noticed, in ms; shorter than the reflectors' longest back-off. */
const beatMs = 2_000;

/** Silence of all watches after which the server is asked whether it is there: the one request of an idle table. */
const quietMs = 8_000;

/** An answer that takes longer makes what is shown doubtful; a server under load is given as long as it took last time. */
const patienceMs = 4_000;
const mostPatienceMs = 15_000;

/** While the server does not answer, every beat asks afresh: the first packet of a connection is repeated ever later. */
const urgentMs = 7_000;
const mostQuestions = 4;

/** A beat this late means that the process or the machine was asleep, and so were its connections. */
const sleptMs = 20_000;

const silent = (): ClusterError =>
  new ClusterError('unreachable', 'the server does not answer', {
    hint: 'Is the cluster running, and is the VPN or tunnel to it up?',
  });

const asleep = (): ClusterError => new ClusterError('unreachable', 'this machine was asleep, reconnecting');

/**
 * One question for all watches of a context. A silent peer looks like a quiet cluster until somebody asks; after an
 * outage the back-offs of the reflectors may be 30 s long; and a machine that wakes up has connections that no longer
 * exist. Returns how to end it.
 */
export const startWatchdog = (options: WatchdogOptions): (() => void) => {
  const { clock, alive, condition, doubt, trust, resume, wake } = options;
  let ended = false;
  let cancel = (): void => {};
  const asking = { urgent: 0, patient: 0 };
  let failed = false;
  let wasStale = false;
  let doubted = false;
  let patience = patienceMs;
  let seen = Number.NEGATIVE_INFINITY;
  let heard = clock.now();

  /** A clock that was set back puts the past into the future: what is new counts, and never as later than now. */
  const lastHeard = (): number => {
    const { heardAt } = condition();
    if (heardAt !== seen) heard = Math.max(heard, heardAt);
    seen = heardAt;
    heard = Math.min(heard, clock.now());
    return heard;
  };

  const answered = (tookMs: number, urgent: boolean): void => {
    heard = clock.now();
    patience = Math.min(mostPatienceMs, Math.max(patienceMs, 2 * tookMs));
    // What is stale although the server has been alive all along has another reason to wait.
    if (failed || (doubted && urgent)) resume();
    else if (doubted) trust();
    failed = false;
    doubted = false;
  };

  const silence = (error: ClusterError, since: number): void => {
    if (ended || doubted) return;
    doubted = true;
    doubt(error, since);
  };

  const ask = async (urgent: boolean): Promise<void> => {
    asking[urgent ? 'urgent' : 'patient']++;
    const [startedAt, since] = [clock.now(), lastHeard()];
    const endPatience = clock.after(patience, () => lastHeard() <= since && silence(silent(), since));
    try {
      await alive({ fresh: urgent, timeoutMs: urgent ? urgentMs : mostPatienceMs });
      if (!ended) answered(clock.now() - startedAt, urgent);
    } catch (thrown) {
      const error = asClusterError(thrown);
      // A server that calls itself ill is there: its watches live as long as they do.
      if (error.status === undefined && lastHeard() <= since) silence(error, since);
      // A slow answer may still come to the question that was given longer.
      if (!urgent || asking.patient === 0) failed = true;
    } finally {
      endPatience();
      asking[urgent ? 'urgent' : 'patient']--;
    }
  };

  const look = (): void => {
    const { stale, live } = condition();
    const news = stale && !wasStale;
    wasStale = stale;
    if (!stale && !doubted) failed = false;
    const quiet = (stale || live) && clock.now() - lastHeard() >= quietMs;
    if (failed || doubted) {
      if (asking.urgent < mostQuestions) void ask(true);
    } else if (asking.patient === 0 && (news || quiet)) void ask(false);
  };

  const beat = (expected: number): void => {
    if (ended) return;
    if (clock.now() - expected > sleptMs) {
      doubt(asleep(), Math.min(lastHeard(), expected));
      wake();
    } else look();
    schedule();
  };

  const schedule = (): void => {
    const expected = clock.now() + beatMs;
    cancel = clock.after(beatMs, () => beat(expected));
  };
  schedule();
  return () => {
    ended = true;
    cancel();
  };
};
