import type { Freshness } from '../protocol/freshness.ts';
import type { Style } from '../protocol/styles.ts';
import type { State } from '../protocol/wire.ts';
import { humanDuration } from '../util/duration.ts';

type Claim = Pick<State, 'phase' | 'right' | 'style'>;

const claim = (phase: State['phase'], right: string, style: Style): Claim => ({ phase, right, style });

export const thousands = (count: number): string => count.toString().replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');

/** Of several scopes the worst speaks for all: nothing shown as live may be stale. */
const weight: Readonly<Record<Freshness['phase'], number>> = {
  live: 0,
  loading: 1,
  stale: 2,
  gone: 3,
  forbidden: 4,
  login: 5,
};

export const worst = (all: readonly Freshness[]): Freshness =>
  all.reduce((a, b) => (weight[b.phase] > weight[a.phase] ? b : a), { phase: 'live' } as Freshness);

/** `refused the connection (GET /api/v1/pods at host:6443)` without what was tried: a statusline is short. */
const brief = (reason: string): string => reason.replace(/ \([A-Z]+ \/[^()]*\)/, '').replace(/\.$/, '');

/** What a view may claim of its rows, at the right end of its statusline. */
export const claimOf = (freshness: Freshness, now: number, loaded: number, ascii = false): Claim => {
  const mark = (symbol: string, plain: string): string => (ascii ? plain : symbol);
  switch (freshness.phase) {
    case 'live':
      return claim('live', `${mark('●', '*')} live`, 'KubectlLive');
    case 'loading':
      return claim('loading', `${mark('◌', 'o')} ${thousands(loaded)}…`, 'KubectlPending');
    case 'stale': {
      const retry = freshness.retryAt === undefined ? 0 : Math.max(0, Math.ceil((freshness.retryAt - now) / 1000));
      const again = freshness.retryAt === undefined ? '' : `, retry in ${retry} s`;
      const age = freshness.since === undefined ? 'not loaded' : `${humanDuration(now - freshness.since)} old`;
      return claim('stale', `${mark('◐', '!')} ${age}: ${brief(freshness.reason)}${again}`, 'KubectlStale');
    }
    case 'forbidden':
      return claim('forbidden', `${mark('⊘', 'x')} ${freshness.message}`, 'KubectlError');
    case 'login':
      return claim('login', `${mark('⚿', 'x')} ${freshness.message}`, 'KubectlError');
    case 'gone':
      return claim('gone', `${mark('✕', 'x')} ${freshness.message}`, 'KubectlError');
    default:
      return freshness satisfies never;
  }
};
