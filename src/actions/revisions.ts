import type { KubeObject } from '../journal/kept-object.ts';
import { resourcePath, type Target } from '../protocol/resource.ts';
import type { Ability } from './ability.ts';
import { resourceOf } from './create.ts';
import { at, type Fields, fieldsAt, isFields } from './fields.ts';

/** A pod template that was in use before, or is now. */
export type Revision = { readonly number: number; readonly template: Fields };

type List = { readonly items?: readonly KubeObject[] };

/** Where a deployment's controller writes the number, and what it adds to a template to tell its pods apart. */
const revisionAnnotation = 'deployment.kubernetes.io/revision';
const hashLabel = 'pod-template-hash';

const withoutHash = (template: Fields): Fields => {
  const { [hashLabel]: _hash, ...labels } = fieldsAt(template, 'metadata', 'labels');
  return { ...template, metadata: { ...fieldsAt(template, 'metadata'), labels } };
};

const ofReplicaSet = ({ metadata, spec }: KubeObject): readonly Revision[] => {
  const number = Number(metadata?.annotations?.[revisionAnnotation] ?? 0);
  const template = at(spec, 'template');
  return number > 0 && isFields(template) ? [{ number, template: withoutHash(template) }] : [];
};

/** A ControllerRevision keeps the template as a patch that replaces all of it. */
const ofControllerRevision = ({ revision, data }: KubeObject): readonly Revision[] => {
  const { $patch: _patch, ...template } = fieldsAt(data, 'spec', 'template');
  return typeof revision === 'number' && Object.keys(template).length > 0 ? [{ number: revision, template }] : [];
};

/** Deployments keep their past in replica sets, the others in controller revisions. */
const keeperOf = (object: KubeObject) =>
  at(object, 'spec', 'strategy') === undefined
    ? { kind: 'ControllerRevision', read: ofControllerRevision }
    : { kind: 'ReplicaSet', read: ofReplicaSet };

/** All revisions that are kept of what rolls out, the newest first: that one is in use. */
export const revisionsOf = async (
  object: KubeObject,
  target: Target,
  ability: Ability,
): Promise<readonly Revision[]> => {
  const { kind, read } = keeperOf(object);
  const labels = fieldsAt(object, 'spec', 'selector', 'matchLabels');
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const { items = [] } = await ability.transport.json<List>({
    path: resourcePath(resourceOf(ability, 'apps', kind), target.namespace),
    query: { labelSelector: labelSelector || undefined },
  });
  const uid = object.metadata?.uid;
  return items
    .filter(({ metadata }) =>
      metadata?.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid),
    )
    .flatMap(read)
    .sort((left, right) => right.number - left.number);
};
