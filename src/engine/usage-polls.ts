import type { Transport } from '../cluster/transport.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError } from '../util/error.ts';
import { adviceFor, emptyAdvice, isLasting } from '../util/usage-advice.ts';
import {
  containerUsage,
  current,
  type List,
  metricsRoot,
  type NodeMetrics,
  nodeUsage,
  type PodMetrics,
  podUsage,
  type Usage,
} from '../util/usage-samples.ts';

/** What is measured: all nodes, the pods of a namespace ('': of all), the containers of one pod. */
export type Topic =
  | { readonly kind: 'nodes' }
  | { readonly kind: 'pods'; readonly namespace: string }
  | { readonly kind: 'containers'; readonly namespace: string; readonly pod: string };

export type Samples = {
  readonly usage: ReadonlyMap<string, Usage>;
  /** Why there is none; '' when all is well. */
  readonly advice: string;
};

/** Usage, polled for as long as somebody looks; viewers of one thing share one poll. */
export interface UsagePolls {
  /** `listener` hears of new samples, and of those that are there already through `samples`. */
  watch(topic: Topic, listener: () => void): { readonly samples: Samples; release(): void };
  dispose(): void;
}

export type UsagePollsOptions = {
  readonly transport: Pick<Transport, 'json'>;
  readonly clock: Clock;
  readonly intervalMs: () => number;
};

const nothing: Samples = { usage: new Map(), advice: '' };

/** Where there is no metrics API, or no right to it, it is looked for again this often. */
const lastingRetryMs = 5 * 60_000;
const longestRetryMs = 60_000;
/** Samples outlive this many failed polls in a row; after that they say nothing of now. */
const mostFailures = 4;

const pathOf = (topic: Topic): string => {
  if (topic.kind === 'nodes') return `${metricsRoot}/nodes`;
  const inside = topic.namespace === '' ? '' : `/namespaces/${encodeURIComponent(topic.namespace)}`;
  const pods = `${metricsRoot}${inside}/pods`;
  return topic.kind === 'pods' ? pods : `${pods}/${encodeURIComponent(topic.pod)}`;
};

/** Every cluster has nodes and pods that run; a namespace may have none, and its youngest pods are not measured yet. */
const adviceForNone = (topic: Topic): string => {
  if (topic.kind === 'containers' || (topic.kind === 'pods' && topic.namespace !== '')) return '';
  return emptyAdvice(topic.kind, pathOf(topic));
};

const read = async (
  topic: Topic,
  { transport, clock }: UsagePollsOptions,
  signal: AbortSignal,
): Promise<readonly Usage[]> => {
  const request = { path: pathOf(topic), signal };
  switch (topic.kind) {
    case 'nodes': {
      const { items } = await transport.json<List<NodeMetrics>>(request);
      return (items ?? []).map((item) => nodeUsage(item, clock.now()));
    }
    case 'pods': {
      const { items } = await transport.json<List<PodMetrics>>(request);
      return (items ?? []).map((item) => podUsage(item, clock.now()));
    }
    case 'containers':
      return containerUsage(await transport.json<PodMetrics>(request), clock.now());
    default:
      return topic satisfies never;
  }
};

/** One topic, from its first viewer to its last. */
class Poll {
  readonly #topic: Topic;
  readonly #options: UsagePollsOptions;
  readonly #abort = new AbortController();
  readonly listeners = new Set<() => void>();
  samples: Samples = nothing;
  #failures = 0;
  #next: () => void = () => {};

  constructor(topic: Topic, options: UsagePollsOptions) {
    this.#topic = topic;
    this.#options = options;
    void this.#poll();
  }

  dispose(): void {
    this.#abort.abort();
    this.#next();
  }

  async #poll(): Promise<void> {
    let wait = this.#options.intervalMs();
    try {
      const { usage } = current(await read(this.#topic, this.#options, this.#abort.signal));
      this.#failures = 0;
      this.samples = { usage, advice: usage.size === 0 ? adviceForNone(this.#topic) : '' };
    } catch (thrown) {
      if (this.#abort.signal.aborted) return;
      wait = this.#failed(thrown, wait);
    }
    if (this.#abort.signal.aborted) return;
    for (const listener of [...this.listeners]) listener();
    this.#next = this.#options.clock.after(wait, () => void this.#poll());
  }

  /** Returns how long to wait. */
  #failed(thrown: unknown, interval: number): number {
    const error = asClusterError(thrown);
    this.#failures += 1;
    // A pod that has just started, or has ended, is not measured: that says nothing about the API.
    const unmeasured = this.#topic.kind === 'containers' && error.code === 'not-found';
    const lasting = isLasting(error) && !unmeasured;
    const kind = this.#topic.kind === 'nodes' ? 'nodes' : 'pods';
    const gone = lasting || unmeasured || this.#failures >= mostFailures;
    this.samples = {
      usage: gone ? nothing.usage : this.samples.usage,
      advice: unmeasured ? '' : adviceFor(error, kind, pathOf(this.#topic)),
    };
    return lasting ? lastingRetryMs : Math.min(longestRetryMs, interval * 2 ** Math.min(this.#failures - 1, 4));
  }
}

export const createUsagePolls = (options: UsagePollsOptions): UsagePolls => {
  const polls = new Map<string, Poll>();
  return {
    watch: (topic, listener) => {
      const path = pathOf(topic);
      let poll = polls.get(path);
      if (poll === undefined) {
        poll = new Poll(topic, options);
        polls.set(path, poll);
      }
      const shared = poll;
      const own = (): void => listener();
      shared.listeners.add(own);
      return {
        get samples() {
          return shared.samples;
        },
        release: () => {
          if (!shared.listeners.delete(own) || shared.listeners.size > 0) return;
          shared.dispose();
          polls.delete(path);
        },
      };
    },
    dispose: () => {
      for (const poll of polls.values()) poll.dispose();
      polls.clear();
    },
  };
};
