import { readFileSync } from 'node:fs';

/** The p-quantile (0 ≤ p ≤ 1) of some figures. */
export const quantile = (figures: readonly number[], p: number): number => {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
};

export const median = (figures: readonly number[]): number => quantile(figures, 0.5);

/** Median and range of times. */
export const ms = (figures: readonly number[]): string => {
  const round = (value: number): string => (value < 10 ? value.toFixed(1) : Math.round(value).toString());
  return `${round(median(figures))} ms [${round(Math.min(...figures))}..${round(Math.max(...figures))}]`;
};

/** CPU time of a process so far, in ms (Linux counts 100 ticks a second). */
export const cpuMs = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

/** Resident memory of a process in MB. */
export const rssMb = (pid: number): number => {
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1000;
};

/** Something that is there only sooner or later; asked again at once, for the time until then is what is measured. */
export const until = async (
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = 120_000,
): Promise<number> => {
  const start = performance.now();
  while (!(await holds())) {
    if (performance.now() - start > limitMs) throw new Error(`waited ${limitMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return performance.now() - start;
};

export type Figure = { readonly what: string; readonly value: string; readonly budget: string; readonly peer: string };

export const figure = (what: string, value: string, budget = '', peer = ''): Figure => ({ what, value, budget, peer });

/** The figures as a Markdown table, aligned for reading in a terminal. */
export const table = (figures: readonly Figure[]): string => {
  const rows = [
    ['what', 'measured', 'budget', 'kubectl'],
    ...figures.map(({ what, value, budget, peer }) => [what, value, budget, peer]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body.map(line)].join('\n');
};
