/** What any object says of itself besides its columns: why it is not well, who owns it, how it is labelled. */
import type { HoverLine, HoverSection } from '../protocol/hover.ts';
import { humanDuration } from '../util/duration.ts';
import { parseTimestamp } from '../util/timestamp.ts';
import type { Loose } from './objects.ts';

export type HoverObject = Loose<{
  metadata: {
    uid: string;
    deletionTimestamp: string;
    finalizers: string[];
    labels: Record<string, string>;
    ownerReferences: { kind: string; name: string; controller: boolean }[];
  };
  status: {
    reason: string;
    message: string;
    conditions: { type: string; status: string; reason: string; message: string; lastTransitionTime: string }[];
  };
}>;

/** Conditions that are well while they are False. */
const isComplaint = /Pressure|Unavailable|Fail|Degraded|Stalled|Disruption|Dangling|NonStructural|Violat/;

const agoOf = (at: string | null | undefined, now: number): string => {
  const time = at === null || at === undefined ? undefined : parseTimestamp(at);
  return time === undefined ? '' : ` (${humanDuration(now - time)})`;
};

const sentence = (parts: readonly (string | null | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== null && part !== '').join(': ');

const conditionLines = (object: HoverObject, now: number): HoverLine[] =>
  (object.status?.conditions ?? []).map(({ type, status, reason, message, lastTransitionTime }) => {
    const wanted = isComplaint.test(type ?? '') ? 'False' : 'True';
    const head = `${type ?? ''} ${status ?? ''}${agoOf(lastTransitionTime, now)}`;
    const text = sentence([head, status === wanted ? undefined : sentence([reason, message])]);
    return status === wanted ? { text } : { text, style: 'KubectlWarning' };
  });

const deletionLines = ({ metadata }: HoverObject, now: number): HoverLine[] => {
  if (metadata?.deletionTimestamp === undefined || metadata.deletionTimestamp === null) return [];
  const waiting = metadata.finalizers ?? [];
  const why = waiting.length === 0 ? 'nothing holds it' : `held by ${waiting.join(', ')}`;
  return [{ text: `asked for${agoOf(metadata.deletionTimestamp, now)}, ${why}`, style: 'KubectlWarning' }];
};

const section = (title: string, lines: readonly HoverLine[]): HoverSection[] =>
  lines.length === 0 ? [] : [{ title, lines }];

/** What explains how the object is, and what else it says. */
export type ObjectHover = { readonly reasons: readonly HoverSection[]; readonly details: readonly HoverSection[] };

export const objectHover = (object: HoverObject, now: number): ObjectHover => {
  const { metadata, status } = object;
  const reason = sentence([status?.reason, status?.message]);
  const conditions = section('Conditions', conditionLines(object, now));
  const isWell = conditions.every(({ lines }) => lines.every(({ style }) => style === undefined));
  return {
    reasons: [
      ...section('Reason', reason === '' ? [] : [{ text: reason, style: 'KubectlWarning' }]),
      ...section('Deletion', deletionLines(object, now)),
      ...(isWell ? [] : conditions),
    ],
    details: [
      ...(isWell ? conditions : []),
      ...section(
        'Owners',
        (metadata?.ownerReferences ?? []).map(({ kind, name }) => ({ text: `${kind ?? ''}/${name ?? ''}` })),
      ),
      ...section(
        'Labels',
        Object.entries(metadata?.labels ?? {}).map(([name, value]) => ({ text: `${name}=${value}` })),
      ),
    ],
  };
};
