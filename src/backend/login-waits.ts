import type { ResolvedContext } from '../cluster/kubeconfig.ts';
import { loginFiles, triesAlone } from '../cluster/login.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import { createRestarts } from './restarts.ts';

/** A login is tried again by itself this seldom, and less and less often while it fails. */
const firstMs = 30_000;
const mostMs = 8 * 60_000;

type Key = { readonly client: number; readonly view: number };

export type LoginWaitsOptions = {
  readonly clock: Clock;
  /** What the kubeconfig says of a context; rejects where it cannot be used. */
  readonly entry: (context: string) => Promise<ResolvedContext>;
  /** Asks the editor for the view again. */
  readonly reopen: (client: number, view: number) => void;
  /** Tells when one of these files is written, also if it was since then; returns what ends it. */
  readonly watch: (paths: readonly string[], since: number, onChange: () => void) => () => void;
};

/** When an attempt began: at a time in ms, and after how many writes of the kubeconfig. */
export type Began = { readonly at: number; readonly writes: number };

type Failure = {
  readonly context: string;
  readonly error: ClusterError;
  readonly began: Began;
  /** What the login itself failed with, where an engine has told of it: causes get lost on the way. */
  readonly login?: ClusterError | undefined;
};

/** Views that could not be opened because nobody could log in: they come when somebody can. */
export interface LoginWaits {
  /** The view is being opened, in the context that was typed. Returns what tells this attempt from others. */
  begin(key: Key, typed: string): Began;
  /** It is open, failed for another reason, or is wanted no more. */
  end(key: Key): void;
  /** The login failed. What is thrown for it: the same, with what happens now. */
  failed(key: Key, failure: Failure): Promise<ClusterError>;
  /** This attempt failed after another had begun, which counts. */
  overtaken(key: Key, began: Began): void;
  waits(key: Key): boolean;
  /** Somebody can log in to a context. */
  opened(context: string): void;
  /** Kubeconfig files were written; contexts that can be used now. */
  written(names: ReadonlySet<string>): void;
}

type Wait = Key & { readonly context: string };

/** Attempts to open a view that are under way, and whether somebody asked while an older one was. */
type Opening = { readonly typed: string; readonly attempts: Set<Began>; again: boolean };

/** What is done for all views of one context together. */
type Trouble = { attempts: number; due: number | undefined; cancel: () => void; endWatch: () => void; files: string };

const nothing = (): void => undefined;

const keyOf = ({ client, view }: Key): string => `${client}:${view}`;

const nextStep = ({ code, message, hint, cause }: ClusterError, steps: readonly string[]): ClusterError =>
  new ClusterError(code, message, { hint: [hint, ...steps].filter((part) => part !== undefined).join('\n'), cause });

const minutes = (ms: number): string => (ms < 60_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`);

/** What the page says happens next. */
const stepsFor = (found: ResolvedContext | undefined, dueInMs: number | undefined): readonly string[] => {
  const files = found === undefined ? [] : loginFiles(found);
  const changes = ['the kubeconfig', ...files].join(' or ');
  const { exec } = found?.user ?? {};
  if (dueInMs !== undefined) {
    return [`It is tried again in ${minutes(dueInMs)} and when ${changes} changes; gr tries now.`];
  }
  const why = exec === undefined ? [] : ['It is not run again by itself: it may ask somebody to log in.'];
  return [...why, `It is tried again when ${changes} changes; gr tries now.`];
};

/** What is done for all waiting views of a context together: one timer, one watch of its files. */
const createTroubles = (
  { clock, watch }: LoginWaitsOptions,
  ask: (context: string) => void,
  changed: (context: string) => void,
) => {
  const troubles = new Map<string, Trouble>();
  const of = (context: string): Trouble => {
    const known = troubles.get(context);
    if (known !== undefined) return known;
    const trouble = { attempts: 0, due: undefined, cancel: nothing, endWatch: nothing, files: '' };
    troubles.set(context, trouble);
    return trouble;
  };
  return {
    /** Returns when it is tried again by itself, in ms. */
    schedule: (context: string): number => {
      const trouble = of(context);
      if (trouble.due !== undefined) return trouble.due - clock.now();
      const wait = Math.min(mostMs, firstMs * 2 ** trouble.attempts);
      trouble.attempts += 1;
      trouble.due = clock.now() + wait;
      trouble.cancel = clock.after(wait, () => {
        trouble.due = undefined;
        ask(context);
      });
      return wait;
    },
    listen: (context: string, files: readonly string[], since: number): void => {
      const trouble = of(context);
      const named = files.join('\n');
      if (trouble.files === named) return;
      trouble.endWatch();
      trouble.files = named;
      trouble.endWatch = files.length === 0 ? nothing : watch(files, since, () => changed(context));
    },
    end: (context: string): void => {
      const trouble = troubles.get(context);
      trouble?.cancel();
      trouble?.endWatch();
      troubles.delete(context);
    },
  };
};

/** Views that are being opened; `ask` is told of those that a person asked for while an older attempt was under way. */
const createOpenings = (ask: (key: string, view: Key) => void) => {
  const opening = new Map<string, Opening>();
  return {
    has: (key: string): boolean => opening.has(key),
    begin: (
      key: string,
      typed: string,
      { began, byHand }: { readonly began: Began; readonly byHand: boolean },
    ): void => {
      const known = opening.get(key);
      // An attempt that is shared may have begun before that person logged in.
      const shared = [...opening.values()].some((other) => other.typed === typed);
      const again = known?.again === true || ((known !== undefined || byHand) && shared);
      opening.set(key, { typed, attempts: (known?.attempts ?? new Set<Began>()).add(began), again });
    },
    /** An attempt failed. False where nobody wants its view any more. */
    leave: (view: Key, began: Began): boolean => {
      const key = keyOf(view);
      const open = opening.get(key);
      if (open?.attempts.delete(began) !== true) return false;
      if (open.attempts.size > 0) return true;
      opening.delete(key);
      if (open.again) ask(key, view);
      return true;
    },
    end: (key: string): boolean => opening.delete(key),
  };
};

export const createLoginWaits = (options: LoginWaitsOptions): LoginWaits => {
  const { clock, entry, reopen } = options;
  /** Those that were asked for from here: anything else is a person's `gr`. */
  const asked = new Set<string>();
  const waiting = new Map<string, Wait>();
  /** A plugin may write the very files that are watched: changes are followed, but less and less soon. */
  const changes = createRestarts(clock);
  let writes = 0;

  const viewsOf = (context: string): readonly (readonly [string, Wait])[] =>
    [...waiting].filter(([key, wait]) => wait.context === context && !openings.has(key));
  const askFor = (key: string, { client, view }: Key): void => {
    asked.add(key);
    reopen(client, view);
  };
  const openings = createOpenings(askFor);
  const ask = (context: string): void => {
    for (const [key, wait] of viewsOf(context)) askFor(key, wait);
  };
  const changed = (context: string): void => {
    changes.ended(context, () => ask(context));
  };
  const troubles = createTroubles(options, ask, changed);

  const drop = (key: string): void => {
    const { context } = waiting.get(key) ?? {};
    waiting.delete(key);
    if (context !== undefined && ![...waiting.values()].some((wait) => wait.context === context)) troubles.end(context);
  };

  return {
    begin: (view, typed) => {
      const key = keyOf(view);
      const began = { at: clock.now(), writes };
      openings.begin(key, typed, { began, byHand: waiting.has(key) && !asked.has(key) });
      asked.delete(key);
      return began;
    },
    end: (key) => {
      openings.end(keyOf(key));
      asked.delete(keyOf(key));
      drop(keyOf(key));
    },
    failed: async ({ client, view }, { context, error, began, login = error }) => {
      const key = keyOf({ client, view });
      const found = await entry(context).catch(() => undefined);
      // It was closed meanwhile.
      if (!openings.leave({ client, view }, began)) return error;
      if (waiting.get(key)?.context !== context) drop(key);
      waiting.set(key, { client, view, context });
      if (found !== undefined) troubles.listen(context, loginFiles(found), began.at);
      // The kubeconfig was written while it was tried with what was there before.
      if (began.writes !== writes) changed(context);
      const alone = found !== undefined && triesAlone(found, login);
      return nextStep(error, stepsFor(found, alone ? troubles.schedule(context) : undefined));
    },
    overtaken: openings.leave,
    waits: (key) => waiting.has(keyOf(key)),
    opened: (context) => {
      const views = viewsOf(context);
      ask(context);
      for (const [key] of views) drop(key);
    },
    written: (names) => {
      writes += 1;
      for (const context of new Set([...waiting.values()].map((wait) => wait.context))) {
        if (context === '' || names.has(context)) changed(context);
      }
    },
  };
};
