import type { Clock } from '../../util/clock.ts';
import { asClusterError } from '../../util/error.ts';
import { metricsRoot } from '../../util/usage-samples.ts';
import type { JsonSource } from '../dashboard.ts';
import { createRowKeeper, nodeRows, podRows } from './assemble.ts';
import { createNodeFacts, createPodFacts, type Facts, loads, scopedPaths } from './facts.ts';
import { createHistory } from './history.ts';
import { afterAnswer, afterFailure, type Polled, unpolled } from './polled.ts';
import type { TopRow } from './rows.ts';
import {
  type Kind,
  type List,
  type NodeFacts,
  type NodeMetrics,
  nodeUsage,
  type PodFacts,
  type PodMetrics,
  podUsage,
  type Usage,
} from './usage.ts';

/** Samples kept of an object: the window at the API's 15 s. There may be 10,000 pods. */
const mostSamples = 40;

export type TopState = {
  readonly rows: readonly TopRow[];
  /** `without`: there is no usage to be had, `advice` says why. */
  readonly phase: 'loading' | 'live' | 'stale' | 'without';
  /** When the newest sample was taken. */
  readonly at: number | undefined;
  /** Since when nothing new comes, and when it is tried again. */
  readonly since: number | undefined;
  readonly retryAt: number | undefined;
  /** Why something is missing; '' when nothing is. */
  readonly advice: string;
};

export type TopSourceOptions = {
  readonly source: JsonSource;
  readonly clock: Clock;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  readonly pollMs: number;
};

const loading: TopState = {
  rows: [],
  phase: 'loading',
  at: undefined,
  since: undefined,
  retryAt: undefined,
  advice: '',
};

const phaseOf = ({ answered, failedAt, usage, advice }: Polled): TopState['phase'] => {
  if (failedAt !== undefined) return answered && usage.size > 0 ? 'stale' : 'without';
  if (!answered) return 'loading';
  return advice === '' ? 'live' : 'without';
};

/** Polls usage and keeps its history, from `select` to `dispose`. */
export class TopSource {
  readonly #options: TopSourceOptions;
  readonly #abort = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #history = { nodes: createHistory(mostSamples), pods: createHistory(mostSamples) };
  readonly #keepers = { nodes: createRowKeeper(), pods: createRowKeeper() };
  readonly #polled: Record<Kind, Polled> = { nodes: unpolled, pods: unpolled };
  readonly #states: Record<Kind, TopState> = { nodes: loading, pods: loading };
  readonly #nodes: Facts<NodeFacts>;
  /** Of all namespaces, for what is requested on a node. */
  readonly #everyPod: Facts<PodFacts>;
  readonly #pods: Facts<PodFacts>;
  #kind: Kind | undefined;
  #round = 0;
  #cancelPoll: (() => void) | undefined;

  constructor(options: TopSourceOptions) {
    this.#options = options;
    const { source, clock, namespaces } = options;
    const onChange = (): void => {
      if (this.#kind !== undefined) this.#publish(this.#kind);
    };
    const shared = { source, clock, signal: this.#abort.signal, onChange };
    this.#nodes = createNodeFacts(shared);
    this.#everyPod = createPodFacts(shared, []);
    this.#pods = namespaces.length === 0 ? this.#everyPod : createPodFacts(shared, namespaces);
  }

  /** The same object until something changed. */
  readonly state = (kind: Kind): TopState => this.#states[kind];

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Polls this kind from now on, starting at once. */
  select(kind: Kind): void {
    if (kind === this.#kind) return;
    this.#kind = kind;
    this.refresh();
  }

  refresh(): void {
    this.#cancelPoll?.();
    this.#round += 1;
    if (this.#kind === undefined || this.#abort.signal.aborted) return;
    this.#refreshFacts(this.#kind);
    void this.#poll(this.#kind, this.#round);
  }

  dispose(): void {
    this.#abort.abort();
    this.#cancelPoll?.();
    this.#listeners.clear();
  }

  async #poll(kind: Kind, round: number): Promise<void> {
    const { clock, pollMs } = this.#options;
    const path = this.#paths(kind)[0] ?? '';
    let changed = true;
    try {
      const answer = afterAnswer(this.#polled[kind], await this.#usage(kind), this.#history[kind], { kind, path });
      this.#polled[kind] = answer.polled;
      changed = answer.changed;
    } catch (thrown) {
      if (this.#abort.signal.aborted) return;
      const error = asClusterError(thrown);
      this.#polled[kind] = afterFailure(this.#polled[kind], error, clock.now(), { kind, path, pollMs });
    }
    if (this.#abort.signal.aborted || round !== this.#round) return;
    this.#refreshFacts(kind);
    if (changed) this.#publish(kind);
    const { retryAt } = this.#polled[kind];
    const wait = retryAt === undefined ? pollMs : Math.max(0, retryAt - clock.now());
    this.#cancelPoll = clock.after(wait, () => void this.#poll(kind, round));
  }

  #paths(kind: Kind): readonly string[] {
    return scopedPaths(metricsRoot, kind, kind === 'nodes' ? [] : this.#options.namespaces);
  }

  async #usage(kind: Kind): Promise<readonly Usage[]> {
    const { source, clock } = this.#options;
    const { signal } = this.#abort;
    const now = clock.now();
    const lists = this.#paths(kind).map(async (path) => {
      if (kind === 'nodes') {
        const { items } = await source.json<List<NodeMetrics>>({ path, signal });
        return (items ?? []).map((item) => nodeUsage(item, now));
      }
      const { items } = await source.json<List<PodMetrics>>({ path, signal });
      return (items ?? []).map((item) => podUsage(item, now));
    });
    return (await Promise.all(lists)).flat();
  }

  #refreshFacts(kind: Kind): void {
    const facts = kind === 'nodes' ? this.#nodes : this.#pods;
    const missing = [...this.#polled[kind].usage.keys()].some((key) => !facts.byKey.has(key));
    facts.refresh(missing);
    if (kind === 'nodes') this.#everyPod.refresh(false);
  }

  #rows(kind: Kind): readonly TopRow[] {
    const { usage, advice } = this.#polled[kind];
    const history = this.#history[kind];
    if (kind === 'pods') {
      return podRows(this.#keepers.pods, { usage, facts: this.#pods.byKey, unmeasured: advice !== '', history });
    }
    const known = this.#everyPod.problem === '' && this.#everyPod.byKey.size > 0;
    const load = known ? loads(this.#everyPod.byKey) : undefined;
    return nodeRows(this.#keepers.nodes, { usage, facts: this.#nodes.byKey, loads: load, history });
  }

  #publish(kind: Kind): void {
    const polled = this.#polled[kind];
    const { problem } = kind === 'nodes' ? this.#nodes : this.#pods;
    const missing = problem === '' ? '' : `What is requested and allowed is unknown: ${problem}`;
    this.#states[kind] = {
      rows: this.#rows(kind),
      phase: phaseOf(polled),
      at: polled.at,
      since: polled.failedAt,
      retryAt: polled.retryAt,
      advice: polled.advice === '' ? missing : polled.advice,
    };
    for (const listener of this.#listeners) listener();
  }
}
