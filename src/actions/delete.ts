import type { KubeObject } from '../journal/kept-object.ts';
import { resourceKey, resourcePath, type Target } from '../protocol/resource.ts';
import type { ActionInput } from '../protocol/wire.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import { type Ability, denied } from './ability.ts';
import { defineAction, type Inputs } from './define-action.ts';
import { dependentsOf } from './dependents.ts';
import { budgetLines, type Loss } from './disruption.ts';
import { type Found, inspect, type LiveObject, readObject, replacedError, uidOf } from './objects.ts';
import { namedLines, SHOWN } from './plan-text.ts';

/** Deleting the server's answer: the object as it now is, or a Status once nothing is left of it. */
type Answer = LiveObject & { readonly kind?: string };

/** For disruption budgets more objects are looked at than are shown; each costs one small request. */
const LOOKED_AT = 50;

const ownGrace = -1;

const isPod = ({ resource }: Target): boolean => resource.group === '' && resource.resource === 'pods';

const graceOf = (inputs: Inputs): number | undefined => {
  if (inputs.force === true) return 0;
  return typeof inputs.grace === 'number' && inputs.grace >= 0 ? inputs.grace : undefined;
};

const propagation: Readonly<Record<string, string>> = {
  background: 'Background',
  foreground: 'Foreground',
  orphan: 'Orphan',
};

const podsUnder = ({ status }: LiveObject): number => {
  const active = typeof status?.active === 'number' ? status.active : 0;
  return status?.replicas ?? status?.currentNumberScheduled ?? active;
};

/** How many pods an object takes with it: itself, those of its template, or none. */
const lossOf = (target: Target, { object }: { readonly object: LiveObject }): Loss => {
  const { namespace } = target;
  if (isPod(target)) return { namespace, labels: object.metadata?.labels ?? {}, pods: 1 };
  const template = object.spec?.template;
  return { namespace, labels: template?.metadata?.labels ?? {}, pods: template === undefined ? 0 : podsUnder(object) };
};

const consequence = (target: Target, found: Found | undefined, inputs: Inputs): string => {
  if (found === undefined) return '';
  if (found.state === 'gone') return 'is already gone';
  if (found.state === 'replaced') return 'was made again since: it will be refused';
  if (found.state === 'unknown') return `cannot be looked at: ${found.reason}`;
  const { object } = found;
  const { kind } = target.resource;
  if (object.metadata?.deletionTimestamp !== undefined) return 'is being deleted already';
  if (kind === 'Namespace' && target.resource.group === '') return 'everything in it is deleted too';
  if (kind === 'CustomResourceDefinition') return 'every object of this kind is deleted too';
  const controller = object.metadata?.ownerReferences?.find((owner) => owner.controller === true);
  if (controller !== undefined) return `${controller.kind} ${controller.name} makes it again`;
  if (isPod(target)) return 'nothing makes it again';
  const { pods } = lossOf(target, found);
  if (pods === 0) return '';
  if (inputs.cascade === 'orphan') return `${pods} pod${pods === 1 ? ' stays' : 's stay'} without an owner`;
  return `${pods} pod${pods === 1 ? ' goes' : 's go'} with it`;
};

const named = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata?.name}`;

/** What goes along because it belongs to the targets. */
const dependentLines = async (
  targets: readonly Target[],
  found: readonly Found[],
  ability: Ability,
): Promise<readonly string[]> => {
  const lists = await mapLimited(targets.slice(0, SHOWN), 4, async (target, index) => {
    const entry = found[index];
    const uid = entry?.state === 'same' ? entry.object.metadata?.uid : undefined;
    return uid === undefined ? [] : await dependentsOf(target, uid, ability);
  });
  const all = lists.flat();
  if (all.length === 0) return [];
  const more = all.length > SHOWN ? ` and ${all.length - SHOWN} more` : '';
  return [`! Deleted with it, for they belong to it: ${all.slice(0, SHOWN).map(named).join(', ')}${more}`];
};

/** What the way back is worth. */
const keptLines = (targets: readonly Target[], found: readonly Found[]): readonly string[] => {
  if (!found.slice(0, SHOWN).some(({ state }) => state === 'same')) return [];
  const secrets = targets.some(({ resource }) => resource.group === '' && resource.resource === 'secrets');
  return [
    secrets ? 'The journal keeps no values of secrets: they are lost.' : 'The journal keeps what can make it again.',
  ];
};

const plan = async (targets: readonly Target[], inputs: Inputs, ability: Ability): Promise<readonly string[]> => {
  const found = await inspect(targets, ability, LOOKED_AT);
  const orphan = inputs.cascade === 'orphan';
  const losses = targets.flatMap((target, index) => {
    const entry = found[index];
    return entry?.state === 'same' && (isPod(target) || !orphan) ? [lossOf(target, entry)] : [];
  });
  const grace = graceOf(inputs);
  const how = [
    ...(targets.some(isPod) ? [grace === undefined ? "grace: each pod's own" : `grace ${grace} s`] : []),
    `cascade ${inputs.cascade}`,
    ...(inputs.force === true ? ['forced: containers may still run on their node'] : []),
  ];
  return [
    ...namedLines(targets, (target, index) => consequence(target, found[index], inputs)),
    ...(orphan ? [] : await dependentLines(targets, found, ability)),
    ...(await budgetLines(losses, ability)),
    ...(targets.length > LOOKED_AT ? [`Only the first ${LOOKED_AT} were compared with disruption budgets.`] : []),
    how.join(' · '),
    ...keptLines(targets, found),
  ];
};

/** Where the object stands once the server has accepted: gone, or waiting for what still holds it. */
const accepted = (answer: Answer): string => {
  const { metadata, spec } = answer;
  if (answer.kind === 'Status' || metadata?.deletionTimestamp === undefined) return 'deleted';
  const finalizers = [...(metadata.finalizers ?? []), ...(spec?.finalizers ?? [])];
  if (finalizers.length > 0) return `Terminating: waits for ${finalizers.join(', ')}`;
  const seconds = metadata.deletionGracePeriodSeconds ?? 0;
  return seconds === 0 ? 'deleted' : `Terminating: ${seconds} s grace`;
};

/**
 * The object as it is just before, for the journal. Who may delete but not look gets it deleted all the same: then
 * there is nothing to bring back.
 */
const lastLook = async (
  target: Target,
  ability: Ability,
  signal: AbortSignal | undefined,
): Promise<LiveObject | undefined> => {
  try {
    return await readObject(target, ability, signal);
  } catch (thrown) {
    const { code } = asClusterError(thrown);
    if (target.uid !== undefined && (code === 'forbidden' || code === 'not-found')) return undefined;
    throw thrown;
  }
};

export default defineAction({
  id: 'delete',
  title: 'delete…',
  key: 'gD',
  danger: true,
  verb: 'delete',
  applies: async (targets, ability) => {
    const fixed = targets.find(({ resource }) => !resource.verbs.includes('delete'));
    if (fixed !== undefined) return `${resourceKey(fixed.resource)} cannot be deleted`;
    return (await denied(targets, ['delete'], ability)) ?? true;
  },
  inputs: async (targets) => {
    const cascade: ActionInput = {
      name: 'cascade',
      label: 'what it owns',
      type: 'choice',
      value: 'background',
      choices: Object.keys(propagation),
    };
    if (!targets.some(isPod)) return [cascade];
    return [
      { name: 'grace', label: "grace in seconds (-1: the pod's own)", type: 'number', value: ownGrace },
      { name: 'force', label: 'force (do not wait for the node)', type: 'boolean', value: false },
      cascade,
    ];
  },
  plan,
  run: async (target, inputs, { dryRun, signal }, ability) => {
    const before = await lastLook(target, ability, signal);
    const uid = before?.metadata?.uid ?? (await uidOf(target, ability, signal));
    if (target.uid !== undefined && uid !== target.uid) throw replacedError(target);
    const grace = graceOf(inputs);
    const dependents = dryRun || inputs.cascade === 'orphan' ? [] : await dependentsOf(target, uid, ability);
    try {
      const answer = await ability.transport.json<Answer>({
        method: 'DELETE',
        path: resourcePath(target.resource, target.namespace, target.name),
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          preconditions: { uid },
          propagationPolicy: propagation[String(inputs.cascade)] ?? 'Background',
          ...(grace !== undefined && { gracePeriodSeconds: grace }),
          ...(dryRun && { dryRun: ['All'] }),
        },
        ...(signal !== undefined && { signal }),
      });
      if (dryRun) return { message: 'would be deleted' };
      return { message: accepted(answer), change: before && { kind: 'delete', before, dependents } };
    } catch (thrown) {
      if (!(thrown instanceof ClusterError)) throw thrown;
      if (thrown.code === 'not-found') return { message: 'was gone already' };
      if (thrown.code === 'conflict' && /precondition/i.test(thrown.message)) throw replacedError(target, thrown);
      throw thrown;
    }
  },
  command: (target, inputs, dryRun) => {
    const grace = graceOf(inputs);
    return [
      'delete',
      `${resourceKey(target.resource)}/${target.name}`,
      ...(target.namespace === '' ? [] : ['--namespace', target.namespace]),
      ...(inputs.cascade === 'background' ? [] : [`--cascade=${inputs.cascade}`]),
      ...(grace === undefined ? [] : [`--grace-period=${grace}`]),
      ...(inputs.force === true ? ['--force'] : []),
      '--wait=false',
      ...(dryRun ? ['--dry-run=server'] : []),
    ];
  },
});
