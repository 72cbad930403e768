/** What must be true of a table that has come to rest. Each check returns what is wrong, as sentences. */
import type { Cell, Column, Row } from '../../../src/protocol/row.ts';
import type { RowJson } from '../../../src/protocol/wire.ts';
import { cutTo } from '../../../src/view/squeeze.ts';
import { thousands } from '../../../src/view/state-text.ts';
import { textsBetween } from '../../e2e/parity/server-table.ts';
import type { Expected } from './oracle.ts';
import { linesOf, type Shot, type ViewShot, type WindowShot } from './screen.ts';

/** An age may be as old as the last tick, and a second takes its time to be drawn on a busy machine. */
const lateMs = 4_000;

const textsOf = (cell: Cell | undefined, column: Column, now: number): readonly string[] =>
  cell === undefined ? [''] : textsBetween(cell, column, now - lateMs, now + 1_000);

const firstDifferent = (a: readonly string[], b: readonly string[]): string => {
  const at = a.findIndex((each, index) => each !== b[index]);
  const from = at < 0 ? a.length : at;
  return `at ${from}: ${a.slice(from, from + 3).join(' ')} instead of ${b.slice(from, from + 3).join(' ')}`;
};

const nameOf = (expected: Expected, key: string): string => {
  const row = expected.rows.find((each) => each.key === key);
  return row === undefined ? key.slice(0, 8) : `${row.namespace}/${row.name}`;
};

export const wrongOrder = (view: ViewShot, expected: Expected): readonly string[] => {
  const shown = linesOf(view).flatMap(({ key }) => (key === '' ? [] : [key]));
  const wanted = expected.rows.map(({ key }) => key);
  const named = (keys: readonly string[]) => keys.map((key) => nameOf(expected, key));
  const wrong: string[] = [];
  if (new Set(shown).size !== shown.length) wrong.push('an object is shown twice');
  if (shown.join() !== wanted.join()) {
    wrong.push(`${shown.length} rows instead of ${wanted.length}, ${firstDifferent(named(shown), named(wanted))}`);
  }
  return wrong;
};

/** Texts of a line by the columns above it; every letter of a soak is one cell wide. */
const cellsOf = (text: string, view: ViewShot): ReadonlyMap<string, string> => {
  const letters = [...text];
  return new Map(
    view.columns.map(({ title, start, width }, at) => {
      const end = at === view.columns.length - 1 ? letters.length : start + width;
      return [title, letters.slice(start, end).join('').trim()];
    }),
  );
};

const wrongLine = (text: string, row: Row, view: ViewShot, { columns }: Expected, now: number): readonly string[] => {
  const cells = cellsOf(text, view);
  return columns.flatMap((column, at) => {
    const shown = cells.get(column.title);
    if (shown === undefined) return [];
    const width = view.columns.find(({ title }) => title === column.title)?.width ?? 0;
    const wanted = textsOf(row.cells[at], column, now);
    if (wanted.includes(shown) || wanted.some((each) => cutTo(each, width) === shown)) return [];
    return [`${row.name} ${column.title}: shows '${shown}' instead of '${wanted.join("' or '")}'`];
  });
};

export const wrongLines = (view: ViewShot, expected: Expected, now: number): readonly string[] =>
  linesOf(view).flatMap(({ text, key }) => {
    const row = expected.rows.find((each) => each.key === key);
    return row === undefined ? [] : wrongLine(text, row, view, expected, now);
  });

export const wrongRows = (given: readonly RowJson[], { columns, rows }: Expected, now: number): readonly string[] => {
  const uids = given.map(({ uid }) => uid);
  const wanted = rows.map(({ uid }) => uid);
  if (uids.join() !== wanted.join()) return [`rows() gives others, ${firstDifferent(uids, wanted)}`];
  return given.flatMap((each, index) =>
    columns.flatMap((column, at) => {
      const texts = textsOf(rows[index]?.cells[at], column, now);
      const text = each.cells[column.title] ?? '';
      return texts.includes(text)
        ? []
        : [`rows(): ${each.name} ${column.title} is '${text}' instead of '${texts.join("' or '")}'`];
    }),
  );
};

export const wrongCounts = ({ state }: ViewShot, { rows, total }: Expected): readonly string[] => {
  const { shown = -1, total: all = -1, middle = '' } = state;
  const wrong: string[] = [];
  if (shown !== rows.length || all !== total) {
    wrong.push(`the statusline counts ${shown} of ${all} instead of ${rows.length} of ${total}`);
  }
  const text = rows.length === total ? thousands(total) : `${thousands(rows.length)} of ${thousands(total)}`;
  if (!`${middle} `.startsWith(`${text} `)) wrong.push(`the statusline says '${middle}' instead of '${text}'`);
  return wrong;
};

/** What a sheet knows of itself. */
export const wrongSheet = (view: ViewShot): readonly string[] => {
  const wrong: string[] = [];
  if (view.size !== view.lines.length) wrong.push(`the sheet counts ${view.size} of ${view.lines.length} lines`);
  if (view.keys.length !== view.lines.length) wrong.push(`${view.keys.length} keys for ${view.lines.length} lines`);
  const shown = view.selected.filter((key) => view.keys.includes(key)).length;
  if (view.chosen !== shown || view.picked !== view.selected.length) {
    wrong.push(`counts ${view.chosen} and ${view.picked} selected instead of ${shown} and ${view.selected.length}`);
  }
  return wrong;
};

const viewOf = (shot: Shot, id: number): ViewShot | undefined => shot.views.find((each) => each.id === id);

/** A window that nobody touched: its cursor is on the object it was on, or on what is left of that. */
export const wrongCursor = (before: Shot, after: Shot, window: WindowShot): readonly string[] => {
  const now = after.windows.find(({ win }) => win === window.win);
  const view = viewOf(after, window.view);
  if (now === undefined || view === undefined || now.view !== window.view) return [];
  const ghost = viewOf(before, window.view)?.ghosts.find(({ line }) => line === window.line);
  const key = window.key === '' ? ghost?.key : window.key;
  if (key === undefined) return [];
  if (view.keys.includes(key)) {
    return now.key === key
      ? []
      : [`window ${window.win}: the cursor left its object ${key.slice(0, 8)}, which is there`];
  }
  const left = view.ghosts.find(({ line }) => line === now.line);
  if (left?.key === key || (now.key === '' && left === undefined)) return [];
  return [`window ${window.win}: the cursor slid from ${key.slice(0, 8)}, which is gone, to another object`];
};

/** Whether the order of a table changes only by objects that come and go. */
const isSteady = ({ sort }: ViewShot): boolean => sort === undefined || ['', 'NAME', 'NAMESPACE'].includes(sort.title);

/**
 * Rows that come and go elsewhere do not move the screen of a window that nobody touched: its first line stays, or the
 * line of its cursor, where rows between the two go.
 */
export const wrongTop = (before: Shot, after: Shot, window: WindowShot): readonly string[] => {
  const now = after.windows.find(({ win }) => win === window.win);
  const [was, is] = [viewOf(before, window.view), viewOf(after, window.view)];
  if (now === undefined || was === undefined || is === undefined || now.view !== window.view) return [];
  if (!isSteady(was) || was.ghosts.length > 0 || is.ghosts.length > 0 || now.key !== window.key || now.key === '')
    return [];
  if (now.height !== window.height) return [];
  // Where the end of a table is on the screen, it moves up as rows go.
  if (Math.min(was.size, is.size) < window.top + window.height) return [];
  const first = was.keys[window.top - 1] ?? '';
  const top = window.top === 1 ? 1 : is.keys.indexOf(first) + 1;
  if (top === 0 || now.line < top || now.line >= top + now.height) return [];
  if (now.line - now.top === window.line - window.top) return [];
  return now.top === top ? [] : [`window ${window.win}: its first line went from ${top} to ${now.top}`];
};

/** Selected objects stay selected as long as they are there; nothing else is selected. */
export const wrongSelection = (
  before: ReadonlySet<string>,
  view: ViewShot,
  disturbed: (key: string) => boolean,
): readonly string[] => {
  const more = view.selected.filter((key) => !before.has(key));
  const lost = [...before].filter((key) => view.keys.includes(key) && !view.selected.includes(key) && !disturbed(key));
  return [
    ...more.map((key) => `${key.slice(0, 8)} is selected and nobody did that`),
    ...lost.map((key) => `${key.slice(0, 8)} is selected no more`),
  ];
};
