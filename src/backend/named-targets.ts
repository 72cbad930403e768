import { type Ability, objectText } from '../actions/ability.ts';
import type { Action } from '../actions/define-action.ts';
import { uidOf } from '../actions/objects.ts';
import { resourceKey, type Target } from '../protocol/resource.ts';
import type { TypedObject } from '../protocol/wire.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import type { Standing } from './clients.ts';

/** What acts never guesses where. */
const namespaceFor = ({ namespace, name, resource }: TypedObject, { namespaces }: Standing): string => {
  const [only, second] = namespaces;
  if (namespace !== undefined) return namespace;
  if (only !== undefined && second === undefined) return only;
  const chosen = only === undefined ? 'all namespaces are' : `the namespaces ${namespaces.join(', ')} are`;
  throw new ClusterError('invalid', `${resource}/${name} does not say where: ${chosen} chosen`, {
    hint: 'Add -n NAMESPACE, or choose one with :Kubens. Nothing was done.',
  });
};

const keyOf = ({ resource, namespace, name }: Target): string => `${resourceKey(resource)}/${namespace}/${name}`;

/**
 * The objects that were typed, each with the uid of the one that has the name now, or of the one that was planned for.
 * Rejects when one of them is not there: of what was typed all is done, or nothing.
 */
export const namedTargets = async (
  objects: readonly TypedObject[],
  standing: Standing,
  ability: Ability,
): Promise<readonly Target[]> => {
  const targets = objects.map((object): Target => {
    const resource = ability.discovery.find(object.resource);
    const namespace = resource.namespaced ? namespaceFor(object, standing) : '';
    const { name, uid } = object;
    return { context: ability.context, resource, namespace, name, ...(uid !== undefined && { uid }) };
  });
  const once = [...new Map(targets.map((target) => [keyOf(target), target])).values()];
  const found = await mapLimited(once, 8, async (target) => {
    try {
      return { ...target, uid: await uidOf(target, ability) };
    } catch (thrown) {
      const error = asClusterError(thrown);
      if (error.code !== 'not-found') throw error;
      return target;
    }
  });
  const missing = found.filter(({ uid }) => uid === undefined);
  if (missing.length === 0) return found;
  throw new ClusterError(
    'not-found',
    `${missing.map(objectText).join(', ')} ${missing.length > 1 ? 'are' : 'is'} not there.`,
    { hint: 'Nothing was done.' },
  );
};

/** As a run names them again. */
export const foundObjects = (targets: readonly Target[]): readonly TypedObject[] =>
  targets.map(({ context, resource, namespace, name, uid }) => ({
    resource: resourceKey(resource),
    name,
    context,
    ...(namespace !== '' && { namespace }),
    ...(uid !== undefined && { uid }),
  }));

/** What a menu would not have offered is not done because it was typed. */
export const refuseUnfit = async (action: Action, targets: readonly Target[], ability: Ability): Promise<void> => {
  const answer = await action.applies(targets, ability);
  if (answer === true) return;
  const names = targets.map(({ name }) => name).join(', ');
  throw new ClusterError('unsupported', `${action.verb} ${names}: ${answer}.`, { hint: 'Nothing was done.' });
};
