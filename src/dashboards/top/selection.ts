/** The cursor of a table belongs to an object, not to a line. */
export type Selection = {
  /** Undefined until the user has moved: then the first row is meant, whichever it is. */
  readonly key: string | undefined;
  /** Where it was last, for when the object goes away. */
  readonly index: number;
  /** First row on the screen. */
  readonly offset: number;
};

export const unselected: Selection = { key: undefined, index: 0, offset: 0 };

type Keyed = { readonly key: string };

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/** After the rows or the height changed: the same object where it is now, or what took the place of one that is gone. */
export const settle = (selection: Selection, rows: readonly Keyed[], height: number): Selection => {
  if (rows.length === 0) return { ...selection, offset: 0 };
  const found = selection.key === undefined ? 0 : rows.findIndex((row) => row.key === selection.key);
  const index = found >= 0 ? found : clamp(selection.index, 0, rows.length - 1);
  const visible = Math.max(1, height);
  const highest = Math.max(0, rows.length - visible);
  const offset = clamp(clamp(selection.offset, index - visible + 1, index), 0, highest);
  const key = selection.key === undefined ? undefined : rows[index]?.key;
  return key === selection.key && index === selection.index && offset === selection.offset
    ? selection
    : { key, index, offset };
};

/** To another row; from then on the selection is that row's object. */
export const moveTo = (selection: Selection, rows: readonly Keyed[], height: number, index: number): Selection => {
  const row = rows[clamp(index, 0, rows.length - 1)];
  return row === undefined ? selection : settle({ ...selection, key: row.key }, rows, height);
};
