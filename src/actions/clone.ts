import { resourceKey, type Target } from '../protocol/resource.ts';
import { ClusterError } from '../util/error.ts';
import { denied } from './ability.ts';
import { createObject, readTarget } from './create.ts';
import { defineAction, type Inputs } from './define-action.ts';
import { at } from './fields.ts';
import { namedLines } from './plan-text.ts';
import { recreate } from './recreate.ts';
import { takenLines } from './taken.ts';

const placeOf = (target: Target, inputs: Inputs) => {
  const [name, namespace] = [String(inputs.name).trim(), String(inputs.namespace ?? '').trim()];
  const same = name === target.name && namespace === target.namespace;
  if (name !== '' && !same && (namespace !== '' || !target.resource.namespaced)) return { name, namespace };
  throw new ClusterError(
    'invalid',
    same ? 'The copy needs another name, or another namespace.' : 'Where to is missing.',
    {
      hint: 'Nothing was done.',
    },
  );
};

const noOwners = new Map<string, string>();

export default defineAction({
  id: 'clone',
  title: 'clone…',
  key: '',
  danger: false,
  verb: 'clone',
  applies: async (targets, ability) => {
    const [target] = targets;
    if (target === undefined || targets.length > 1) return 'one object at a time is cloned';
    if (!target.resource.verbs.includes('create')) return `${resourceKey(target.resource)} cannot be made`;
    return (await denied(targets, ['create'], ability)) ?? true;
  },
  inputs: async ([target]) => [
    { name: 'name', label: 'name', type: 'text', value: `${target?.name ?? ''}-copy` },
    ...(target?.resource.namespaced === true
      ? [{ name: 'namespace', label: 'namespace', type: 'text' as const, value: target.namespace }]
      : []),
  ],
  plan: async (targets, inputs, ability) => {
    const [target] = targets;
    if (target === undefined) return [];
    const { name, namespace } = placeOf(target, inputs);
    const object = await ability.live(target);
    const { notes } = recreate(object, noOwners);
    const about = [
      ...notes.filter((note) => !note.includes('journal')),
      ...(at(object, 'spec', 'selector', 'matchLabels') !== undefined && namespace === target.namespace
        ? ['! Both select pods by the same labels: change those of the copy.']
        : []),
    ];
    const { context, resource } = target;
    return [
      ...namedLines(targets, () => `is copied to ${namespace === '' ? '' : `${namespace}/`}${name}`),
      ...(await takenLines([{ context, resource, namespace, name }], ability)),
      ...about,
    ];
  },
  run: async (target, inputs, options, ability) => {
    const { name, namespace } = placeOf(target, inputs);
    const { object } = recreate(await readTarget(target, ability, options.signal), noOwners);
    const { namespace: _from, ...metadata } = object.metadata ?? {};
    const copy = { ...object, metadata: { ...metadata, name, ...(namespace !== '' && { namespace }) } };
    return await createObject(target.resource, copy, options, ability);
  },
  // kubectl has no word for it: what is made is in the journal.
  command: (target, inputs, dryRun) => [
    'create',
    '--filename=-',
    ...(target.resource.namespaced ? ['--namespace', String(inputs.namespace)] : []),
    ...(dryRun ? ['--dry-run=server'] : []),
  ],
});
