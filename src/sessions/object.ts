import type { Transport } from '../cluster/transport.ts';
import { type ObjectDocument, parseObject } from '../objects/document.ts';
import { type Json, type JsonMap, sameJson } from '../objects/json.ts';
import { type Showing, shownOf } from '../objects/shown.ts';
import { objectText } from '../objects/text.ts';
import { Versions } from '../objects/versions.ts';
import { uidIn } from '../objects/write.ts';
import { isSecret, resourcePath, type Target } from '../protocol/resource.ts';
import type { ObjectText } from '../protocol/wire.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import { LiveText, sameObject } from './live-text.ts';
import { sanitizeKeepingTabs } from './session-state.ts';
import type { TextView } from './text-view.ts';

export type ObjectSessionOptions = {
  readonly target: Target;
  readonly view: TextView;
  readonly transport: Transport;
  readonly clock: Clock;
  /** The user's comments and layout, where the object was made from a text. */
  readonly layout?: ObjectDocument | undefined;
  readonly push: (text: Omit<ObjectText, 'type' | 'view'>) => void;
};

/** Statuses of states that were shown are known again, so many of them. */
const mostStatuses = 50;

/** What few want to read is folded. */
const folded = [['metadata', 'managedFields'], ['status']] as const;

const masked = { revealed: new Set<string>() };

/** The text of one object, followed: each state has a revision, and what a buffer was made from is kept until it moves on. */
export class ObjectSession {
  readonly #options: ObjectSessionOptions;
  readonly #live: LiveText;
  readonly versions: Versions;
  /** As the server had it, by revision. */
  readonly #states = new Map<number, JsonMap>();
  /**
   * Never one that another session of the same buffer gave, also one of a backend that ended: a text that was made from
   * another state must not be measured against this one. So they begin with the time, in ms.
   */
  #rev = 0;
  readonly #statuses: Json[] = [];
  #showing: Showing;
  /** The user's comments and layout, from the last text that was written. */
  #layout: ObjectDocument | undefined;
  #arrived: JsonMap | undefined;

  constructor(options: ObjectSessionOptions) {
    this.#options = options;
    this.#layout = options.layout;
    const { target, transport, view } = options;
    this.#showing = { all: false, secret: isSecret(target) ? masked : false };
    this.versions = new Versions(isSecret(target));
    this.#live = new LiveText({
      ...{ what: 'yaml', withEvents: false, ...options },
      view: { ...view, set: (lines) => this.#set(lines) },
      read: async (signal, uid) => {
        const path = resourcePath(target.resource, target.namespace, target.name);
        const object = await transport.json<JsonMap>({ path, signal });
        sameObject(target, uid, uidIn(object));
        this.#arrived = object;
        return { lines: [] };
      },
    });
  }

  get uid(): string | undefined {
    return this.#live.uid;
  }

  get showing(): Showing {
    return this.#showing;
  }

  /** The object a buffer's text was made from. */
  base(rev: number): JsonMap {
    const held = this.#states.get(rev);
    if (held !== undefined) return held;
    throw new ClusterError('internal', 'what this text was made from is not known any more', {
      hint: 'Keep your changes (`:w! file` or yank them), read it again with :e! and put them in.',
    });
  }

  /** The buffer moved on to a revision: those before are not needed any more. */
  held(rev: number): void {
    for (const older of this.#states.keys()) if (older < rev) this.#states.delete(older);
  }

  /** Another part of the object is shown. */
  show(change: { readonly all?: boolean; readonly reveal?: readonly string[] }): void {
    const { all, secret } = this.#showing;
    const revealed = change.reveal === undefined || secret === false ? secret : { revealed: new Set(change.reveal) };
    this.#showing = { all: change.all ?? all, secret: revealed };
    const newest = this.#states.get(this.#rev);
    if (newest !== undefined) this.#push(newest);
  }

  /** A text was written: the object is this now, and looks as the text did. Its revision. */
  written(object: JsonMap, layout: ObjectDocument): number {
    this.#layout = layout;
    return this.#push(object);
  }

  /** The state others made of it, for a merge: its revision. */
  take(object: JsonMap): number {
    return this.#push(object);
  }

  /** It stood in a text that was shown: nobody wrote it. */
  hasShown(status: Json): boolean {
    return this.#statuses.some((shown) => sameJson(shown, status));
  }

  text(object: JsonMap): string {
    const shown = shownOf(object, this.#showing);
    return this.#layout === undefined ? objectText(shown) : this.#layout.withValues(shown);
  }

  dispose(): void {
    this.#live.dispose();
  }

  #set(lines: readonly string[]): void {
    const object = this.#arrived;
    this.#arrived = undefined;
    if (object !== undefined) this.#push(object);
    else this.#options.push({ rev: 0, text: lines.join('\n'), folds: [] });
  }

  #push(object: JsonMap): number {
    const now = this.#options.clock.now();
    this.versions.add(object, now);
    this.#rev = Math.max(this.#rev + 1, now);
    this.#states.set(this.#rev, object);
    this.#remember(object.status);
    const [rev, text] = [this.#rev, this.text(object)];
    const parsed = parseObject(text);
    const folds = parsed.ok ? folded.flatMap((path) => [parsed.document.lines(path) ?? []].filter(isRange)) : [];
    this.#options.push({ rev, text: text.trimEnd().split('\n').map(sanitizeKeepingTabs).join('\n'), folds });
    return rev;
  }

  #remember(status: Json | undefined): void {
    if (status === undefined || this.hasShown(status)) return;
    this.#statuses.push(status);
    if (this.#statuses.length > mostStatuses) this.#statuses.shift();
  }
}

const isRange = (lines: readonly number[]): lines is readonly [number, number] =>
  lines.length === 2 && (lines[1] ?? 0) > (lines[0] ?? 0);
