import type { Clock } from '../../util/clock.ts';
import { asClusterError } from '../../util/error.ts';
import type { JsonSource } from '../dashboard.ts';
import { listAll } from './list-all.ts';
import type { NodeLoad } from './rows.ts';
import { keyOf, type Node, type NodeFacts, nodeFacts, type Pod, type PodFacts, podFacts } from './usage.ts';

/** What is known of some objects besides their usage; listed now and then, because it hardly changes. */
export interface Facts<T> {
  readonly byKey: ReadonlyMap<string, T>;
  /** Why they could not be listed; '' when they could. */
  readonly problem: string;
  /** Lists them again when that is due; `missing` says that an object has turned up which is not among them. */
  refresh(missing: boolean): void;
}

type FactsOptions = {
  readonly source: JsonSource;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onChange: () => void;
};

type Reader<T> = { readonly list: () => Promise<ReadonlyMap<string, T>>; readonly everyMs: number };

/** A cluster of this size costs the API server 60 MB a listing: five times less often. */
const manyObjects = 2000;

/** Objects that come and go must not cause a listing each. */
const missingMs = 15_000;

const createFacts = <T>({ clock, signal, onChange }: FactsOptions, reader: Reader<T>): Facts<T> => {
  let byKey: ReadonlyMap<string, T> = new Map();
  let problem = '';
  let listedAt = Number.NEGATIVE_INFINITY;
  let listing = false;

  const list = async (): Promise<void> => {
    listing = true;
    try {
      byKey = await reader.list();
      problem = '';
    } catch (error) {
      problem = asClusterError(error).message;
    }
    listing = false;
    listedAt = clock.now();
    if (!signal.aborted) onChange();
  };

  return {
    get byKey() {
      return byKey;
    },
    get problem() {
      return problem;
    },
    refresh: (missing) => {
      if (listing || signal.aborted) return;
      const factor = byKey.size > manyObjects ? 5 : 1;
      const due = factor * (missing && problem === '' ? missingMs : reader.everyMs);
      if (clock.now() - listedAt >= due) void list();
    },
  };
};

export const createNodeFacts = (options: FactsOptions): Facts<NodeFacts> =>
  createFacts(options, {
    everyMs: 30_000,
    list: async () => {
      const nodes = await listAll<Node>(options.source, '/api/v1/nodes', options.signal);
      return new Map(nodes.map((node) => nodeFacts(node)).map((facts) => [facts.name, facts]));
    },
  });

/** Paths of a namespaced resource: one for all namespaces, or one for each that is wanted. */
export const scopedPaths = (root: string, resource: string, namespaces: readonly string[]): readonly string[] =>
  namespaces.length === 0
    ? [`${root}/${resource}`]
    : namespaces.map((namespace) => `${root}/namespaces/${encodeURIComponent(namespace)}/${resource}`);

export const createPodFacts = (options: FactsOptions, namespaces: readonly string[]): Facts<PodFacts> =>
  createFacts(options, {
    everyMs: 60_000,
    list: async () => {
      const found = new Map<string, PodFacts>();
      for (const path of scopedPaths('/api/v1', 'pods', namespaces)) {
        for (const pod of await listAll<Pod>(options.source, path, options.signal)) {
          const facts = podFacts(pod);
          found.set(keyOf(facts.namespace, facts.name), facts);
        }
      }
      return found;
    },
  });

/** What the pods on each node ask for; pods that have ended hold nothing. */
export const loads = (pods: ReadonlyMap<string, PodFacts>): ReadonlyMap<string, NodeLoad> => {
  const byNode = new Map<string, NodeLoad>();
  for (const { node, phase, cpuRequest = 0, memoryRequest = 0 } of pods.values()) {
    if (node === '' || phase === 'Succeeded' || phase === 'Failed') continue;
    const load = byNode.get(node);
    byNode.set(node, {
      count: (load?.count ?? 0) + 1,
      cpu: (load?.cpu ?? 0) + cpuRequest,
      memory: (load?.memory ?? 0) + memoryRequest,
    });
  }
  return byNode;
};
