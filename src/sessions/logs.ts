import type { Transport } from '../cluster/transport.ts';
import type { Target } from '../protocol/resource.ts';
import type { LogOptions } from '../protocol/wire.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError, type ClusterError } from '../util/error.ts';
import { type LogPod, pickContainer } from './log-pod.ts';
import { createLogSink, type LogSink } from './log-sink.ts';
import { LogStream, type StreamState } from './log-stream.ts';
import { isPod, podSelector } from './log-workload.ts';
import { followPods, type PodFollower } from './pod-follower.ts';
import { errorLines, faultState, goneState, labelOf, loadingState, titleOf } from './session-state.ts';
import type { Session, SessionState, TextView } from './text-view.ts';

const defaultTail = 1000;

/** Of more pods the newest are not followed: each is an open connection. */
const mostStreams = 64;

export type LogsOptions = {
  readonly target: Target;
  readonly options: LogOptions;
  readonly view: TextView;
  readonly transport: Transport;
  readonly clock: Clock;
};

/** The logs of a pod's container, or of all pods of a workload, followed until they end or the view closes. */
export const openLogs = (options: LogsOptions): Session => {
  const session = new LogSession(options);
  return { opened: { title: titleOf(options.target, 'logs'), filetype: 'k8s_logs' }, dispose: () => session.dispose() };
};

class LogSession {
  readonly #options: LogsOptions;
  readonly #abort = new AbortController();
  readonly #sink: LogSink;
  readonly #streams = new Map<string, StreamState>();
  #refused = 0;

  constructor(options: LogsOptions) {
    this.#options = options;
    const { view, target, clock } = options;
    const { timestamps = false } = options.options;
    this.#sink = createLogSink({ view, clock, timestamps, onFlush: () => this.#showState() });
    view.closed.addEventListener('abort', () => this.dispose(), { once: true });
    view.state({ left: titleOf(target, 'logs'), middle: '', shown: 0, total: 0, ...loadingState });
    if (view.closed.aborted) this.dispose();
    else void this.#start();
  }

  dispose(): void {
    this.#abort.abort();
    this.#sink.dispose();
  }

  async #start(): Promise<void> {
    const { target, transport, view, clock } = this.#options;
    const { signal } = this.#abort;
    try {
      const { name, namespace } = target;
      const single = isPod(target);
      const query: Record<string, string> = single
        ? { fieldSelector: `metadata.name=${name}` }
        : { labelSelector: await podSelector(transport, target, signal) };
      const follower = followPods({ transport, clock, signal, namespace, query, ...(single ? { name } : {}) });
      if (single) await this.#runPod(follower);
      else await this.#runWorkload(follower);
    } catch (thrown) {
      if (!signal.aborted) this.#fail(asClusterError(thrown), view);
    }
  }

  #fail(error: ClusterError, view: TextView): void {
    if (this.#sink.total === 0) view.set(errorLines(error));
    const state = faultState(error, this.#options.clock.now(), undefined);
    view.state(state.phase === 'stale' ? { ...state, phase: 'ended', style: 'KubectlError' } : state);
  }

  async #runPod(follower: PodFollower): Promise<void> {
    const { target, view } = this.#options;
    const pod = await this.#first(follower, (pods) =>
      [...pods.values()].find((one) => target.uid === undefined || one.metadata?.uid === target.uid),
    );
    if (this.#abort.signal.aborted) return;
    if (pod === undefined) {
      const text = target.uid === undefined ? 'no such pod' : 'deleted';
      view.set([`${labelOf(target)}: ${text}`]);
      view.state(goneState(text));
      return;
    }
    await this.#stream(follower, pod, '');
  }

  /** What is looked for once the pods are known; a fault that lasts is shown while it waits. */
  async #first<T>(follower: PodFollower, find: (pods: ReadonlyMap<string, LogPod>) => T): Promise<T> {
    const { view, clock } = this.#options;
    while (!follower.known && !this.#abort.signal.aborted) {
      await follower.changed();
      if (follower.fault === undefined) continue;
      view.set(errorLines(follower.fault));
      view.state(faultState(follower.fault, clock.now(), undefined));
    }
    if (follower.fault === undefined) view.set([]);
    return find(follower.pods);
  }

  async #runWorkload(follower: PodFollower): Promise<void> {
    const { signal } = this.#abort;
    const { view, target } = this.#options;
    await this.#first(follower, () => undefined);
    while (!signal.aborted) {
      for (const [uid, pod] of follower.pods) {
        if (!this.#streams.has(uid) && !signal.aborted) this.#join(follower, uid, pod);
      }
      if (this.#streams.size === 0)
        view.state({ phase: 'live', right: `◌ no pods of ${labelOf(target)} yet`, style: 'KubectlMuted' });
      else this.#showState();
      await follower.changed();
    }
  }

  #join(follower: PodFollower, uid: string, pod: LogPod): void {
    const open = [...this.#streams.values()].filter(({ phase }) => phase !== 'ended').length;
    if (open >= mostStreams) {
      this.#refused += 1;
      this.#streams.set(uid, { phase: 'ended', reason: 'not followed' });
      return;
    }
    const name = pod.metadata?.name ?? '';
    if (this.#sink.total > 0) this.#sink.notice(`${name} joined`);
    this.#stream(follower, pod, `${name} `).catch((thrown: unknown) => {
      this.#streams.set(uid, { phase: 'ended', reason: asClusterError(thrown).message });
      this.#sink.notice(asClusterError(thrown).message);
    });
  }

  #stream(follower: PodFollower, pod: LogPod, prefix: string): Promise<void> {
    const { transport, clock, options } = this.#options;
    const uid = pod.metadata?.uid ?? '';
    const notice = (text: string): void => this.#sink.notice(`${prefix.trim()}${prefix === '' ? '' : '/'}${text}`);
    const stream = new LogStream({
      ...{ transport, clock, follower, uid, signal: this.#abort.signal },
      namespace: pod.metadata?.namespace ?? '',
      pod: pod.metadata?.name ?? '',
      container: pickContainer(pod, options.container),
      follow: options.follow ?? true,
      previous: options.previous ?? false,
      tail: options.tail === undefined ? defaultTail : options.tail < 0 ? undefined : options.tail,
      onLines: (lines) => this.#sink.lines(lines, prefix),
      onNotice: notice,
      onState: (state) => {
        this.#streams.set(uid, state);
        if (state.phase === 'ended' && state.error !== undefined) notice(state.error.message);
        this.#showState();
      },
    });
    return stream.run();
  }

  #showState(): void {
    const { view, clock } = this.#options;
    if (this.#abort.signal.aborted) return;
    const { total, held } = this.#sink;
    const many = this.#streams.size > 1 ? `${this.#streams.size - this.#refused} pods  ` : '';
    const left = this.#refused > 0 ? `  ${this.#refused} pods not followed` : '';
    const count =
      total === held ? total.toLocaleString('en') : `${held.toLocaleString('en')} of ${total.toLocaleString('en')}`;
    const middle = `${many}${count} lines${left}`;
    view.state({ ...overall([...this.#streams.values()], clock.now()), middle, shown: held, total });
  }
}

/** Of several streams the worst that still goes on, and the end only when all have ended. */
const overall = (states: readonly StreamState[], now: number): Partial<SessionState> => {
  const fault = states.find((state) => state.phase === 'fault');
  if (fault !== undefined) return faultState(fault.error, now, fault.retryAt);
  if (states.some(({ phase }) => phase === 'following'))
    return { phase: 'live', right: '● following', style: 'KubectlLive' };
  const waiting = states.find((state) => state.phase === 'waiting');
  if (waiting !== undefined) return { phase: 'live', right: `◌ waiting: ${waiting.reason}`, style: 'KubectlPending' };
  const ended = states.find((state) => state.phase === 'ended');
  if (ended === undefined) return loadingState;
  if (ended.error !== undefined) {
    const state = faultState(ended.error, now, undefined);
    return state.phase === 'stale' ? { ...state, phase: 'ended' } : state;
  }
  return { phase: 'ended', right: ended.reason, style: 'KubectlDone' };
};
