import { parseTimestamp } from '../util/timestamp.ts';

/** A moment in a log, exact to the nanosecond: a number alone is not. */
export type LogTime = { readonly seconds: number; readonly nanos: number };

export type StampedLine = { readonly at: LogTime | undefined; readonly stamp: string; readonly text: string };

/** `2026-01-02T03:04:05.123456789Z text`, as the kubelet writes it when asked for timestamps; also with an offset. */
const pattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) /;

/** Longer than any timestamp: what comes later in a line is not searched. */
const headLength = 40;

/** A line without a timestamp (the kubelet's own complaints have none) is all text. */
export const readStamp = (line: string): StampedLine => {
  const found = pattern.exec(line.length > headLength ? line.slice(0, headLength) : line);
  if (found === null) return { at: undefined, stamp: '', text: line };
  const [whole, base = '', fraction = '', zone = 'Z'] = found;
  const ms = parseTimestamp(`${base}${zone}`);
  if (ms === undefined) return { at: undefined, stamp: '', text: line };
  const at = { seconds: ms / 1000, nanos: fraction === '' ? 0 : Number(fraction.padEnd(9, '0')) };
  return { at, stamp: whole.slice(0, -1), text: line.slice(whole.length) };
};

export const compareTimes = (a: LogTime, b: LogTime): number => a.seconds - b.seconds || a.nanos - b.nanos;

/** For `sinceTime`, which the server reads in whole seconds. */
export const sinceTime = ({ seconds }: LogTime): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
