import type { Row } from '../protocol/row.ts';

/** `node` reads the fact of that name. */
export type IndexName = 'namespace' | 'owner' | 'node';

export type Indexes = {
  /** Keys of the rows with that value; the set is live and must not be kept across changes. */
  find(index: IndexName, value: string): ReadonlySet<string>;
  add(row: Row): void;
  remove(row: Row): void;
};

const none: ReadonlySet<string> = new Set();

const valuesOf = (index: IndexName, row: Row): readonly string[] => {
  switch (index) {
    case 'namespace':
      return [row.namespace];
    case 'owner':
      return row.owners;
    case 'node':
      return row.facts?.node === undefined ? [] : [row.facts.node];
    default:
      return index satisfies never;
  }
};

type Index = Map<string, Set<string>>;

const addTo = (index: Index, name: IndexName, row: Row): void => {
  for (const value of valuesOf(name, row)) {
    const keys = index.get(value);
    if (keys === undefined) index.set(value, new Set([row.key]));
    else keys.add(row.key);
  }
};

const removeFrom = (index: Index, name: IndexName, row: Row): void => {
  for (const value of valuesOf(name, row)) {
    const keys = index.get(value);
    keys?.delete(row.key);
    if (keys?.size === 0) index.delete(value);
  }
};

/** An index is built the first time it is asked for and kept from then on; most are never asked for. */
export const createIndexes = (rows: () => Iterable<Row>): Indexes => {
  const built = new Map<IndexName, Index>();
  return {
    find: (name, value) => {
      let index = built.get(name);
      if (index === undefined) {
        index = new Map();
        for (const row of rows()) addTo(index, name, row);
        built.set(name, index);
      }
      return index.get(value) ?? none;
    },
    add: (row) => {
      for (const [name, index] of built) addTo(index, name, row);
    },
    remove: (row) => {
      for (const [name, index] of built) removeFrom(index, name, row);
    },
  };
};
