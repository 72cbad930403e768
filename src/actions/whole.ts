import type { Target } from '../protocol/resource.ts';
import { ClusterError } from '../util/error.ts';
import type { Action } from './define-action.ts';

/** Why an action does not apply to rows of containers: it would reach further than the row that was chosen. */
export const wholeOnly = (action: Action, targets: readonly Target[]): string | undefined => {
  if (action.containers === true || !targets.some(({ container }) => container !== undefined)) return undefined;
  return 'works on whole pods: gO goes to the pod of a container';
};

/** Nothing is done to a pod of which a container was chosen. */
export const refuseParts = (action: Action, targets: readonly Target[]): void => {
  const reason = wholeOnly(action, targets);
  if (reason === undefined) return;
  const [first] = targets;
  throw new ClusterError(
    'invalid',
    `${action.title} ${reason}. Nothing was done to ${first?.name} (container ${first?.container}).`,
  );
};
