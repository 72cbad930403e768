import type { KubeObject } from '../journal/kept-object.ts';
import { type Resource, resourceKey, resourcePath, type Target } from '../protocol/resource.ts';
import { ClusterError } from '../util/error.ts';
import { type Ability, objectText } from './ability.ts';
import type { Outcome, RunOptions } from './define-action.ts';
import { readObject, replacedError } from './objects.ts';

/** The resource an object of our own making belongs to; says so where the server does not have it. */
export const resourceOf = (ability: Ability, group: string, kind: string): Resource => {
  const found = ability.discovery.findKind(group, kind);
  if (found !== undefined) return found;
  throw new ClusterError('unsupported', `this server has no ${kind}${group === '' ? '' : ` of ${group}`}`);
};

export const apiVersionOf = ({ group, version }: Resource): string => (group === '' ? version : `${group}/${version}`);

/** The target as it is now; refuses a namesake. */
export const readTarget = async (target: Target, ability: Ability, signal?: AbortSignal): Promise<KubeObject> => {
  const object: KubeObject = await readObject(target, ability, signal);
  if (target.uid !== undefined && object.metadata?.uid !== target.uid) throw replacedError(target);
  return object;
};

/** Makes an object. One that is there already is never touched: creating is its own precondition. */
export const createObject = async (
  resource: Resource,
  object: KubeObject,
  { dryRun, signal }: RunOptions,
  ability: Ability,
): Promise<Outcome> => {
  const { namespace = '', name = '' } = object.metadata ?? {};
  const text = objectText({ context: ability.context, resource, namespace, name });
  const after = await ability.transport.json<KubeObject>({
    method: 'POST',
    path: resourcePath(resource, namespace),
    query: { dryRun: dryRun ? 'All' : undefined, fieldManager: 'kubectl-live' },
    body: { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind },
    ...(signal !== undefined && { signal }),
  });
  if (dryRun) return { message: `${text} would be made` };
  const undo = ['delete', `${resourceKey(resource)}/${name}`, ...(namespace === '' ? [] : ['--namespace', namespace])];
  return { message: `made ${text}`, change: { kind: 'create', after }, undo };
};
