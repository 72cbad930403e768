import type { Target } from '../protocol/resource.ts';
import { resourceKey } from '../protocol/resource.ts';
import type { Clock } from '../util/clock.ts';
import { cutText } from '../util/cut-text.ts';
import { shortHumanDuration } from '../util/duration.ts';
import type { ClusterError } from '../util/error.ts';
import { plainText } from '../util/plain-text.ts';
import { sanitize } from '../util/width.ts';
import type { SessionState } from './text-view.ts';

/** `prod ▸ pods ▸ shop/cart ▸ describe`. */
export const titleOf = (target: Target, what: string): string => {
  const name = target.namespace === '' ? target.name : `${target.namespace}/${target.name}`;
  return [target.context, resourceKey(target.resource), name, what].filter((part) => part !== '').join(' ▸ ');
};

/** What the messages call it: `pods shop/cart`. */
export const labelOf = ({ resource, namespace, name }: Target): string =>
  `${resourceKey(resource)} ${namespace === '' ? name : `${namespace}/${name}`}`;

/** Neovim's syntax highlighting takes seconds for a line ten times as long, and again at each redraw. */
const longestLine = 10_000;

/** One line of anybody's text, fit for a buffer: only tabs, which a buffer shows, are kept of the control characters. */
export const sanitizeKeepingTabs = (line: string): string => {
  const text = cutText(line, longestLine);
  return text.includes('\t') ? text.split('\t').map(sanitize).join('\t') : sanitize(text);
};

type Change = Partial<SessionState>;

export const loadingState: Change = { phase: 'loading', right: '◌ loading', style: 'KubectlMuted' };
export const liveState: Change = { phase: 'live', right: '● live', style: 'KubectlLive' };

export const goneState = (text: string): Change => ({ phase: 'gone', right: `✕ ${text}`, style: 'KubectlError' });

/** The state after a failure: what it means for what is shown, and when it is tried again. */
export const faultState = (error: ClusterError, now: number, retryAt: number | undefined): Change => {
  if (error.code === 'unauthorized') {
    return { phase: 'login', right: '⚿ login expired: log in again, then gr', style: 'KubectlWarning' };
  }
  const why = plainText(error.message, 160);
  if (error.code === 'forbidden') return { phase: 'forbidden', right: `⊘ forbidden: ${why}`, style: 'KubectlError' };
  const retry = retryAt === undefined ? '' : `, retry in ${shortHumanDuration(Math.max(0, retryAt - now))}`;
  return { phase: 'stale', right: `◐ ${why}${retry}`, style: 'KubectlStale' };
};

/** `09:16:58`, in the user's own time. */
export const clockTime = (clock: Clock): string => new Date(clock.now()).toTimeString().slice(0, 8);

/** A failure as the text of an empty view. */
export const errorLines = (error: ClusterError): readonly string[] =>
  error.hint === undefined ? [plainText(error.message)] : [plainText(error.message), '', plainText(error.hint)];
