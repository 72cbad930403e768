import { Text, useWindowSize } from 'ink';
import { memo, type ReactNode, useEffect, useMemo, useReducer, useRef, useState, useSyncExternalStore } from 'react';
import type { Clock } from '../util/clock.ts';
import type { Dashboard, DashboardProps, Role, Theme } from './dashboard.ts';
import { cellMs, cellOf } from './top/charts.ts';
import { type LayoutColumn, layout, type Segment, segments, titles } from './top/layout.ts';
import { arrange, type TopRow } from './top/rows.ts';
import { settle } from './top/selection.ts';
import { TopSource } from './top/source.ts';
import { detail, footer, header, summed, wrapped } from './top/summary.ts';
import { press, startUi, type Ui } from './top/ui.ts';
import type { Kind } from './top/usage.ts';
import { useKeys } from './use-keys.ts';

/** The metrics API renews its samples each 15 s; asking more often only finds them sooner. */
const defaultPollMs = 5000;

const colour = (theme: Theme, role: Role): { color: string } | { dimColor: true } | Record<string, never> => {
  const color = theme[role];
  if (color !== undefined && color !== '') return { color };
  return role === 'muted' ? { dimColor: true } : {};
};

const Line = ({
  parts,
  theme,
  bold = false,
}: {
  parts: readonly Segment[];
  theme: Theme;
  bold?: boolean;
}): ReactNode => (
  <Text wrap="truncate" bold={bold}>
    {parts.length === 0
      ? ' '
      : parts.map(({ text, role }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line have no identity but their place
          <Text key={index} {...colour(theme, role)}>
            {text}
          </Text>
        ))}
  </Text>
);

type RowProps = {
  readonly row: TopRow;
  readonly columns: readonly LayoutColumn[];
  readonly selected: boolean;
  readonly width: number;
  /** Where the time axis ends, in whole cells. */
  readonly axis: number;
  readonly theme: Theme;
};

const Row = memo(
  ({ row, columns, selected, width, axis, theme }: RowProps): ReactNode => (
    <Text wrap="truncate" bold={selected}>
      <Text {...colour(theme, selected ? 'accent' : 'muted')}>{selected ? '▸ ' : '  '}</Text>
      {segments(columns, row, axis, width).map(({ text, role }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell's identity is its column
        <Text key={index} {...colour(theme, selected && role === 'normal' ? 'accent' : role)}>
          {text}
        </Text>
      ))}
    </Text>
  ),
);

const namespacesOf = (args: DashboardProps['args']): readonly string[] =>
  (args.namespaces ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

const kindOf = (args: DashboardProps['args']): Kind => (args.kind === 'pods' ? 'pods' : 'nodes');

const pollOf = (args: DashboardProps['args']): number => {
  const seconds = Number(args.interval);
  return Number.isFinite(seconds) && seconds >= 1 ? seconds * 1000 : defaultPollMs;
};

/** Data from the first frame until the dashboard closes. */
const useTopSource = ({ source, clock, args }: DashboardProps): TopSource => {
  const [top] = useState(() => new TopSource({ source, clock, namespaces: namespacesOf(args), pollMs: pollOf(args) }));
  useEffect(() => () => top.dispose(), [top]);
  return top;
};

/** The time, once a second while something on the screen counts. */
const useNow = (clock: Clock, counting: boolean): number => {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!counting) return;
    let cancel = (): void => undefined;
    const next = (): void => {
      cancel = clock.after(1000, () => {
        tick();
        next();
      });
    };
    next();
    return () => cancel();
  }, [clock, counting]);
  return clock.now();
};

/**
 * The user's choices in a ref: ten keys of one burst arrive before React renders once, and each must see what the one
 * before it did.
 */
const useUi = (args: DashboardProps['args']) => {
  const ref = useRef<Ui | undefined>(undefined);
  ref.current ??= startUi(kindOf(args));
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const set = (ui: Ui): void => {
    if (ui === ref.current) return;
    ref.current = ui;
    redraw();
  };
  return { ref: ref as { current: Ui }, set };
};

/** Header, titles, detail and keys take this many lines; very low windows give up the detail. */
const chromeRows = (rows: number): number => (rows >= 10 ? 4 : 3);

const Top = (props: DashboardProps): ReactNode => {
  const { args, theme, clock, open, close } = props;
  const { columns: width, rows: lines } = useWindowSize();
  const top = useTopSource(props);
  const { ref, set } = useUi(args);
  const { kind } = ref.current;
  useEffect(() => top.select(kind), [top, kind]);
  const state = useSyncExternalStore(top.subscribe, () => top.state(kind));
  const now = useNow(clock, state.phase === 'stale');
  const context = args.context ?? '';

  const advice = useMemo(
    () => wrapped(state.advice, width - 2, Math.max(1, Math.floor(lines / 3))),
    [state.advice, width, lines],
  );
  const banner = state.advice === '' ? [] : advice;
  const height = Math.max(1, lines - chromeRows(lines) - banner.length);
  const rowsFor = useArranged();
  const viewOf = (ui: Ui) => ({ rows: rowsFor(top.state(ui.kind).rows, ui), height, context });
  const settled = (ui: Ui): Ui => {
    const selection = settle(ui.selection[ui.kind], viewOf(ui).rows, height);
    return selection === ui.selection[ui.kind] ? ui : { ...ui, selection: { ...ui.selection, [ui.kind]: selection } };
  };

  const problem = useKeys((key) => {
    const before = settled(ref.current);
    const { ui, effect } = press(before, key, viewOf(before));
    set(ui);
    if (effect?.do === 'open') open(effect.plan);
    else if (effect?.do === 'close') close();
    else if (effect?.do === 'refresh') top.refresh();
  });

  ref.current = settled(ref.current);
  const ui = ref.current;
  const { rows } = viewOf(ui);
  const { offset, index: selected } = ui.selection[ui.kind];
  const shown = rows.slice(offset, offset + height);
  const manyNamespaces = namespacesOf(args).length !== 1;
  const columns = useMemo(
    () => layout(kind, width, state.rows, manyNamespaces),
    [kind, width, state.rows, manyNamespaces],
  );
  const axis = cellOf(state.at ?? now);
  const trend = useMemo(() => summed(state.rows, cellMs), [state.rows]);
  const blank = Math.max(0, height - shown.length);
  const words = problem ?? detail(rows[selected], kind, width);
  return (
    <>
      <Line parts={header({ state, ui, shown: rows.length, context, trend, width, now })} theme={theme} />
      <Line parts={[{ text: titles(columns, ui.sort[ui.kind], width), role: 'title' }]} theme={theme} bold />
      {banner.map((text) => (
        <Line key={text} parts={[{ text: ` ${text}`, role: 'warning' }]} theme={theme} />
      ))}
      {shown.map((row, index) => (
        <Row key={row.key} {...{ row, columns, width, axis, theme }} selected={offset + index === selected} />
      ))}
      {blank > 0 && <Text>{emptyText(state.rows.length, rows.length, ui, state.phase) + '\n'.repeat(blank - 1)}</Text>}
      {lines >= 10 && (
        <Line
          parts={[{ text: words.slice(0, width), role: problem === undefined ? 'normal' : 'error' }]}
          theme={theme}
        />
      )}
      <Line parts={footer(ui, width)} theme={theme} />
    </>
  );
};

const emptyText = (all: number, matching: number, ui: Ui, phase: string): string => {
  if (matching > 0 || phase === 'loading') return ' ';
  if (all === 0) return phase === 'live' ? ` No ${ui.kind}.` : ' ';
  return ` No ${ui.kind} match /${ui.filter} (${all} without it). / to change it, Esc to clear it.`;
};

/** Sorted and filtered rows, worked out anew only when the data or the choice changed. */
const useArranged = (): ((rows: readonly TopRow[], ui: Ui) => readonly TopRow[]) => {
  const last = useRef<{ rows: readonly TopRow[]; sort: Ui['sort'][Kind]; filter: string; out: readonly TopRow[] }>(
    undefined,
  );
  return (rows, ui) => {
    const { filter } = ui;
    const sort = ui.sort[ui.kind];
    const known = last.current;
    if (known !== undefined && known.rows === rows && known.sort === sort && known.filter === filter) return known.out;
    const out = arrange(rows, sort, filter);
    last.current = { rows, sort, filter, out };
    return out;
  };
};

const dashboard: Dashboard = {
  name: 'top',
  title: ({ context = '' }) => (context === '' ? 'top' : `top ▸ ${context}`),
  component: Top,
};

export default dashboard;
