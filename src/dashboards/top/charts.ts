/** Gauges and sparklines as plain text. */
import type { Sample } from './history.ts';

const bars = '▁▂▃▄▅▆▇█';

/** The metrics API has a sample each 15 s: one cell of a sparkline. */
export const cellMs = 15_000;

/** Start of the cell a moment is in: between two of these nothing moves by itself. */
export const cellOf = (at: number): number => Math.floor(at / cellMs) * cellMs;

/**
 * `████░░│░░`: how full, and where a mark lies (for example what is requested). Both are shares of the whole; more
 * than the whole fills it.
 */
export const gauge = (width: number, share: number | undefined, mark?: number): string => {
  if (width <= 0) return '';
  if (share === undefined) return '·'.repeat(width);
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  const cells = [...'█'.repeat(filled), ...'░'.repeat(width - filled)];
  if (mark !== undefined && mark > 0) cells[Math.min(width - 1, Math.floor(mark * width))] = '│';
  return cells.join('');
};

/**
 * The last `width` × 15 s up to `now`, one cell a step on a true time axis: a gap in the data is a gap in the line.
 * `whole` is the top of the scale; without it the highest sample is.
 */
export const sparkline = (
  width: number,
  samples: readonly Sample[],
  value: (sample: Sample) => number,
  now: number,
  whole?: number,
): string => {
  if (width <= 0) return '';
  // The axis moves by whole cells, so that a bar keeps its height while it travels.
  const start = cellOf(now) + cellMs - width * cellMs;
  const sums = new Array<number>(width).fill(0);
  const counts = new Array<number>(width).fill(0);
  let top = whole ?? 0;
  for (const sample of samples) {
    const cell = Math.floor((sample.at - start) / cellMs);
    if (cell < 0 || cell >= width) continue;
    sums[cell] = (sums[cell] ?? 0) + value(sample);
    counts[cell] = (counts[cell] ?? 0) + 1;
    if (whole === undefined) top = Math.max(top, value(sample));
  }
  let line = '';
  for (let cell = 0; cell < width; cell++) {
    const count = counts[cell] ?? 0;
    const level = count > 0 ? (sums[cell] ?? 0) / count : carried(samples, value, start + cell * cellMs);
    line += level === undefined ? ' ' : (bars[barOf(level, top)] ?? ' ');
  }
  return line;
};

const barOf = (level: number, top: number): number =>
  top <= 0 ? 0 : Math.min(bars.length - 1, Math.max(0, Math.round((level / top) * (bars.length - 1))));

/** The sample just before a cell: samples come a little early or late, and one that fell before the edge is no gap. */
const carried = (samples: readonly Sample[], value: (sample: Sample) => number, at: number): number | undefined => {
  const before = samples.findLast((sample) => sample.at < at);
  return before !== undefined && at - before.at < cellMs / 2 ? value(before) : undefined;
};

/** Cores as kubectl writes them: `42m`, `3.2`. */
export const cores = (value: number | undefined): string => {
  if (value === undefined) return '—';
  if (value === 0) return '0';
  return value < 0.9995
    ? `${Math.max(1, Math.round(value * 1000))}m`
    : value < 99.95
      ? value.toFixed(1)
      : String(Math.round(value));
};

const units = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];

/** Bytes with two or three figures: `181Mi`, `8.1Gi`. */
export const bytes = (value: number | undefined): string => {
  if (value === undefined) return '—';
  let rest = value;
  let unit = 0;
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1024;
    unit++;
  }
  const text = unit > 2 && rest < 9.95 ? rest.toFixed(1) : String(Math.round(rest));
  return `${text}${units[unit]}`;
};

/** `62 %`; more than 999 % is not worth its digits. */
export const percent = (share: number | undefined): string => {
  if (share === undefined) return '—';
  const value = Math.round(share * 100);
  return value > 999 ? '>999 %' : `${value} %`;
};
