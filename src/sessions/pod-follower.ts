import type { Transport } from '../cluster/transport.ts';
import type { Clock } from '../util/clock.ts';
import type { ClusterError } from '../util/error.ts';
import { followObjects } from './follow-objects.ts';
import type { LogPod } from './log-pod.ts';

/** Keeps up with some pods, for streams that wait for something to happen to theirs. */
export interface PodFollower {
  /** False until the first answer: then an absent pod is a deleted one. */
  readonly known: boolean;
  /** Why the state of the pods is not certain now. */
  readonly fault: ClusterError | undefined;
  readonly pods: ReadonlyMap<string, LogPod>;
  /** Resolves at the next change (or fault) after the call, or when the session ends. */
  changed(): Promise<void>;
}

export type PodFollowerOptions = {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly namespace: string;
  readonly query: Readonly<Record<string, string>>;
  /** The only pod that is followed, if it is one. */
  readonly name?: string;
};

export const followPods = ({ transport, clock, signal, namespace, query, name }: PodFollowerOptions): PodFollower => {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
  let waiting: (() => void)[] = [];
  const state: { known: boolean; fault: ClusterError | undefined; pods: ReadonlyMap<string, LogPod> } = {
    known: false,
    fault: undefined,
    pods: new Map(),
  };
  const wake = (): void => {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  };
  signal.addEventListener('abort', wake);
  void followObjects<LogPod>({
    ...{ transport, clock, signal, path, query, metadataOnly: false },
    ...(name === undefined ? {} : { objectPath: `${path}/${encodeURIComponent(name)}` }),
    onChange: (pods) => {
      state.pods = pods;
      state.known = true;
      state.fault = undefined;
      wake();
    },
    onFault: (error) => {
      state.fault = error;
      wake();
    },
  });
  return {
    get known() {
      return state.known;
    },
    get fault() {
      return state.fault;
    },
    get pods() {
      return state.pods;
    },
    changed: () => (signal.aborted ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
};
