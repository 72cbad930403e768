/** Containers of a pod and why they are as they are: the messages that no column has room for. */
import type { HoverLine, HoverSection } from '../protocol/hover.ts';
import { humanDuration } from '../util/duration.ts';
import { parseTimestamp } from '../util/timestamp.ts';
import type { Loose } from './objects.ts';

type State = Loose<{
  waiting: { reason: string; message: string };
  running: { startedAt: string };
  terminated: { reason: string; message: string; exitCode: number; signal: number; finishedAt: string };
}>;

type Status = Loose<{ name: string; ready: boolean; restartCount: number; image: string }> & {
  readonly state?: State | null;
  readonly lastState?: State | null;
};

type PodStatuses = {
  readonly status?: {
    readonly initContainerStatuses?: readonly Status[] | null;
    readonly containerStatuses?: readonly Status[] | null;
    readonly ephemeralContainerStatuses?: readonly Status[] | null;
  } | null;
};

const since = (at: string | null | undefined, now: number): string => {
  const time = at === null || at === undefined ? undefined : parseTimestamp(at);
  return time === undefined ? '' : humanDuration(now - time);
};

const ended = ({ terminated }: State, now: number): string => {
  if (terminated === undefined || terminated === null) return '';
  const { exitCode, signal, reason, message, finishedAt } = terminated;
  const how = typeof signal === 'number' && signal > 0 ? `signal ${signal}` : `exit code ${exitCode ?? '?'}`;
  const ago = since(finishedAt, now);
  const text = `${reason ?? 'ended'}, ${how}${ago === '' ? '' : `, ${ago} ago`}`;
  return message === undefined || message === null || message === '' ? text : `${text}: ${message.trim()}`;
};

const stateLine = (status: Status, now: number): HoverLine => {
  const { name, state, ready } = status;
  if (state?.waiting) {
    const { reason, message } = state.waiting;
    const why = [reason, message].filter((part) => part !== undefined && part !== null && part !== '').join(': ');
    return { text: `${name ?? ''} waits: ${why}`, style: 'KubectlWarning' };
  }
  if (state?.terminated) {
    const text = `${name ?? ''} ended: ${ended(state, now)}`;
    return state.terminated.exitCode === 0 ? { text, style: 'KubectlDone' } : { text, style: 'KubectlError' };
  }
  if (!state?.running) return { text: `${name ?? ''} has not started`, style: 'KubectlPending' };
  const long = since(state.running.startedAt, now);
  const text = `${name ?? ''} ${long === '' ? 'runs' : `has run for ${long}`}`;
  return ready === true ? { text } : { text: `${text}, not ready`, style: 'KubectlWarning' };
};

const restartLines = ({ restartCount, lastState }: Status, now: number): HoverLine[] => {
  if (typeof restartCount !== 'number' || restartCount === 0) return [];
  const before = lastState === null || lastState === undefined ? '' : ended(lastState, now);
  const often = restartCount === 1 ? 'once' : `${restartCount} times`;
  return [{ text: `  restarted ${often}${before === '' ? '' : `; before that ${before}`}` }];
};

export const podHover = (pod: unknown, now: number): readonly HoverSection[] => {
  const { status } = pod as PodStatuses;
  const lines = (statuses: readonly Status[] | null | undefined): HoverLine[] =>
    (statuses ?? []).flatMap((each) => [stateLine(each, now), ...restartLines(each, now)]);
  return [
    { title: 'Init containers', lines: lines(status?.initContainerStatuses) },
    { title: 'Containers', lines: lines(status?.containerStatuses) },
    { title: 'Ephemeral containers', lines: lines(status?.ephemeralContainerStatuses) },
  ].filter((section) => section.lines.length > 0);
};
