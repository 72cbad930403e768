import type { KubeObject } from '../journal/kept-object.ts';
import { resourcePath, type Target } from '../protocol/resource.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import { type Ability, objectText } from './ability.ts';

export type LabelSelector = {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
};

/** The parts of any object that plans speak about. */
export type LiveObject = KubeObject & {
  readonly metadata?: {
    readonly deletionTimestamp?: string;
    readonly deletionGracePeriodSeconds?: number;
  };
  readonly spec?: {
    readonly finalizers?: readonly string[];
    readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
  };
  readonly status?: {
    readonly replicas?: number;
    readonly currentNumberScheduled?: number;
    readonly active?: unknown;
  };
};

/** An object as it is now, if it is still the one that was chosen. */
export type Found =
  | { readonly state: 'same'; readonly object: LiveObject }
  | { readonly state: 'gone' }
  | { readonly state: 'replaced' }
  | { readonly state: 'unknown'; readonly reason: string };

export const readObject = (target: Target, ability: Ability, signal?: AbortSignal): Promise<LiveObject> => {
  const path = resourcePath(target.resource, target.namespace, target.name);
  return ability.transport.json<LiveObject>(signal === undefined ? { path } : { path, signal });
};

const look = async (target: Target, ability: Ability): Promise<Found> => {
  try {
    const object: LiveObject = await ability.live(target);
    const same = target.uid === undefined || object.metadata?.uid === target.uid;
    return same ? { state: 'same', object } : { state: 'replaced' };
  } catch (thrown) {
    const error = asClusterError(thrown);
    return error.code === 'not-found' ? { state: 'gone' } : { state: 'unknown', reason: error.message };
  }
};

/** The first `most` targets as they are now, in their order. Never rejects: a plan tells what it could not see. */
export const inspect = (targets: readonly Target[], ability: Ability, most: number): Promise<Found[]> =>
  mapLimited(targets.slice(0, most), 8, (target) => look(target, ability));

/** The uid a destructive call must carry: the row's, or for a typed name that of the object it names now. */
export const uidOf = async (target: Target, ability: Ability, signal?: AbortSignal): Promise<string> => {
  const uid = target.uid ?? (await readObject(target, ability, signal)).metadata?.uid;
  if (uid !== undefined && uid !== '') return uid;
  throw new ClusterError('unsupported', `${objectText(target)} has no uid, so it cannot be told from a namesake.`, {
    hint: 'Use kubectl for objects of this extension API server.',
  });
};

/** Nothing but the chosen object is ever touched: a namesake made since is refused. */
export const replacedError = (target: Target, cause?: unknown): ClusterError =>
  new ClusterError(
    'conflict',
    `${objectText(target)} is another object now: it was deleted and made again. Nothing was done.`,
    {
      hint: 'Look at the new one; it has its own row.',
      cause,
    },
  );

export const matches = (selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
  (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key];
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return false;
    }
  });
