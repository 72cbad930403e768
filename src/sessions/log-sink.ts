import { styleIndex } from '../protocol/styles.ts';
import type { Clock } from '../util/clock.ts';
import { plainText } from '../util/plain-text.ts';
import type { LogLine } from './log-stream.ts';
import { logText } from './log-text.ts';
import { compareTimes } from './log-time.ts';
import type { TextView } from './text-view.ts';

/** At most 30 batches a second reach the view. */
const intervalMs = 33;

/** Lines a view keeps; older ones fall off its top, a tenth at a time: moving all that stay is dear. */
export const mostLines = 100_000;
const slack = 0.1;

type Item = { readonly line: LogLine; readonly prefix: string } | { readonly notice: string };

export interface LogSink {
  lines(lines: readonly LogLine[], prefix: string): void;
  notice(text: string): void;
  /** Lines received, those that have fallen off included. */
  readonly total: number;
  readonly held: number;
  dispose(): void;
}

export type LogSinkOptions = {
  readonly view: TextView;
  readonly clock: Clock;
  readonly timestamps: boolean;
  readonly onFlush: () => void;
  readonly most?: number;
};

type Shown = { readonly text: string; readonly code: string };

const noticeCode = (text: string): string => `0,${Buffer.byteLength(text)},${styleIndex('KubectlNote')};`;

const shifted = (code: string, by: number): string =>
  by === 0
    ? code
    : code.replace(/(\d+),(\d+),(\d+);/g, (_, start, end, style) => `${+start + by},${+end + by},${style};`);

const shown = (item: Item, timestamps: boolean): Shown => {
  if ('notice' in item) return { text: item.notice, code: noticeCode(item.notice) };
  const { line, prefix } = item;
  const head = `${prefix}${timestamps && line.stamp !== '' ? `${line.stamp} ` : ''}`;
  const { text, code } = logText(line);
  if (head === '') return { text, code };
  const length = Buffer.byteLength(head);
  return { text: head + text, code: `0,${length - 1},${styleIndex('KubectlMuted')};${shifted(code, length)}` };
};

/** Of several pods, what came together is put in order of time; notices stay behind what came before them. */
const inOrder = (items: readonly Item[]): readonly Item[] => {
  const out: Item[] = [];
  let run: (Item & { line: LogLine })[] = [];
  const release = (): void => {
    run.sort((a, b) => (a.line.at === undefined || b.line.at === undefined ? 0 : compareTimes(a.line.at, b.line.at)));
    for (const item of run) out.push(item);
    run = [];
  };
  for (const item of items) {
    if ('notice' in item) {
      release();
      out.push(item);
    } else run.push(item);
  }
  release();
  return out;
};

/** Gathers lines into batches and keeps the view bounded. */
export const createLogSink = ({ view, clock, timestamps, onFlush, most = mostLines }: LogSinkOptions): LogSink => {
  let items: Item[] = [];
  let total = 0;
  let held = 0;
  let many = false;
  let lastAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;

  const flush = (): void => {
    cancel = undefined;
    lastAt = clock.now();
    const kept = items.length > most ? items.slice(-most) : items;
    items = [];
    const batch = (many ? inOrder(kept) : kept).map((item) => shown(item, timestamps));
    const over = held + batch.length - most;
    const dropped = over > 0 ? Math.min(held, over + Math.floor(most * slack)) : 0;
    held += batch.length - dropped;
    view.append(
      batch.map(({ text }) => text),
      batch.map(({ code }) => code),
      dropped,
    );
    onFlush();
  };

  const add = (more: readonly Item[]): void => {
    for (const item of more) items.push(item);
    total += more.length;
    // A flood between two batches: only what the view can hold is kept.
    if (items.length > 2 * most) items = items.slice(-most);
    cancel ??= clock.after(Math.max(0, lastAt + intervalMs - clock.now()), flush);
  };

  return {
    lines: (lines, prefix) => {
      many ||= prefix !== '';
      add(lines.map((line) => ({ line, prefix })));
    },
    notice: (text) => add([{ notice: `── ${plainText(text, 300)} ──` }]),
    get total() {
      return total;
    },
    get held() {
      return held;
    },
    dispose: () => cancel?.(),
  };
};
