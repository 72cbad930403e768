import type { Entry } from '../journal/journal.ts';
import type { KubeObject } from '../journal/kept-object.ts';
import { isSecret } from '../journal/kept-object.ts';
import { failingTests, type Operation, reversed } from '../journal/reverse.ts';
import { resourceKey, resourcePath, type Target } from '../protocol/resource.ts';
import type { ActionPlan, ActionResult } from '../protocol/wire.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import { type Ability, objectPath, objectText } from './ability.ts';
import { named, sendPatch } from './change.ts';
import { createObject } from './create.ts';
import type { Outcome, RunOptions } from './define-action.ts';
import { at } from './fields.ts';
import { namedLines, SHOWN } from './plan-text.ts';
import { recreate } from './recreate.ts';
import { checkTyped, framedPlan, type PlanOptions, type RunActionOptions } from './run.ts';
import { runWrites, type Write } from './write.ts';

/** What takes one entry back: on which object, in which words, and how. Nothing is done where `send` is absent. */
type Way = {
  readonly entry: Entry;
  readonly target: Target;
  readonly text: string;
  readonly command: readonly string[];
  readonly send?: (options: RunOptions, owners: ReadonlyMap<string, string>) => Promise<Outcome>;
};

const groupOf = (apiVersion = ''): string => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '');

const targetOf = (entry: Entry, ability: Ability, object?: KubeObject): Target => {
  const { group, kind, namespace, name } = entry.target;
  const about = object === undefined ? { group, kind } : { group: groupOf(object.apiVersion), kind: object.kind ?? '' };
  const resource = ability.discovery.findKind(about.group, about.kind);
  if (resource === undefined) {
    throw new ClusterError(
      'unsupported',
      `this server has no ${about.kind}${about.group === '' ? '' : ` of ${about.group}`} any more`,
    );
  }
  const place =
    object === undefined
      ? { namespace, name }
      : { namespace: object.metadata?.namespace ?? '', name: object.metadata?.name ?? '' };
  return { context: ability.context, resource, ...place, ...(entry.uid !== '' && { uid: entry.uid }) };
};

const shown = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

/** `spec.replicas: 5 → 3`, one a change. */
export const operationLines = (operations: readonly Operation[]): readonly string[] =>
  operations.flatMap((operation, index) => {
    if (operation.op === 'test') return [];
    const path = operation.path.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
    const test = operations[index - 1];
    const now = test?.op === 'test' && test.path === operation.path ? test.value : undefined;
    return [`${path}: ${shown(now)} → ${operation.op === 'remove' ? 'nothing' : shown(operation.value)}`];
  });

/** Objects as they will be once the newer ones of the entries at hand are taken back, by uid and subresource. */
type Ahead = Map<string, KubeObject>;

const wayOfUpdate = async (entry: Entry, ability: Ability, ahead: Ahead): Promise<Way> => {
  const target = targetOf(entry, ability);
  const { reverse, subresource, lost } = entry;
  const command = ['patch', ...named(target), '--type=json', `--patch=${JSON.stringify(reverse)}`].concat(
    subresource === '' ? [] : [`--subresource=${subresource}`],
  );
  const way = { entry, target, command };
  if (reverse.length === 0) {
    return {
      ...way,
      text:
        lost.length > 0
          ? 'its values are not in the journal: nothing can be put back'
          : 'what it changed cannot be put back',
    };
  }
  const path = objectPath(target, subresource);
  const read = (signal?: AbortSignal): Promise<KubeObject> =>
    ability.transport.json<KubeObject>({ path, ...(signal !== undefined && { signal }) });
  const check = (now: KubeObject): string | undefined => {
    if (entry.uid !== '' && now.metadata?.uid !== entry.uid)
      return 'is another object now: it was deleted and made again';
    const changed = failingTests(reverse, now);
    const [first] = changed;
    if (first === undefined) return undefined;
    const field = first.path.slice(1).replaceAll('/', '.');
    return `somebody has changed ${field} since: it is ${shown(first.now)}, the journal left ${shown(first.expected)}`;
  };
  const place = `${entry.uid || objectText(target)} ${subresource}`;
  const newer = ahead.get(place);
  const then = newer ?? (await read());
  const problem = check(then);
  if (problem !== undefined) return { ...way, text: problem };
  ahead.set(place, reversed(reverse, then));
  const kept = lost.length === 0 ? '' : ` (values that the journal does not keep stay: ${lost.join(', ')})`;
  return {
    ...way,
    text: `${operationLines(reverse).join(', ')}${kept}`,
    send: async ({ dryRun, signal }) => {
      // The server has nothing to try it on yet.
      if (dryRun && newer !== undefined) return { message: 'could be taken back after the newer ones (not tried)' };
      const before = await read(signal);
      const now = check(before);
      if (now !== undefined) throw new ClusterError('conflict', `${objectText(target)} ${now}. Nothing was done.`);
      const after = await sendPatch(
        target,
        before,
        { type: 'json', body: reverse },
        { dryRun, subresource, signal },
        ability,
      );
      if (dryRun) return { message: 'could be taken back (tried, not done)' };
      return {
        message: `is as before: ${operationLines(reverse).join(', ')}`,
        change: { kind: 'update', before, after, subresource },
      };
    },
  };
};

const wayOfCreate = async (entry: Entry, ability: Ability): Promise<Way> => {
  const target = targetOf(entry, ability, entry.after);
  const way = { entry, target, command: ['delete', ...named(target), '--wait=false'] };
  const live = await ability.live(target).catch(asClusterError);
  if (live instanceof ClusterError) {
    return { ...way, text: live.code === 'not-found' ? 'is gone already' : `cannot be looked at: ${live.message}` };
  }
  if (entry.uid === '' || live.metadata?.uid !== entry.uid) return { ...way, text: 'is another object now' };
  return {
    ...way,
    text: 'is deleted again',
    send: async ({ dryRun, signal }) => {
      await ability.transport.json({
        method: 'DELETE',
        path: objectPath(target),
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          preconditions: { uid: entry.uid },
          propagationPolicy: 'Background',
          ...(dryRun && { dryRun: ['All'] }),
        },
        ...(signal !== undefined && { signal }),
      });
      if (dryRun) return { message: 'would be deleted' };
      return { message: 'deleted again', change: { kind: 'delete', before: live } };
    },
  };
};

/** Owners that are still there, and whether one of them makes such objects by itself. */
const ownersNow = async (object: KubeObject, ability: Ability) => {
  const alive = new Map<string, string>();
  let maker: string | undefined;
  for (const { apiVersion, kind, name, uid, controller } of object.metadata?.ownerReferences ?? []) {
    const resource = ability.discovery.findKind(groupOf(apiVersion), kind);
    const namespace = resource?.namespaced === true ? (object.metadata?.namespace ?? '') : '';
    if (resource === undefined) continue;
    const owner = await ability.transport
      .json<KubeObject>({ path: resourcePath(resource, namespace, name) })
      .catch(() => undefined);
    if (owner?.metadata?.uid !== uid) continue;
    alive.set(uid, uid);
    if (controller === true && at(owner, 'spec', 'template') !== undefined) maker = `${kind} ${name}`;
  }
  return { alive, maker };
};

const wayOfDelete = async (entry: Entry, ability: Ability): Promise<Way> => {
  const { before, dependents } = entry;
  const target = targetOf(entry, ability);
  const way = {
    entry,
    target,
    command: ['create', '--filename=-'].concat(target.namespace === '' ? [] : ['--namespace', target.namespace]),
  };
  if (before === undefined)
    return { ...way, text: 'the journal has no copy: it could not be read when it was deleted' };
  if (isSecret(before)) return { ...way, text: 'cannot come back: the journal keeps no values of secrets' };
  const live = await ability.live(target).catch(asClusterError);
  if (!(live instanceof ClusterError)) {
    const going = at(live, 'metadata', 'deletionTimestamp') !== undefined;
    return { ...way, text: going ? 'is still being deleted' : 'is there again already' };
  }
  if (live.code !== 'not-found') return { ...way, text: `cannot be looked at: ${live.message}` };
  const { alive, maker } = await ownersNow(before, ability);
  if (maker !== undefined) return { ...way, text: `is left to ${maker}, which makes such objects itself` };
  const restorable = dependents.filter((each) => !isSecret(each));
  const { notes } = recreate(before, alive);
  const also = [
    ...notes,
    ...(restorable.length > 0
      ? [`with it ${restorable.map(({ kind, metadata }) => `${kind} ${metadata?.name}`).join(', ')}`]
      : []),
    ...(dependents.length > restorable.length ? ['secrets that belonged to it do not come back'] : []),
  ];
  return {
    ...way,
    text: `is made again, with a new uid${also.length === 0 ? '' : `; ${also.join('; ')}`}`,
    send: async (options, owners) => {
      const { object } = recreate(before, new Map([...alive, ...owners]));
      const made = await createObject(target.resource, object, options, ability);
      if (options.dryRun || made.change?.kind !== 'create') return { ...made, message: 'could be made again' };
      const uid = made.change.after.metadata?.uid ?? '';
      const failures: string[] = [];
      for (const dependent of restorable) {
        const resource = ability.discovery.findKind(groupOf(dependent.apiVersion), dependent.kind ?? '');
        const again = recreate(dependent, new Map([[entry.uid, uid]])).object;
        const name = `${dependent.kind} ${dependent.metadata?.name}`;
        if (resource === undefined) failures.push(`${name}: the server has no such kind`);
        else
          await createObject(resource, again, options, ability).catch((thrown) =>
            failures.push(`${name}: ${asClusterError(thrown).message}`),
          );
      }
      const message = failures.length === 0 ? 'made again' : `made again, but not ${failures.join('; ')}`;
      return { message, change: made.change };
    },
  };
};

const wayOf = async (entry: Entry, ability: Ability, ahead: Ahead): Promise<Way> => {
  const nothing = (text: string): Way => ({ entry, target: targetOf(entry, ability), text, command: [] });
  try {
    if (entry.context !== ability.context) return nothing(`was done in context ${entry.context}`);
    if (entry.revertedBy !== undefined) return nothing(`was taken back already (entry ${entry.revertedBy})`);
    switch (entry.change) {
      case 'update':
        return await wayOfUpdate(entry, ability, ahead);
      case 'create':
        return await wayOfCreate(entry, ability);
      case 'delete':
        return await wayOfDelete(entry, ability);
      case undefined:
        return nothing(entry.state === 'started' ? 'how it ended is not known' : 'changed nothing');
      default:
        return entry.change satisfies never;
    }
  } catch (thrown) {
    const { code, message } = asClusterError(thrown);
    return nothing(code === 'not-found' ? 'is gone' : message);
  }
};

/** The newest first: what was done last is taken back first. Deleted owners come before what they own. */
const ordered = (entries: readonly Entry[]): readonly Entry[] => {
  const depth = (entry: Entry, seen = 0): number => {
    const owner = entries.find(
      (other) => other.uid !== '' && entry.before?.metadata?.ownerReferences?.some(({ uid }) => uid === other.uid),
    );
    return owner === undefined || seen > entries.length ? 0 : 1 + depth(owner, seen + 1);
  };
  return [...entries].sort((left, right) => depth(left) - depth(right) || right.id - left.id);
};

const verb = 'take back';

const waysOf = async (entries: readonly Entry[], ability: Ability): Promise<readonly Way[]> => {
  if (entries.length === 0) throw new ClusterError('not-found', 'the journal has no such entry');
  const all = ordered(entries);
  const ahead: Ahead = new Map();
  const ways = new Map<Entry, Way>();
  const objects = [...Map.groupBy(all, (entry) => entry.uid || entryObject(entry)).values()];
  // Of one object one after the other: an older change is seen only once the newer ones are taken back.
  await mapLimited(objects, 8, async (changes) => {
    for (const entry of changes) ways.set(entry, await wayOf(entry, ability, ahead));
  });
  return all.flatMap((entry) => ways.get(entry) ?? []);
};

/** Each object once, however many of its changes are taken back. */
const targetsOf = (ways: readonly Way[]): readonly Target[] => [
  ...new Map(ways.map(({ target }) => [objectText(target), target])).values(),
];

/** What taking entries of the journal back will do, and for which of them nothing can be done, and why. */
export const planRevert = async (
  entries: readonly Entry[],
  ability: Ability,
  options: PlanOptions,
): Promise<ActionPlan> => {
  const ways = await waysOf(entries, ability);
  const lines = namedLines(
    ways.map(({ target }) => target),
    (_target, index) => ways[index]?.text ?? '',
  );
  if (ways.some(({ send }) => send !== undefined))
    return framedPlan({ verb, lines, inputs: [] }, targetsOf(ways), ability, options);
  const why = ways.slice(0, SHOWN).map(({ target, text }) => `${objectText(target)} ${text}`);
  throw new ClusterError('invalid', `Nothing can be taken back: ${why.join('; ')}.`);
};

/** Takes entries of the journal back, as far as that is possible; each is an entry of its own. */
export const runRevert = async (
  entries: readonly Entry[],
  options: RunActionOptions & { readonly onReverted: (id: number, by: number) => void },
  ability: Ability,
): Promise<readonly ActionResult[]> => {
  const { dryRun, guard = 'open', recorder, signal, onReverted } = options;
  const ways = await waysOf(entries, ability);
  checkTyped(targetsOf(ways), options, ability.context);
  const owners = new Map<string, string>();
  const results: ActionResult[] = [];
  // One after the other: what is made again gives its new uid to what belongs to it.
  for (const { entry, target, text, command, send } of ways) {
    if (send === undefined) {
      results.push({ object: objectText(target), ok: false, message: text });
      continue;
    }
    const write: Write = {
      target,
      command,
      reverts: entry.id,
      send: async () => {
        const outcome = await send({ dryRun, ...(signal !== undefined && { signal }) }, owners);
        if (outcome.change?.kind === 'create') owners.set(entry.uid, outcome.change.after.metadata?.uid ?? '');
        return outcome;
      },
    };
    const how = { action: 'revert', verb, dryRun, guard, recorder, ...(signal !== undefined && { signal }) };
    const [result] = await runWrites([write], how, ability);
    if (result === undefined) continue;
    results.push(result);
    if (result.ok && !dryRun && result.entry !== undefined) onReverted(entry.id, result.entry);
  }
  return results;
};

/** `deployments.apps/web` as a journal names it. */
export const entryObject = ({ target }: Pick<Entry, 'target'>): string => `${resourceKey(target)}/${target.name}`;
