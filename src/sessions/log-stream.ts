import { responseError } from '../cluster/status-error.ts';
import type { Transport } from '../cluster/transport.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError, type ClusterError } from '../util/error.ts';
import { sleep } from '../util/sleep.ts';
import { createLineSplitter, type RawLine } from './log-lines.ts';
import { endOf, endText, hasLogs, isRunning, type LogPod, lastEnd, statusOf, waitingReason } from './log-pod.ts';
import { createResume, type Resume } from './log-resume.ts';
import { readStamp, type StampedLine } from './log-time.ts';
import type { PodFollower } from './pod-follower.ts';
import { readText } from './read-watch.ts';

export type LogLine = StampedLine & { readonly dropped: number };

export type StreamState =
  | { readonly phase: 'following' }
  | { readonly phase: 'waiting'; readonly reason: string }
  | { readonly phase: 'fault'; readonly error: ClusterError; readonly retryAt: number | undefined }
  /** Nothing more will come. */
  | { readonly phase: 'ended'; readonly reason: string; readonly error?: ClusterError };

export type LogStreamOptions = {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly follower: PodFollower;
  readonly uid: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  /** Lines wanted from before now; undefined: all. */
  readonly tail: number | undefined;
  readonly onLines: (lines: readonly LogLine[]) => void;
  /** `app restarted (exit 1)`. */
  readonly onNotice: (text: string) => void;
  readonly onState: (state: StreamState) => void;
};

const firstWaitMs = 500;
const longestWaitMs = 30_000;

/** A container's end is reported a moment after its output ends. */
const settleMs = 1500;

/** Errors that waiting does not mend. */
const isFinal = (error: ClusterError): boolean =>
  error.code === 'forbidden' || error.code === 'unauthorized' || error.code === 'unsupported';

/**
 * The log of one container from the wanted tail to its end: opened again after a cut without losing or repeating a
 * line, and across restarts of the container.
 */
export class LogStream {
  readonly #options: LogStreamOptions;
  /** Of the running process; a restarted one has a log of its own. */
  #resume: Resume = createResume();
  /** Restarts counted when its stream was opened; undefined before the first. */
  #restarts: number | undefined;
  #failures = 0;

  constructor(options: LogStreamOptions) {
    this.#options = options;
  }

  /** Resolves when nothing more will come, or the signal is aborted. */
  async run(): Promise<void> {
    const { signal, onState, clock, follow, previous } = this.#options;
    while (!signal.aborted) {
      try {
        if (previous || !follow) {
          await this.#read({ previous, follow: false, since: undefined });
          onState({ phase: 'ended', reason: 'end of log' });
          return;
        }
        if (await this.#step()) return;
      } catch (thrown) {
        if (signal.aborted) return;
        const error = asClusterError(thrown);
        if (isFinal(error) || previous || !follow) {
          onState({ phase: 'ended', reason: error.message, error });
          return;
        }
        const wait = error.retryAfterMs ?? Math.min(longestWaitMs, firstWaitMs * 2 ** this.#failures);
        this.#failures += 1;
        onState({ phase: 'fault', error, retryAt: clock.now() + wait });
        await sleep(clock, wait, signal);
      }
    }
  }

  /** One look at the pod and what it asks for; true when the log is over. */
  async #step(): Promise<boolean> {
    const { follower, uid, container, onState, onNotice } = this.#options;
    if (!follower.known) {
      if (follower.fault !== undefined) throw follower.fault;
      await follower.changed();
      return false;
    }
    const pod = follower.pods.get(uid);
    if (pod === undefined) {
      onNotice('pod deleted');
      onState({ phase: 'ended', reason: 'pod deleted' });
      return true;
    }
    const status = statusOf(pod, container);
    const restarts = status?.restartCount ?? 0;
    const restarted = this.#restarts !== undefined && restarts > this.#restarts;
    if (hasLogs(status) && (this.#restarts === undefined || restarted || isRunning(status))) {
      if (restarted) await this.#passOver(lastEnd(status));
      const first = this.#restarts === undefined;
      this.#restarts = restarts;
      await this.#follow(first);
      return false;
    }
    const ended = endOf(pod, container);
    if (ended !== undefined) {
      const how = endText(ended);
      onNotice(`${container} ended${how === '' ? '' : ` (${how})`}`);
      onState({ phase: 'ended', reason: how === '' ? 'ended' : `ended: ${how}` });
      return true;
    }
    onState({ phase: 'waiting', reason: waitingReason(pod, status) });
    await follower.changed();
    return false;
  }

  /** From one process of the container to the next: first what the old one still had to say. */
  async #passOver(how: string): Promise<void> {
    const { container, onNotice } = this.#options;
    try {
      if (this.#resume.since !== undefined)
        await this.#read({ previous: true, follow: false, since: this.#resume.since });
    } catch (error) {
      // Its log may be gone already: then nothing of it is left to show.
      if (this.#options.signal.aborted) throw error;
    }
    onNotice(`${container} restarted${how === '' ? '' : ` (${how})`}`);
    this.#resume = createResume();
  }

  async #follow(first: boolean): Promise<void> {
    const { clock, signal, follower, uid, container, onState } = this.#options;
    const before = follower.pods.get(uid);
    const startedAt = clock.now();
    const lines = await this.#read({ previous: false, follow: true, since: this.#resume.since, first });
    if (signal.aborted) return;
    // The stream ended in order. Usually the process did too, and the pod will say so in a moment.
    if (follower.pods.get(uid) === before || stillRuns(follower.pods.get(uid), container)) {
      await Promise.race([follower.changed(), sleep(clock, settleMs, signal)]);
    }
    if (!stillRuns(follower.pods.get(uid), container)) return;
    if (lines > 0 || clock.now() - startedAt > longestWaitMs) this.#failures = 0;
    else this.#failures += 1;
    onState({ phase: 'waiting', reason: 'the stream ended, opening it again' });
    if (this.#failures > 1) await sleep(clock, Math.min(longestWaitMs, firstWaitMs * 2 ** this.#failures), signal);
  }

  /** One request; the number of new lines. */
  async #read(how: {
    previous: boolean;
    follow: boolean;
    since: string | undefined;
    first?: boolean;
  }): Promise<number> {
    const { transport, clock, signal, namespace, pod, container, tail, onLines, onState } = this.#options;
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
    const wantsTail = how.since === undefined && (how.first === true || !how.follow);
    const query = {
      container,
      timestamps: 'true',
      follow: how.follow ? 'true' : undefined,
      previous: how.previous ? 'true' : undefined,
      tailLines: wantsTail && tail !== undefined ? String(tail) : undefined,
      sinceTime: how.since,
    };
    const response = await transport.request({ path, query, signal, headers: { accept: '*/*' } });
    if (response.status >= 300) {
      throw responseError(response, await readText(response.body), `GET ${path}`, clock.now());
    }
    if (how.since !== undefined) this.#resume.reopen();
    if (how.follow) onState({ phase: 'following' });
    let count = 0;
    const take = (raw: readonly RawLine[]): void => {
      const lines = raw.map(({ text, dropped }) => ({ ...readStamp(text), dropped })).filter(this.#resume.accept);
      count += lines.length;
      if (lines.length > 0 && !signal.aborted) onLines(lines);
    };
    const splitter = createLineSplitter();
    try {
      for await (const chunk of response.body) take(splitter.push(chunk as Uint8Array));
    } catch (error) {
      // A line that was cut is repeated whole by the next stream: half of it would count as seen.
      if (count > 0) this.#failures = 0;
      throw error;
    }
    take(splitter.end());
    return count;
  }
}

const stillRuns = (pod: LogPod | undefined, container: string): boolean =>
  pod !== undefined && isRunning(statusOf(pod, container));
