import type { Target } from '../protocol/resource.ts';
import { type ChangeSpec, defineChange, dryRunFlag } from './change.ts';
import { at, nested } from './fields.ts';

/** The scheduler's own notion, which nothing but nodes have. */
export const isNode = ({ resource }: Target): boolean => resource.group === '' && resource.resource === 'nodes';

export const cordoning = (cordon: boolean): ChangeSpec => ({
  id: cordon ? 'cordon' : 'uncordon',
  title: cordon ? 'cordon' : 'uncordon',
  key: cordon ? 'gc' : 'gu',
  verb: cordon ? 'cordon' : 'uncordon',
  serves: (target) => (isNode(target) ? true : 'no pods are scheduled to it'),
  change: (object) => {
    const is = at(object, 'spec', 'unschedulable') === true;
    if (is === cordon) return { text: cordon ? 'is cordoned already' : 'is not cordoned' };
    return {
      text: cordon ? 'takes no new pods; those on it stay' : 'takes pods again',
      patch: { type: 'merge', body: nested(['spec', 'unschedulable'], cordon || null) },
    };
  },
  command: ({ name }, _inputs, dryRun) => [cordon ? 'cordon' : 'uncordon', name, ...dryRunFlag(dryRun)],
});

export default defineChange(cordoning(true));
