import type { KubeObject } from '../journal/kept-object.ts';
import { ClusterError } from '../util/error.ts';
import { defineChange, dryRunFlag, named } from './change.ts';
import { containersOf } from './containers.ts';
import { at, fieldsAt, rollsOut } from './fields.ts';
import { type Revision, revisionsOf } from './revisions.ts';

const imageChanges = (now: KubeObject, then: KubeObject): string => {
  const before = new Map(containersOf(now).map(({ name, image }) => [name, image]));
  const changes = containersOf(then).flatMap(({ name, image }) =>
    before.get(name) === image ? [] : [`${name}: ${before.get(name) ?? 'none'} → ${image}`],
  );
  return changes.length === 0 ? 'same images' : changes.join(', ');
};

const chosen = (revisions: readonly Revision[], wanted: number): Revision | undefined =>
  wanted === 0 ? revisions[1] : revisions.find(({ number }) => number === wanted);

/**
 * A change of ours, not kubectl's: its `rollout undo` knows no precondition, so it could roll back a namesake that was
 * made meanwhile (doc/decisions).
 */
export default defineChange({
  id: 'rollout-undo',
  title: 'undo rollout…',
  key: 'gu',
  danger: true,
  verb: 'roll back',
  verbs: ['update'],
  fits: (object) => {
    if (!rollsOut(object)) return 'it does not roll out its pods';
    return at(object, 'spec', 'paused') === true ? 'its rollout is paused: resume it first' : true;
  },
  note: async (targets, ability) => {
    const [target] = targets;
    if (target === undefined || targets.length > 1) return undefined;
    const [now, before] = await revisionsOf(await ability.live(target), target, ability);
    return before === undefined ? 'nothing before this' : `rev ${now?.number}→${before.number}`;
  },
  inputs: () => [{ name: 'revision', label: 'to revision (0: the one before)', type: 'number', value: 0 }],
  change: async (object, inputs, { target, ability }) => {
    const revisions = await revisionsOf(object, target, ability);
    const [now] = revisions;
    const wanted = Number(inputs.revision);
    const revision = chosen(revisions, wanted);
    if (revision === undefined) {
      const kept = revisions.map(({ number }) => number).join(', ') || 'none';
      throw new ClusterError(
        'not-found',
        `${target.name} has no ${wanted === 0 ? 'revision before this one' : `revision ${wanted}`}; kept are: ${kept}.`,
        { hint: 'Nothing was done.' },
      );
    }
    if (revision.number === now?.number) return { text: `is at revision ${revision.number} already` };
    const spec = { ...fieldsAt(object, 'spec'), template: revision.template };
    const body = { ...object, spec };
    const text = `revision ${now?.number ?? '?'} → ${revision.number}: ${imageChanges(object, body)}`;
    return { text, patch: { type: 'put', body } };
  },
  command: (target, inputs, dryRun) => [
    'rollout',
    'undo',
    ...named(target),
    ...(Number(inputs.revision) === 0 ? [] : [`--to-revision=${inputs.revision}`]),
    ...dryRunFlag(dryRun),
  ],
});
