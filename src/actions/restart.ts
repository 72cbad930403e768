import { defineChange, named } from './change.ts';
import { at, nested, rollsOut, textAt } from './fields.ts';

/** The annotation `kubectl rollout restart` writes. */
const restartedAt = 'kubectl.kubernetes.io/restartedAt';

export default defineChange({
  id: 'restart',
  title: 'restart',
  key: 'gR',
  verb: 'restart',
  fits: (object) => {
    if (!rollsOut(object)) return 'it does not roll out its pods';
    return at(object, 'spec', 'paused') === true ? 'its rollout is paused: resume it first' : true;
  },
  change: (object, _inputs, { ability }) => {
    const seconds = new Date(ability.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    const body = nested(['spec', 'template', 'metadata', 'annotations', restartedAt], seconds);
    const byHand = textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete';
    const pods = at(object, 'spec', 'replicas') ?? at(object, 'status', 'desiredNumberScheduled');
    const text = byHand
      ? 'restarts as its pods are deleted (OnDelete)'
      : `restarts its pods${pods === undefined ? '' : ` (${pods})`}`;
    return { text, patch: { type: 'merge', body } };
  },
  // kubectl has no dry run for it.
  command: (target) => ['rollout', 'restart', ...named(target)],
});
