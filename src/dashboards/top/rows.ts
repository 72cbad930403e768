import { compareValues, naturalKey } from '../../util/natural-compare.ts';
import type { Sample } from './history.ts';
import type { Kind, NodeFacts, PodFacts, Usage } from './usage.ts';

/** How much of something is used, asked for and allowed. `whole` is what a full gauge means. */
export type Meter = {
  readonly used: number | undefined;
  readonly request: number | undefined;
  readonly limit: number | undefined;
  readonly whole: number | undefined;
};

export type TopRow = {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly cpu: Meter;
  readonly memory: Meter;
  /** Pods on a node, of how many it takes. */
  readonly pods: { readonly count: number | undefined; readonly most: number | undefined };
  /** What is wrong with it, '' when nothing is. */
  readonly trouble: string;
  readonly samples: readonly Sample[];
};

export type SortColumn = 'name' | 'cpu' | 'memory' | 'cpu%' | 'memory%' | 'pods' | 'namespace';

export const sortColumns: Readonly<Record<Kind, readonly SortColumn[]>> = {
  nodes: ['cpu%', 'memory%', 'pods', 'name'],
  pods: ['cpu', 'memory', 'cpu%', 'memory%', 'namespace', 'name'],
};

export type Sort = { readonly column: SortColumn; readonly descending: boolean };

/** Names read from the top, amounts from the most. */
export const firstDirection = (column: SortColumn): boolean => column !== 'name' && column !== 'namespace';

export const share = ({ used, whole }: Meter): number | undefined =>
  used === undefined || whole === undefined || whole === 0 ? undefined : used / whole;

/** A pod is measured against its limit, or what it asked for where it has none. */
const podMeter = (used: number | undefined, request: number | undefined, limit: number | undefined): Meter => ({
  used,
  request,
  limit,
  whole: limit ?? request,
});

export const podRow = (usage: Usage | undefined, facts: PodFacts | undefined, samples: readonly Sample[]): TopRow => {
  const phase = facts?.phase ?? '';
  return {
    key: usage?.key ?? `${facts?.namespace}/${facts?.name}`,
    namespace: usage?.namespace ?? facts?.namespace ?? '',
    name: usage?.name ?? facts?.name ?? '',
    node: facts?.node ?? '',
    cpu: podMeter(usage?.cpu, facts?.cpuRequest, facts?.cpuLimit),
    memory: podMeter(usage?.memory, facts?.memoryRequest, facts?.memoryLimit),
    pods: { count: undefined, most: undefined },
    trouble: phase === 'Failed' || phase === 'Unknown' ? phase : '',
    samples,
  };
};

export type NodeLoad = { readonly count: number; readonly cpu: number; readonly memory: number };

const nodeTrouble = (facts: NodeFacts | undefined): string => {
  if (facts === undefined) return '';
  if (!facts.ready) return 'NotReady';
  if (facts.pressures.length > 0) return facts.pressures.join(',');
  return facts.unschedulable ? 'cordoned' : '';
};

export const nodeRow = (
  name: string,
  usage: Usage | undefined,
  facts: NodeFacts | undefined,
  load: NodeLoad | undefined,
  samples: readonly Sample[],
): TopRow => ({
  key: name,
  namespace: '',
  name,
  node: '',
  cpu: { used: usage?.cpu, request: load?.cpu, limit: undefined, whole: facts?.cpu },
  memory: { used: usage?.memory, request: load?.memory, limit: undefined, whole: facts?.memory },
  pods: { count: load?.count, most: facts?.pods },
  trouble: nodeTrouble(facts),
  samples,
});

const sortValue = (row: TopRow, column: SortColumn): number | string | undefined => {
  switch (column) {
    case 'name':
      return naturalKey(row.name);
    case 'namespace':
      return row.namespace;
    case 'cpu':
      return row.cpu.used;
    case 'memory':
      return row.memory.used;
    case 'cpu%':
      return share(row.cpu);
    case 'memory%':
      return share(row.memory);
    case 'pods':
      return row.pods.count;
    default:
      return column satisfies never;
  }
};

/** `cart,!canary`: every part must be in the row, those after `!` must not. Case does not matter. */
export const matches = (row: TopRow, filter: string): boolean => {
  if (filter === '') return true;
  const text = `${row.namespace}/${row.name} ${row.node} ${row.trouble}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
    .every((part) => (part.startsWith('!') ? part === '!' || !text.includes(part.slice(1)) : text.includes(part)));
};

/** What is shown, in order. Rows without a value come last whatever the direction; equal ones by name. */
export const arrange = (rows: readonly TopRow[], sort: Sort, filter: string): readonly TopRow[] => {
  const keyed = rows.filter((row) => matches(row, filter)).map((row) => ({ row, value: sortValue(row, sort.column) }));
  keyed.sort((a, b) => {
    if (a.value === undefined || b.value === undefined) return compareValues(a.value, b.value) || byName(a.row, b.row);
    const order = compareValues(a.value, b.value);
    return (sort.descending ? -order : order) || byName(a.row, b.row);
  });
  return keyed.map(({ row }) => row);
};

const byName = (a: TopRow, b: TopRow): number => compareValues(a.key, b.key);
