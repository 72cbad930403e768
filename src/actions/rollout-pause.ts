import type { KubeObject } from '../journal/kept-object.ts';
import { type ChangeSpec, defineChange, named } from './change.ts';
import { at, nested } from './fields.ts';

/** What has a strategy for a template can be held: Deployments, Argo's Rollouts. (Stateful and daemon sets cannot.) */
const fits = (object: KubeObject): true | string =>
  at(object, 'spec', 'template') !== undefined && at(object, 'spec', 'strategy') !== undefined
    ? true
    : 'its rollout cannot be paused';

/** `rollout-pause` and `rollout-resume` are one field. */
export const pausing = (paused: boolean): ChangeSpec => ({
  id: paused ? 'rollout-pause' : 'rollout-resume',
  title: paused ? 'pause the rollout' : 'resume the rollout',
  key: '',
  verb: paused ? 'pause' : 'resume',
  fits,
  change: (object) => {
    const is = at(object, 'spec', 'paused') === true;
    if (is === paused) return { text: paused ? 'is paused already' : 'is not paused' };
    const text = paused ? 'changes of its template wait' : 'rolls out what has changed meanwhile';
    return { text, patch: { type: 'merge', body: nested(['spec', 'paused'], paused || null) } };
  },
  // kubectl has no dry run for it.
  command: (target) => ['rollout', paused ? 'pause' : 'resume', ...named(target)],
});

export default defineChange(pausing(true));
