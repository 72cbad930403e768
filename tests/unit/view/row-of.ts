import type { Cell, Column, Health, Row } from '../../../src/protocol/row.ts';

/** A row of a small made-up kind: NAMESPACE, NAME, STATUS, COUNT (number), AGE. */
export const columns: readonly Column[] = [
  { title: 'NAMESPACE' },
  { title: 'NAME' },
  { title: 'STATUS' },
  { title: 'COUNT', align: 'right' },
  { title: 'AGE', time: 'age' },
  { title: 'IP', wide: true },
];

type Wanted = {
  name: string;
  namespace?: string;
  status?: string;
  count?: number;
  created?: number;
  health?: Health;
  key?: string;
  ip?: string;
};

export const rowOf = (wanted: Wanted): Row => {
  const {
    name,
    namespace = 'shop',
    status = 'Running',
    count = 0,
    created = 0,
    health = 'ok',
    ip = '10.0.0.1',
  } = wanted;
  const key = wanted.key ?? `uid-${namespace}-${name}`;
  const text = (value: string): Cell => ({ text: value, value });
  return {
    key,
    uid: key,
    namespace,
    name,
    resourceVersion: '1',
    created,
    labels: {},
    owners: [],
    health,
    cells: [
      text(namespace),
      text(name),
      text(status),
      { text: String(count), value: count },
      { text: '', value: created, at: created },
      text(ip),
    ],
  };
};
