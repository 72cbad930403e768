import { ClusterError } from '../util/error.ts';
import { displayWidth } from '../util/width.ts';

/** Between cells. No name, image, label or schedule holds it, so that a cell may be empty and hold blanks. */
const bar = '│';

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - displayWidth(text)));

/** Titles and rows as lines, their cells aligned. */
export const alignedLines = (titles: readonly string[], rows: readonly (readonly string[])[]) => {
  const widths = titles.map((title, index) =>
    rows.reduce((most, cells) => Math.max(most, displayWidth(cells[index] ?? '')), displayWidth(title)),
  );
  const line = (cells: readonly string[], between: string): string =>
    cells
      .map((cell, index) => padded(cell, widths[index] ?? 0))
      .join(between)
      .trimEnd();
  return { titles: line(titles, '   '), lines: rows.map((cells) => line(cells, ` ${bar} `)) };
};

/** The cells of a line; throws ClusterError('invalid') when they are not as many as there are columns. */
export const cellsOf = (text: string, titles: readonly string[]): readonly string[] => {
  const cells = text.split(bar).map((cell) => cell.trim());
  if (cells.length === titles.length) return cells;
  throw new ClusterError(
    'invalid',
    `This line has ${cells.length} cells instead of ${titles.length} (${titles.join(` ${bar} `)}): u takes it back.`,
  );
};
