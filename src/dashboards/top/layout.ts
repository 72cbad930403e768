/** Which columns fit, how wide they are, and what a row says in them. */
import type { Role } from '../dashboard.ts';
import { bytes, cores, gauge, percent, sparkline } from './charts.ts';
import type { Sample } from './history.ts';
import { type Meter, type Sort, type SortColumn, share, type TopRow } from './rows.ts';
import type { Kind } from './usage.ts';

export type Segment = { readonly text: string; readonly role: Role };

export type LayoutColumn = {
  readonly title: string;
  readonly width: number;
  readonly align: 'left' | 'right';
  readonly sort: SortColumn | undefined;
  readonly cell: (row: TopRow, now: number) => Segment;
};

/** From this share on a gauge is a warning, and from this an error. */
const warningShare = 0.8;
const errorShare = 0.95;

export const roleOf = (part: number | undefined): Role => {
  if (part === undefined) return 'muted';
  if (part >= errorShare) return 'error';
  return part >= warningShare ? 'warning' : 'ok';
};

export const padded = (text: string, width: number, align: 'left' | 'right' = 'left'): string => {
  if (text.length > width) return width <= 1 ? text.slice(0, width) : `${text.slice(0, width - 1)}…`;
  return align === 'right' ? text.padStart(width) : text.padEnd(width);
};

const left = (
  title: string,
  width: number,
  sort: SortColumn | undefined,
  text: (row: TopRow) => string,
  role: Role = 'normal',
): LayoutColumn => ({
  title,
  width,
  align: 'left',
  sort,
  cell: (row) => ({ text: padded(text(row), width), role }),
});

const right = (
  title: string,
  width: number,
  sort: SortColumn | undefined,
  cell: (row: TopRow) => Segment,
): LayoutColumn => ({
  title,
  width,
  align: 'right',
  sort,
  cell: (row) => {
    const { text, role } = cell(row);
    return { text: padded(text, width, 'right'), role };
  },
});

const ratio = (part: number | undefined, of: number | undefined): number | undefined =>
  part === undefined || of === undefined || of === 0 ? undefined : part / of;

const ratioColumn = (title: string, meter: (row: TopRow) => Meter, of: 'request' | 'limit'): LayoutColumn =>
  right(title, 6, undefined, (row) => {
    const part = ratio(meter(row).used, meter(row)[of]);
    // More than was asked for is normal; near the limit is not.
    return { text: percent(part), role: of === 'limit' ? roleOf(part) : part === undefined ? 'muted' : 'normal' };
  });

/** `████░░│░░  62 % ▲`; the mark is what is requested. */
const gaugeColumn = (title: string, bar: number, sort: SortColumn, meter: (row: TopRow) => Meter): LayoutColumn => ({
  title,
  width: bar + 8,
  align: 'left',
  sort,
  cell: (row) => {
    const part = share(meter(row));
    const flag = part !== undefined && part >= errorShare ? '▲' : ' ';
    const mark = ratio(meter(row).request, meter(row).whole);
    return { text: `${gauge(bar, part, mark)}${percent(part).padStart(6)} ${flag}`, role: roleOf(part) };
  },
});

const trendColumn = (
  title: string,
  width: number,
  meter: (row: TopRow) => Meter,
  value: (sample: Sample) => number,
): LayoutColumn => ({
  title,
  width,
  align: 'left',
  sort: undefined,
  cell: (row, now) => ({ text: sparkline(width, row.samples, value, now, meter(row).whole), role: 'accent' }),
});

const cpu = (row: TopRow): Meter => row.cpu;
const memory = (row: TopRow): Meter => row.memory;
const ofCpu = (sample: Sample): number => sample.cpu;
const ofMemory = (sample: Sample): number => sample.memory;

const podCount = ({ pods: { count, most } }: TopRow): string =>
  count === undefined
    ? most === undefined
      ? '—'
      : `—/${most}`
    : most === undefined
      ? String(count)
      : `${count}/${most}`;

/** The selection's marker. */
const markerWidth = 2;

/** Including one space after each column. */
const widthOf = (columns: readonly LayoutColumn[]): number =>
  columns.reduce((sum, { width }) => sum + width + 1, markerWidth);

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

const nameOf = (row: TopRow): string => (row.trouble === '' ? row.name : `${row.name} ${row.trouble}`);

const usedOf =
  (meter: (row: TopRow) => Meter, text: (value: number | undefined) => string) =>
  (row: TopRow): Segment => ({ text: `${text(meter(row).used)}/${text(meter(row).whole)}`, role: 'normal' });

/** Absolute values and trends where there is room, then gauges as wide as what is left. */
const nodeColumns = (columns: number, longest: number): readonly LayoutColumn[] => {
  const wide = columns >= 110;
  const name = clamp(longest, 10, Math.max(10, Math.floor(columns * 0.3)));
  const withBars = (bar: number): readonly LayoutColumn[] => [
    left('NAME', name, 'name', nameOf),
    gaugeColumn('CPU', bar, 'cpu%', cpu),
    ...(wide ? [right('', 9, undefined, usedOf(cpu, cores)), trendColumn('', 12, cpu, ofCpu)] : []),
    gaugeColumn('MEMORY', bar, 'memory%', memory),
    ...(wide ? [right('', 11, undefined, usedOf(memory, bytes)), trendColumn('', 12, memory, ofMemory)] : []),
    ...(columns >= 60 ? [right('PODS', 8, 'pods', (row) => ({ text: podCount(row), role: 'normal' }))] : []),
  ];
  return withBars(clamp(Math.floor((columns + 1 - widthOf(withBars(0))) / 2), 0, 30));
};

const amount = (title: string, sort: SortColumn, width: number, text: (row: TopRow) => string): LayoutColumn =>
  right(title, width, sort, (row) => ({ text: text(row), role: 'normal' }));

/** Columns beside the name, in the order they are given up when the window gets narrow: the last first. */
const podExtras = (
  columns: number,
): {
  readonly cpu: readonly LayoutColumn[];
  readonly memory: readonly LayoutColumn[];
  readonly node: readonly LayoutColumn[];
} => {
  const bar = clamp(Math.floor((columns - 150) / 4), 6, 16);
  const side = (title: string, sort: SortColumn, meter: (row: TopRow) => Meter, value: (sample: Sample) => number) => [
    ...(columns >= 70 ? [ratioColumn('%R', meter, 'request'), ratioColumn('%L', meter, 'limit')] : []),
    ...(columns >= 130 ? [gaugeColumn(title, bar, sort, meter)] : []),
    ...(columns >= 100 ? [trendColumn('', columns >= 170 ? 16 : 8, meter, value)] : []),
  ];
  return {
    cpu: side('', 'cpu%', cpu, ofCpu),
    memory: side('', 'memory%', memory, ofMemory),
    node: columns >= 170 ? [left('NODE', 20, undefined, (row) => row.node, 'muted')] : [],
  };
};

const podColumns = (columns: number, longest: number, manyNamespaces: boolean): readonly LayoutColumn[] => {
  const extras = podExtras(columns);
  const namespace =
    manyNamespaces && columns >= 60
      ? [left('NAMESPACE', columns >= 100 ? 18 : 12, 'namespace', (row) => row.namespace, 'muted')]
      : [];
  const rest = [
    ...namespace,
    amount('CPU', 'cpu', 6, (row) => cores(row.cpu.used)),
    ...extras.cpu,
    amount('MEM', 'memory', 6, (row) => bytes(row.memory.used)),
    ...extras.memory,
    ...extras.node,
  ];
  const name = clamp(longest, 10, Math.max(10, columns - widthOf(rest) - 1));
  return [...namespace, left('NAME', name, 'name', nameOf), ...rest.slice(namespace.length)];
};

export const layout = (
  kind: Kind,
  columns: number,
  rows: readonly TopRow[],
  manyNamespaces: boolean,
): readonly LayoutColumn[] => {
  const longest = rows.reduce((most, row) => Math.max(most, nameOf(row).length), 0);
  return kind === 'nodes' ? nodeColumns(columns, longest) : podColumns(columns, longest, manyNamespaces);
};

/** The line of titles; the sorted one carries its direction. A ratio is sorted by at its gauge or its amount. */
export const titles = (columns: readonly LayoutColumn[], sort: Sort, width: number): string => {
  const arrow = sort.descending ? '▼' : '▲';
  const by = columns.some((column) => column.sort === sort.column) ? sort.column : sort.column.replace('%', '');
  const cells = columns.map((column) => {
    const text =
      column.sort !== undefined && column.sort === by
        ? `${column.title}${arrow}${by === sort.column ? '' : '%'}`
        : column.title;
    return padded(text, column.width, column.align);
  });
  return padded(`  ${cells.join(' ')}`, width);
};

/** What a row says: the name in the colour of its trouble, everything within `width` cells. */
export const segments = (
  columns: readonly LayoutColumn[],
  row: TopRow,
  now: number,
  width: number,
): readonly Segment[] => {
  const out: Segment[] = [];
  let used = markerWidth;
  for (const [index, column] of columns.entries()) {
    const cell = column.cell(row, now);
    const room = width - used;
    if (room <= 0) break;
    const gap = index === 0 ? '' : ' ';
    const role =
      column.title === 'NAME' && row.trouble !== '' ? (row.trouble === 'cordoned' ? 'muted' : 'error') : cell.role;
    const text = `${gap}${cell.text}`.slice(0, room);
    used += text.length;
    const last = out.at(-1);
    // Each part is a node of React's: neighbours of one colour, and blanks of any, are one part.
    if (last !== undefined && (last.role === role || text.trim() === ''))
      out[out.length - 1] = { text: last.text + text, role: last.role };
    else out.push({ text, role });
  }
  return out;
};
