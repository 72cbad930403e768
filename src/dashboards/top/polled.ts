import type { ClusterError } from '../../util/error.ts';
import { adviceFor, emptyAdvice, isLasting } from '../../util/usage-advice.ts';
import { current } from '../../util/usage-samples.ts';
import type { History } from './history.ts';
import type { Kind, Usage } from './usage.ts';

/** What polling one kind has brought so far. */
export type Polled = {
  readonly usage: ReadonlyMap<string, Usage>;
  /** When the newest sample was taken. */
  readonly at: number | undefined;
  /** Why there is no usage, or no new one; '' when all is well. */
  readonly advice: string;
  readonly answered: boolean;
  readonly failures: number;
  /** Since when it has been failing. */
  readonly failedAt: number | undefined;
  readonly retryAt: number | undefined;
};

export const unpolled: Polled = {
  usage: new Map(),
  at: undefined,
  advice: '',
  answered: false,
  failures: 0,
  failedAt: undefined,
  retryAt: undefined,
};

/** How far back sparklines reach. */
const windowMs = 10 * 60_000;

const lastingRetryMs = 30_000;
const longestRetryMs = 30_000;

/** After an answer; `changed` when it said anything new. */
export const afterAnswer = (
  before: Polled,
  list: readonly Usage[],
  history: History,
  where: { readonly kind: Kind; readonly path: string },
): { readonly polled: Polled; readonly changed: boolean } => {
  const { usage, at } = current(list);
  let changed = !before.answered || before.failedAt !== undefined || usage.size !== before.usage.size;
  for (const [key, { at: taken, cpu, memory }] of usage) {
    if (history.add(key, { at: taken, cpu, memory })) changed = true;
  }
  if (at !== undefined) history.prune(at - windowMs);
  const advice = usage.size === 0 ? emptyAdvice(where.kind, where.path) : '';
  return { polled: { ...unpolled, usage, at, advice, answered: true }, changed };
};

/** After a failure. Old values stay, marked stale, unless the failure says that there are none to be had. */
export const afterFailure = (
  before: Polled,
  error: ClusterError,
  now: number,
  options: { readonly kind: Kind; readonly path: string; readonly pollMs: number },
): Polled => {
  const failures = before.failures + 1;
  const lasting = isLasting(error);
  const wait = lasting ? lastingRetryMs : Math.min(longestRetryMs, options.pollMs * 2 ** (failures - 1));
  return {
    usage: lasting ? unpolled.usage : before.usage,
    at: lasting ? undefined : before.at,
    advice: adviceFor(error, options.kind, options.path),
    answered: before.answered && !lasting,
    failures,
    failedAt: before.failedAt ?? now,
    retryAt: now + wait,
  };
};
