import { cellText } from '../protocol/cell-text.ts';
import type { Hovered } from './hover.ts';

const stampOf = ({ row, columns, now }: Hovered): string => {
  // Ages change with nothing else, and what is no column of kubectl's, as usage, does not come from the object.
  const cells = columns.map((column, index) => {
    const cell = row.cells[index];
    return cell === undefined || column.time !== undefined || column.extra === true ? '' : cellText(cell, column, now);
  });
  return JSON.stringify([cells, row.labels]);
};

/** What tells whether rows are others than before; those that are gone are left out. */
export const stampsOf = (
  keys: readonly string[],
  place: (key: string) => Hovered | undefined,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    keys.flatMap((key) => {
      const found = place(key);
      return found === undefined ? [] : [[key, stampOf(found)]];
    }),
  );
