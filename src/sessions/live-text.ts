import type { Transport } from '../cluster/transport.ts';
import { resourcePath, type Target } from '../protocol/resource.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { type FollowOptions, followObjects, type ObjectMeta } from './follow-objects.ts';
import {
  clockTime,
  errorLines,
  faultState,
  goneState,
  labelOf,
  liveState,
  loadingState,
  titleOf,
} from './session-state.ts';
import type { TextView } from './text-view.ts';

/** A burst of changes is read once, and never more than once a second. */
const debounceMs = 200;
const apartMs = 1000;

const firstRetryMs = 2000;
const longestRetryMs = 60_000;

export type TextAndCodes = { readonly lines: readonly string[]; readonly codes?: readonly string[] };

export type LiveTextOptions = {
  readonly what: string;
  readonly target: Target;
  readonly view: TextView;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Also read again when an event about the object appears. */
  readonly withEvents: boolean;
  /** `uid` is the object's: what is read must be that one. */
  readonly read: (signal: AbortSignal, uid: string | undefined) => Promise<TextAndCodes>;
};

/**
 * A text about one object, read again only when the object (or its events) changed. It belongs to that object: after
 * its deletion the last text stays and another object of the same name is not shown in its place.
 */
export class LiveText {
  readonly #options: LiveTextOptions;
  readonly #abort = new AbortController();
  #uid: string | undefined;
  #version: string | undefined;
  #shown = false;
  #reading = false;
  #dirty = false;
  #failures = 0;
  #readAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(options: LiveTextOptions) {
    this.#options = options;
    const { target, view, what, withEvents } = options;
    this.#uid = target.uid;
    view.closed.addEventListener('abort', () => this.dispose(), { once: true });
    view.state({ left: titleOf(target, what), middle: '', shown: 0, total: 0, ...loadingState });
    if (view.closed.aborted) {
      this.dispose();
      return;
    }
    void this.#followObject();
    if (withEvents) void this.#followEvents();
  }

  /** Of the object, once it was seen. */
  get uid(): string | undefined {
    return this.#uid;
  }

  dispose(): void {
    this.#abort.abort();
    this.#cancel?.();
  }

  #follow(
    path: string,
    query: Record<string, string>,
    rest: Pick<FollowOptions<ObjectMeta>, 'onChange' | 'onFault' | 'objectPath'>,
  ) {
    const { transport, clock } = this.#options;
    return followObjects({ transport, clock, signal: this.#abort.signal, path, query, metadataOnly: true, ...rest });
  }

  #followObject(): Promise<void> {
    const { resource, namespace, name } = this.#options.target;
    return this.#follow(
      resourcePath(resource, namespace),
      { fieldSelector: `metadata.name=${name}` },
      {
        objectPath: resourcePath(resource, namespace, name),
        onChange: (objects) => this.#changed([...objects.values()].find((object) => object.metadata?.name === name)),
        onFault: (error, retryAt) => this.#fault(error, retryAt),
      },
    );
  }

  /** Events name their object; for nodes the uid they carry is the name, so kind and name are what is asked for. */
  #followEvents(): Promise<void> {
    const { resource, namespace, name } = this.#options.target;
    const path = namespace === '' ? '/api/v1/events' : `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
    const query = { fieldSelector: `involvedObject.name=${name},involvedObject.kind=${resource.kind}` };
    let first = true;
    return this.#follow(path, query, {
      onChange: () => {
        // The object's own first reading has these events in it already.
        if (!first) this.#schedule();
        first = false;
      },
      // The object's own watch tells what is wrong; events the user may not see are no fault of the text.
      onFault: () => undefined,
    });
  }

  #changed(object: ObjectMeta | undefined): void {
    const { target, clock } = this.#options;
    const uid = object?.metadata?.uid;
    if (object === undefined) {
      this.#end(
        this.#uid !== undefined || this.#shown ? `deleted ${clockTime(clock)}` : `no such object: ${labelOf(target)}`,
      );
      return;
    }
    this.#uid ??= uid;
    if (uid !== this.#uid) {
      this.#end(`deleted; another ${target.resource.singular || target.resource.kind.toLowerCase()} has this name now`);
      return;
    }
    if (this.#shown && !this.#dirty) this.#options.view.state(liveState);
    if (object.metadata?.resourceVersion === this.#version) return;
    this.#version = object.metadata?.resourceVersion;
    this.#schedule();
  }

  #end(text: string): void {
    const { view, target } = this.#options;
    this.dispose();
    if (!this.#shown) view.set([`${labelOf(target)}: ${text}`]);
    view.state(goneState(text));
  }

  #fault(error: ClusterError, retryAt: number | undefined): void {
    const { view, clock } = this.#options;
    if (!this.#shown) view.set(errorLines(error));
    view.state(faultState(error, clock.now(), retryAt));
  }

  #schedule(): void {
    this.#dirty = true;
    if (this.#reading || this.#cancel !== undefined || this.#abort.signal.aborted) return;
    const { clock } = this.#options;
    if (!this.#shown && this.#failures === 0) {
      void this.#read();
      return;
    }
    this.#later(Math.max(debounceMs, this.#readAt + apartMs - clock.now()));
  }

  #later(ms: number): void {
    this.#cancel = this.#options.clock.after(ms, () => {
      this.#cancel = undefined;
      void this.#read();
    });
  }

  async #read(): Promise<void> {
    const { view, clock, read } = this.#options;
    const { signal } = this.#abort;
    this.#reading = true;
    this.#dirty = false;
    this.#readAt = clock.now();
    let wait: number | undefined;
    try {
      const { lines, codes } = await read(signal, this.#uid);
      if (signal.aborted) return;
      view.set(lines, codes);
      view.state({ ...liveState, shown: lines.length, total: lines.length });
      this.#shown = true;
      this.#failures = 0;
    } catch (thrown) {
      if (signal.aborted) return;
      wait = Math.min(longestRetryMs, firstRetryMs * 2 ** this.#failures);
      this.#failures += 1;
      this.#fault(asClusterError(thrown), clock.now() + wait);
    }
    this.#reading = false;
    if (wait !== undefined) this.#later(wait);
    else if (this.#dirty) this.#schedule();
  }
}

/** The object a reading gave must be the one that was asked for. */
export const sameObject = (target: Target, wanted: string | undefined, uid: string | undefined): void => {
  if (wanted === undefined || uid === wanted) return;
  throw new ClusterError('not-found', `${labelOf(target)} was deleted; another object has its name now.`);
};
