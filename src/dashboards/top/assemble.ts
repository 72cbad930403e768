import type { History } from './history.ts';
import { type NodeLoad, nodeRow, podRow, type TopRow } from './rows.ts';
import type { NodeFacts, PodFacts, Usage } from './usage.ts';

type Known = { readonly row: TopRow; readonly parts: readonly unknown[] };

export interface RowKeeper {
  /** Makes the rows of these keys; one made of the same parts as before stays the same object and is not redrawn. */
  rows(
    keys: Iterable<string>,
    parts: (key: string) => readonly unknown[],
    make: (key: string) => TopRow,
  ): readonly TopRow[];
}

export const createRowKeeper = (): RowKeeper => {
  let kept = new Map<string, Known>();
  return {
    rows: (keys, partsOf, make) => {
      const next = new Map<string, Known>();
      for (const key of keys) {
        const parts = partsOf(key);
        const known = kept.get(key);
        const same = known?.parts.every((part, index) => part === parts[index]) === true;
        next.set(key, known !== undefined && same ? known : { row: make(key), parts });
      }
      kept = next;
      return [...next.values()].map(({ row }) => row);
    },
  };
};

const idle: NodeLoad = { count: 0, cpu: 0, memory: 0 };

export type NodeParts = {
  readonly usage: ReadonlyMap<string, Usage>;
  readonly facts: ReadonlyMap<string, NodeFacts>;
  /** Undefined while the pods are not known. */
  readonly loads: ReadonlyMap<string, NodeLoad> | undefined;
  readonly history: History;
};

/** Every node, measured or not. */
export const nodeRows = (keeper: RowKeeper, { usage, facts, loads, history }: NodeParts): readonly TopRow[] => {
  const loadOf = (name: string): NodeLoad | undefined => (loads === undefined ? undefined : (loads.get(name) ?? idle));
  return keeper.rows(
    new Set([...facts.keys(), ...usage.keys()]),
    (name) => {
      const load = loadOf(name);
      return [facts.get(name), usage.has(name), load?.count, load?.cpu, load?.memory, history.of(name)];
    },
    (name) => nodeRow(name, usage.get(name), facts.get(name), loadOf(name), history.of(name)),
  );
};

export type PodParts = {
  readonly usage: ReadonlyMap<string, Usage>;
  readonly facts: ReadonlyMap<string, PodFacts>;
  /** True when nothing is measured: then running pods are shown with what they ask for. */
  readonly unmeasured: boolean;
  readonly history: History;
};

export const podRows = (keeper: RowKeeper, { usage, facts, unmeasured, history }: PodParts): readonly TopRow[] => {
  const running = unmeasured ? [...facts].filter(([, { phase }]) => phase === 'Running').map(([key]) => key) : [];
  return keeper.rows(
    unmeasured ? new Set([...usage.keys(), ...running]) : usage.keys(),
    (key) => [facts.get(key), usage.has(key), history.of(key)],
    (key) => podRow(usage.get(key), facts.get(key), history.of(key)),
  );
};
