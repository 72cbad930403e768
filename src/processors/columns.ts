import type { Cell, Column as ColumnAttributes } from '../protocol/row.ts';
import type { Style } from '../protocol/styles.ts';
import { ipValue, versionKey } from '../util/natural-compare.ts';
import { parseQuantity } from '../util/quantity.ts';
import { parseTimestamp } from '../util/timestamp.ts';
import { cellTable, numberCell, ownText, ratioCell, sharedText, timeCell } from './cells.ts';
import type { KubeObject, Time } from './objects.ts';

/** A column of a kind: attributes and how to read its cell. May throw; the processor then shows `error`. */
export type Column<T> = ColumnAttributes & { readonly cell: (object: T) => Cell };

type Text = string | null | undefined;
type Count = number | null | undefined;

/** kubectl's `NAMESPACE`, which comes first where there is one. */
export const namespace: Column<KubeObject> = {
  title: 'NAMESPACE',
  cell: (object) => sharedText(object.metadata?.namespace ?? ''),
};

export const name: Column<KubeObject> = {
  title: 'NAME',
  cell: (object) => ownText(object.metadata?.name ?? ''),
};

/** The name, marked as kubectl marks the default of a kind: one of these annotations is `true`. */
export const nameOrDefault = (...annotations: readonly string[]): Column<KubeObject> => ({
  title: 'NAME',
  cell: ({ metadata }) => {
    const isDefault = annotations.some((annotation) => metadata?.annotations?.[annotation] === 'true');
    return ownText(`${metadata?.name ?? ''}${isDefault ? ' (default)' : ''}`);
  },
});

/** Time since the object was made. */
export const age: Column<KubeObject> = {
  title: 'AGE',
  time: 'age',
  cell: (object) => timeCell(parseTimestamp(object.metadata?.creationTimestamp)),
};

/** Time since an instant in the object. */
export const since = <T>(title: string, read: (object: T) => Time, absent = '<unknown>'): Column<T> => {
  const none: Cell = { text: absent, value: undefined };
  return {
    title,
    time: 'age',
    cell: (object) => {
      const at = parseTimestamp(read(object));
      return at === undefined ? none : timeCell(at);
    },
  };
};

/** A text many objects have in common. */
export const text = <T>(title: string, read: (object: T) => Text, absent = ''): Column<T> => ({
  title,
  cell: (object) => sharedText(read(object) || absent),
});

/** A text that differs from object to object. */
export const uniqueText = <T>(title: string, read: (object: T) => Text, absent = ''): Column<T> => {
  const none = sharedText(absent);
  return {
    title,
    cell: (object) => {
      const value = read(object);
      return value ? ownText(value) : none;
    },
  };
};

/** A text of a small set of words, each in the style of its meaning. */
export const status = <T>(
  title: string,
  read: (object: T) => Text,
  style: (text: string) => Style | undefined,
): Column<T> => {
  const cellOf = cellTable((word) => word, style);
  return { title, cell: (object) => cellOf(read(object) ?? '') };
};

/** Go's bool: absent reads as false. */
export const flag = <T>(title: string, read: (object: T) => boolean | null | undefined): Column<T> => ({
  title,
  cell: (object) => sharedText(String(read(object) ?? false)),
});

/** An amount in the API's canonical form, sorted by what it is worth. */
export const quantity = <T>(title: string, read: (object: T) => Text): Column<T> => {
  const cellOf = cellTable(parseQuantity);
  return { title, cell: (object) => cellOf(read(object) ?? '') };
};

/** A count: right-aligned, sorted as a number, absent reads as zero. */
export const count = <T>(title: string, read: (object: T) => Count): Column<T> => ({
  title,
  align: 'right',
  cell: (object) => numberCell(read(object) ?? 0),
});

/** `ready/wanted`, sorted by what is missing. */
export const ratio = <T>(title: string, read: (object: T) => readonly [Count, Count]): Column<T> => ({
  title,
  cell: (object) => {
    const [part, whole] = read(object);
    return ratioCell(part ?? 0, whole ?? 0);
  },
});

/** One address, sorted by value. */
export const address = <T>(title: string, read: (object: T) => Text): Column<T> => {
  const none: Cell = { text: '<none>', value: undefined };
  return {
    title,
    cell: (object) => {
      const ip = read(object);
      if (!ip) return none;
      const { text: shown } = ownText(ip);
      return { text: shown, value: ipValue(ip) ?? shown };
    },
  };
};

/** A version, sorted as one. */
export const version = <T>(title: string, read: (object: T) => Text): Column<T> => {
  const cellOf = cellTable(versionKey);
  return { title, cell: (object) => cellOf(read(object) ?? '') };
};

/** The same column, shown with -o wide only. */
export const wide = <T>(column: Column<T>): Column<T> => ({ ...column, wide: true });

/** The same column as one of ours, after kubectl's. */
export const extra = <T>(column: Column<T>): Column<T> => ({ ...column, extra: true });
