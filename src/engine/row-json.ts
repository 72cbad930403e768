import { cellText } from '../protocol/cell-text.ts';
import { resourceKey } from '../protocol/resource.ts';
import type { Column, Row, RowObject } from '../protocol/row.ts';
import type { RowJson } from '../protocol/wire.ts';

const objectJson = ({ resource, name, container }: RowObject): NonNullable<RowJson['of']> => ({
  resource: resourceKey(resource),
  name,
  ...(container === undefined ? {} : { container }),
});

/** A row for pickers, statuslines and users' scripts: every column the kind has, shown or not. */
export const rowJson = (row: Row, columns: readonly Column[], now: number): RowJson => ({
  uid: row.uid,
  namespace: row.namespace,
  name: row.name,
  cells: Object.fromEntries(
    columns.map((column, index) => {
      const cell = row.cells[index];
      return [column.title, cell === undefined ? '' : cellText(cell, column, now)];
    }),
  ),
  health: row.health,
  ...(row.of === undefined ? {} : { of: objectJson(row.of) }),
});
