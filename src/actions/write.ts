import type { Begun, Finished } from '../journal/entry.ts';
import { resourceKey, type Target } from '../protocol/resource.ts';
import type { ActionResult } from '../protocol/wire.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import { type Ability, objectText } from './ability.ts';
import type { Outcome } from './define-action.ts';

/** How careful a context wants its user to be: asked with y, by a typed word, or not at all. */
export type Guard = 'open' | 'typed' | 'read-only';

/** The journal as writes need it. Both throw a ClusterError when it cannot be written. */
export type Recorder = {
  readonly begin: (begun: Begun) => number;
  readonly finish: (id: number, finished: Finished) => void;
};

/** One request that changes one object. */
export type Write = {
  readonly target: Target;
  /** kubectl's argument list for the same, without `kubectl` and the context; no secret is in it. */
  readonly command: readonly string[];
  /**
   * Sends it, with the uid (and where it was computed from what was read, the resourceVersion) of the object as its
   * precondition. Rejects with a ClusterError.
   */
  readonly send: () => Promise<Outcome>;
  /** The journal entry this one takes back. */
  readonly reverts?: number;
};

export type WriteOptions = {
  /** Of the action, for the journal: `scale`, `apply`. */
  readonly action: string;
  /** For refusals: `scale`. */
  readonly verb: string;
  readonly dryRun: boolean;
  readonly guard: Guard;
  /** undefined: nothing is written down, which the user has agreed to. */
  readonly recorder: Recorder | undefined;
  readonly signal?: AbortSignal;
  /** After each object. */
  readonly onDone?: (done: number, total: number) => void;
};

/** At once; more only queue in the server. */
const PARALLEL = 8;

/** A word as a shell takes it, for commands that are shown and copied, never for commands that are run. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

export const commandText = (context: string, args: readonly string[]): string =>
  ['kubectl', '--context', context, ...args].map(quoted).join(' ');

/** Why nothing may be written here; undefined when it may, and always for a dry run. */
export const guardRefusal = (guard: Guard, dryRun: boolean, context: string, verb: string): ClusterError | undefined =>
  guard !== 'read-only' || dryRun
    ? undefined
    : new ClusterError('forbidden', `Context "${context}" is read-only here: ${verb} was not done.`, {
        hint: ':Kubectl guard shows why; `:Kubectl guard open` allows it until Neovim ends.',
      });

const failureText = (thrown: unknown, dryRun: boolean): string => {
  const { message, hint, sent } = asClusterError(thrown);
  if (sent && !dryRun) return `${message} It may have been done all the same: look before you do it again.`;
  return hint === undefined ? message : `${message} ${hint}`;
};

const record = async (
  { target, reverts }: Write,
  command: string,
  batch: string,
  options: WriteOptions,
  ability: Ability,
) => {
  const { recorder, dryRun } = options;
  if (recorder === undefined || dryRun) return undefined;
  const { group, version, resource, kind } = target.resource;
  const { namespace, name, uid } = target;
  return recorder.begin({
    at: ability.now(),
    batch,
    context: ability.context,
    user: await ability.user(),
    action: options.action,
    target: { group, version, resource, kind, namespace, name, ...(uid !== undefined && { uid }) },
    command,
    ...(reverts !== undefined && { reverts }),
  });
};

const sourceOf = ({ resource, namespace, name }: Target, { context }: Ability) => ({
  context,
  resource: resourceKey(resource),
  name,
  ...(namespace !== '' && { namespace }),
});

const writeOne = async (
  write: Write,
  batch: string,
  options: WriteOptions,
  ability: Ability,
): Promise<ActionResult> => {
  const { target } = write;
  const command = commandText(ability.context, write.command);
  const head = { object: objectText(target), command };
  let entry: number | undefined;
  /** What was done stays done when it cannot be written down; the result says so. */
  const finish = (finished: Finished): string => {
    if (entry === undefined) return finished.message;
    try {
      options.recorder?.finish(entry, finished);
      return finished.message;
    } catch (thrown) {
      return `${finished.message} (not in the journal: ${asClusterError(thrown).message})`;
    }
  };
  try {
    if (options.signal?.aborted) throw new ClusterError('cancelled', 'not done: cancelled');
    entry = await record(write, command, batch, options, ability);
    const { message, undo, change, failed = false } = await write.send();
    return {
      ...head,
      ok: !failed,
      message: finish({ ok: !failed, message, change }),
      ...(undo !== undefined && { undo: commandText(ability.context, undo) }),
      ...(entry !== undefined && { entry }),
      ...(failed && { source: sourceOf(target, ability) }),
    };
  } catch (thrown) {
    const message = finish({ ok: false, message: failureText(thrown, options.dryRun) });
    return { ...head, ok: false, message, source: sourceOf(target, ability) };
  }
};

/**
 * The one way to change a cluster: the guard is asked, each write has its line in the journal before it is sent and
 * its outcome there afterwards, a few are sent at once, and one that fails stops no other. Results are in the order of
 * the writes. Rejects only with the guard's refusal, before anything is sent.
 *
 * What confirms with the user first (`planAction`, `:w` of a buffer) comes here when they have agreed.
 */
export const runWrites = async (
  writes: readonly Write[],
  options: WriteOptions,
  ability: Ability,
): Promise<readonly ActionResult[]> => {
  const refusal = guardRefusal(options.guard, options.dryRun, ability.context, options.verb);
  if (refusal !== undefined) throw refusal;
  const batch = `${process.pid}-${ability.now()}-${Math.random().toString(36).slice(2, 8)}`;
  let done = 0;
  return await mapLimited(writes, PARALLEL, async (write) => {
    const result = await writeOne(write, batch, options, ability);
    done += 1;
    options.onDone?.(done, writes.length);
    return result;
  });
};
