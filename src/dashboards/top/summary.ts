/** The lines above and below the table. */

import { shortHumanDuration } from '../../util/duration.ts';
import { bytes, cores, percent, sparkline } from './charts.ts';
import type { Sample } from './history.ts';
import type { Segment } from './layout.ts';
import { padded, roleOf } from './layout.ts';
import type { Meter, TopRow } from './rows.ts';
import type { TopState } from './source.ts';
import type { Ui } from './ui.ts';
import type { Kind } from './usage.ts';

type Text = (value: number | undefined) => string;

const total = (rows: readonly TopRow[], read: (row: TopRow) => number | undefined): number | undefined =>
  rows.reduce<number | undefined>((sum, row) => {
    const value = read(row);
    return value === undefined ? sum : (sum ?? 0) + value;
  }, undefined);

/** The sum over all objects at each moment one was measured, for the header's sparklines. */
export const summed = (rows: readonly TopRow[], stepMs: number): readonly Sample[] => {
  const slots = new Map<number, { cpu: number; memory: number }>();
  for (const { samples } of rows) {
    let last = Number.NaN;
    for (const { at, cpu, memory } of samples) {
      const slot = Math.floor(at / stepMs) * stepMs;
      // Two samples of one object in a step would count it twice.
      if (slot === last) continue;
      last = slot;
      const sum = slots.get(slot) ?? { cpu: 0, memory: 0 };
      slots.set(slot, { cpu: sum.cpu + cpu, memory: sum.memory + memory });
    }
  }
  return [...slots].sort(([a], [b]) => a - b).map(([at, sum]) => ({ at, ...sum }));
};

const freshness = (state: TopState, now: number): Segment => {
  const ago = (ms: number): string => shortHumanDuration(Math.max(0, ms));
  switch (state.phase) {
    case 'loading':
      return { text: '◌ loading', role: 'muted' };
    case 'live':
      return { text: '● live', role: 'ok' };
    case 'without':
      return { text: '⊘ no usage', role: 'warning' };
    case 'stale': {
      const retry = state.retryAt === undefined ? '' : `, retry in ${ago(state.retryAt - now)}`;
      return { text: `◐ ${ago(now - (state.since ?? now))} old${retry}`, role: 'warning' };
    }
    default:
      return state.phase satisfies never;
  }
};

const counts = (rows: readonly TopRow[], ui: Ui, shown: number): string => {
  if (ui.kind === 'pods') return shown === rows.length ? `${rows.length} pods` : `${shown} of ${rows.length} pods`;
  if (rows.length === 0) return 'no nodes';
  const ready = rows.filter((row) => row.trouble !== 'NotReady').length;
  const pressure = rows.filter((row) => row.trouble.includes('Pressure')).length;
  const parts = [`${ready} ready`];
  if (ready < rows.length) parts.push(`${rows.length - ready} not ready`);
  if (pressure > 0) parts.push(`${pressure} pressure`);
  if (shown !== rows.length) parts.push(`${shown} shown`);
  return parts.join('  ');
};

/** `cpu 61 % ▂▃▅`: of all measured nodes together; of pods the plain sum, they share no whole. */
const group = (
  label: string,
  { state, ui, trend, width, now }: HeaderParts,
  meter: (row: TopRow) => Meter,
  text: Text,
) => {
  const measured = state.rows.filter((row) => meter(row).used !== undefined);
  if (measured.length === 0) return [];
  const used = total(measured, (row) => meter(row).used) ?? 0;
  const whole = ui.kind === 'nodes' ? total(measured, (row) => meter(row).whole) : undefined;
  const fraction = whole === undefined || whole === 0 ? undefined : used / whole;
  const read = (sample: Sample): number => (label === 'cpu' ? sample.cpu : sample.memory);
  const words: Segment =
    fraction === undefined
      ? { text: `${label} ${text(used)} `, role: 'normal' }
      : { text: `${label} ${percent(fraction)} `, role: roleOf(fraction) };
  const line = sparkline(width >= 110 ? 16 : 8, trend, read, state.at ?? now, whole);
  return [words, { text: line, role: 'accent' as const }];
};

export type HeaderParts = {
  readonly state: TopState;
  readonly ui: Ui;
  readonly shown: number;
  readonly context: string;
  readonly trend: readonly Sample[];
  readonly width: number;
  readonly now: number;
};

const lengthOf = (line: readonly Segment[]): number => line.reduce((sum, { text }) => sum + text.length, 0);

const gap: Segment = { text: '   ', role: 'normal' };

/** ` prod ▸ nodes   4 ready   cpu 61 % ▂▃▅   memory 72 % ▅▅▆        ● live`: what does not fit is left out. */
export const header = (parts: HeaderParts): readonly Segment[] => {
  const { state, ui, shown, context, width, now } = parts;
  const right = freshness(state, now);
  const room = width - right.text.length - 1;
  const title = ` ${context === '' ? '' : `${context} ▸ `}${ui.kind}`;
  let line: readonly Segment[] = [{ text: padded(title, Math.min(title.length, Math.max(0, room))), role: 'title' }];
  const optional: readonly (readonly Segment[])[] = [
    [{ text: counts(state.rows, ui, shown), role: 'normal' }],
    group('cpu', parts, (row) => row.cpu, cores),
    group('memory', parts, (row) => row.memory, bytes),
  ];
  for (const more of optional) {
    if (lengthOf(line) + gap.text.length + lengthOf(more) > room) break;
    if (more.length > 0) line = [...line, gap, ...more];
  }
  const space = ' '.repeat(Math.max(1, width - lengthOf(line) - right.text.length));
  return clip([...line, { text: space, role: 'normal' }, right], width);
};

/** The first `width` cells of a line. */
const clip = (line: readonly Segment[], width: number): readonly Segment[] => {
  let room = width;
  return line.flatMap(({ text, role }) => {
    const cut = text.slice(0, Math.max(0, room));
    room -= cut.length;
    return cut === '' ? [] : [{ text: cut, role }];
  });
};

/** `cpu 3.9 of 4.0, 700m requested` of a node, `cpu 42m, 100m requested, limit 200m` of a pod. */
const meterText = (label: string, { used, request, limit, whole }: Meter, kind: Kind, text: Text): string => {
  const parts = [`${label} ${text(used)}${kind === 'nodes' && whole !== undefined ? ` of ${text(whole)}` : ''}`];
  if (request !== undefined) parts.push(`${text(request)} requested`);
  if (limit !== undefined) parts.push(`limit ${text(limit)}`);
  return parts.join(', ');
};

/** The selected object in words. */
export const detail = (row: TopRow | undefined, kind: Kind, width: number): string => {
  if (row === undefined) return '';
  const count = row.pods.count === undefined ? '' : ` (${row.pods.count} pods)`;
  const parts = [kind === 'pods' ? row.key : `${row.name}${count}`];
  parts.push(meterText('cpu', row.cpu, kind, cores), meterText('mem', row.memory, kind, bytes));
  if (row.node !== '') parts.push(`on ${row.node}`);
  if (row.trouble !== '') parts.push(row.trouble);
  return padded(` ${parts.join('   ')}`, width);
};

const help = [
  ['<CR>', 'table'],
  ['d', 'describe'],
  ['s', 'sort'],
  ['/', 'filter'],
  ['Tab', ''],
  ['q', 'close'],
  ['l', 'logs'],
  ['S', 'reverse'],
  ['r', 'refresh'],
] as const;

/** The keys, as many as fit, or the filter being typed. */
export const footer = (ui: Ui, width: number): readonly Segment[] => {
  if (ui.typing !== undefined) {
    const room = Math.max(0, width - 3);
    return clip([{ text: ` /${ui.typing.slice(-room)}▏`, role: 'accent' }], width);
  }
  const out: Segment[] = ui.filter === '' ? [] : [{ text: ` /${ui.filter} `, role: 'accent' }];
  let used = out[0]?.text.length ?? 0;
  for (const [key, what] of help) {
    if (key === 'l' && ui.kind === 'nodes') continue;
    const text = `  ${key} ${key === 'Tab' ? (ui.kind === 'nodes' ? 'pods' : 'nodes') : what}`;
    if (used + text.length > width) break;
    used += text.length;
    out.push({ text, role: 'muted' });
  }
  return clip(out, width);
};

/** Words broken into lines of at most `width`, at most `most` lines. */
export const wrapped = (text: string, width: number, most: number): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  if (line !== '') lines.push(line);
  return lines.slice(0, Math.max(0, most));
};
