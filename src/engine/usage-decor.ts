import { type Measured, nodeUsageColumns, podUsageColumns, type UsageColumns } from '../processors/usage-columns.ts';
import type { Resource } from '../protocol/resource.ts';
import type { Cell, Column, Row } from '../protocol/row.ts';
import type { Lease } from '../store/registry.ts';
import { keyOf } from '../util/usage-samples.ts';
import type { Samples, Topic, UsagePolls } from './usage-polls.ts';

/** Columns of a table that do not come from its objects; rows get their cells when they are shown, the store's stay as they are. */
export interface Decor {
  readonly columns: readonly Column[];
  /** Those of the store with ours among them; the same for as long as the store's are, and somebody looks or nobody. */
  among(own: readonly Column[]): readonly Column[];
  /** The same row where there is nothing to add; the same result for as long as nothing changed. */
  row(row: Row): Row;
  /** Whether anybody looks at the columns, and in which namespaces; nothing is asked of the server otherwise. */
  want(wanted: boolean, namespaces: readonly string[]): void;
  dispose(): void;
}

export type DecorOptions = {
  readonly resource: Resource;
  /** The pod whose containers are shown. */
  readonly pod?: string | undefined;
  readonly polls: UsagePolls;
  /** The pods of all namespaces, for how many run on each node. */
  readonly pods: () => Lease;
  /** Cells are others now; `columns`: they are in other places too. */
  readonly onChange: (columns: boolean) => void;
  /** Why there is no usage, once. */
  readonly onAdvice: (advice: string) => void;
};

type Watching = { readonly samples: Samples; release(): void };

type Made = { readonly text: string; readonly row: Row };

const textOf = (cells: readonly Cell[]): string => cells.map(({ text }) => text).join(' ');

class UsageDecor implements Decor {
  readonly #shape: UsageColumns;
  readonly #options: DecorOptions;
  /** By the store's row, so that a row that is gone is forgotten. */
  #made = new WeakMap<Row, Made>();
  #watching: readonly Watching[] = [];
  #topics = '[]';
  #among:
    | {
        readonly own: readonly Column[];
        readonly looked: boolean;
        readonly at: number;
        readonly all: readonly Column[];
      }
    | undefined;
  #pods: (Lease & { readonly end: () => void }) | undefined;
  #perNode: ReadonlyMap<string, number> | undefined;

  constructor(shape: UsageColumns, options: DecorOptions) {
    this.#shape = shape;
    this.#options = options;
  }

  get columns(): readonly Column[] {
    return this.#shape.columns;
  }

  among(own: readonly Column[]): readonly Column[] {
    if (own.length === 0) return own;
    const looked = this.#watching.length > 0;
    if (this.#among?.own !== own || this.#among.looked !== looked) {
      // Before those of a wide table, which fill a screen by themselves. Behind all while rows are as the store has them.
      const first = looked ? own.findIndex(({ wide }) => wide === true) : -1;
      const at = first < 0 ? own.length : first;
      this.#among = { own, looked, at, all: own.toSpliced(at, 0, ...this.columns) };
      this.#made = new WeakMap();
    }
    return this.#among.all;
  }

  row(row: Row): Row {
    const at = this.#among?.at;
    if (at === undefined || this.#among?.looked !== true) return row;
    const cells = this.#shape.cells(row, this.#measured(row));
    const text = textOf(cells);
    const known = this.#made.get(row);
    // A change nobody could see is none: CPU is read to the millicore.
    if (known?.text === text) return known.row;
    const made = { text, row: { ...row, cells: row.cells.toSpliced(at, 0, ...cells) } };
    this.#made.set(row, made);
    return made.row;
  }

  want(wanted: boolean, namespaces: readonly string[]): void {
    const topics = wanted ? this.#topicsOf(namespaces) : [];
    const key = JSON.stringify(topics);
    if (key === this.#topics) return;
    this.#topics = key;
    const before = this.#watching;
    this.#watching = topics.map((topic) => this.#options.polls.watch(topic, () => this.#sampled()));
    for (const { release } of before) release();
    this.#made = new WeakMap();
    this.#countPods(wanted);
    this.#options.onChange(before.length > 0 !== wanted);
  }

  dispose(): void {
    for (const { release } of this.#watching) release();
    this.#watching = [];
    this.#topics = '[]';
    this.#made = new WeakMap();
    this.#countPods(false);
  }

  #topicsOf(namespaces: readonly string[]): readonly Topic[] {
    const { resource, pod } = this.#options;
    if (resource.kind === 'Node') return [{ kind: 'nodes' }];
    const wanted = namespaces.length === 0 ? [''] : [...new Set(namespaces)];
    if (pod !== undefined) return [{ kind: 'containers', namespace: wanted[0] ?? '', pod }];
    return wanted.map((namespace) => ({ kind: 'pods', namespace }));
  }

  #sampled(): void {
    const advice = this.#watching.map(({ samples }) => samples.advice).find((text) => text !== '');
    if (advice !== undefined) this.#options.onAdvice(advice);
    // Pods that were counted while their list came in are counted afresh.
    this.#perNode = undefined;
    this.#options.onChange(false);
  }

  #measured(row: Row): Measured {
    const { resource, pod } = this.#options;
    const key = resource.kind === 'Node' || pod !== undefined ? row.name : keyOf(row.namespace, row.name);
    const sample = this.#watching.map(({ samples }) => samples.usage.get(key)).find((found) => found !== undefined);
    return this.#pods === undefined ? { sample } : { sample, pods: this.#counted()?.get(row.name) ?? this.#none() };
  }

  /** A node without pods has none; where pods may not be listed nobody knows. */
  #none(): number | undefined {
    return this.#counted() === undefined ? undefined : 0;
  }

  #countPods(wanted: boolean): void {
    if (this.#options.resource.kind !== 'Node' || wanted === (this.#pods !== undefined)) return;
    this.#perNode = undefined;
    if (!wanted) {
      this.#pods?.end();
      this.#pods?.release();
      this.#pods = undefined;
      return;
    }
    const lease = this.#options.pods();
    // Counted at each poll: that of every event would be work that nobody reads. But the first list is shown at once.
    let listed = lease.store.freshness.phase !== 'loading';
    const end = lease.store.subscribe(() => {
      if (listed || lease.store.freshness.phase === 'loading') return;
      listed = true;
      this.#sampled();
    });
    this.#pods = { ...lease, end };
  }

  #counted(): ReadonlyMap<string, number> | undefined {
    const store = this.#pods?.store;
    if (store === undefined || store.freshness.phase === 'loading' || store.freshness.phase === 'forbidden')
      return undefined;
    if (this.#perNode === undefined) {
      const counts = new Map<string, number>();
      for (const { facts } of store.rows.values()) {
        if (facts?.node === undefined || facts.ended !== undefined) continue;
        counts.set(facts.node, (counts.get(facts.node) ?? 0) + 1);
      }
      this.#perNode = counts;
    }
    return this.#perNode;
  }
}

/** Usage columns for tables of nodes, pods and containers. */
export const usageDecor = (options: DecorOptions): Decor | undefined => {
  const { group, kind } = options.resource;
  if (group !== '') return undefined;
  if (kind === 'Node') return new UsageDecor(nodeUsageColumns, options);
  return kind === 'Pod' || options.pod !== undefined ? new UsageDecor(podUsageColumns, options) : undefined;
};
