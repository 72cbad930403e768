import type { KubeObject } from '../journal/kept-object.ts';
import type { Target } from '../protocol/resource.ts';
import type { ActionInput } from '../protocol/wire.ts';
import { defineChange, dryRunFlag, named } from './change.ts';
import { type Container, containerPatch, containersOf } from './containers.ts';
import { defineAction, type Inputs } from './define-action.ts';
import { nested, rollsOut, textAt } from './fields.ts';

const kinds = [
  ['requests', 'cpu'],
  ['limits', 'cpu'],
  ['requests', 'memory'],
  ['limits', 'memory'],
] as const;

const inputName = (container: string, [kind, what]: (typeof kinds)[number]): string => `${kind}.${what}:${container}`;

const inputsOf = (objects: readonly KubeObject[], targets: readonly Target[]): readonly ActionInput[] => {
  // Of several each has its own.
  const only = targets.length === 1;
  const containers = new Map(objects.flatMap(containersOf).map((container) => [container.name, container]));
  return [...containers.values()].flatMap(({ name, fields }) =>
    kinds.map((each) => ({
      name: inputName(name, each),
      label: `${name}: ${each[1]} ${each[0] === 'requests' ? 'request' : 'limit'}`,
      type: 'text' as const,
      value: only ? textAt(fields, 'resources', ...each) : '',
      optional: true,
    })),
  );
};

/** What is to be different in one container; an empty value takes a quantity away. */
const differences = (container: Container, inputs: Inputs) =>
  kinds.flatMap((each) => {
    const wanted = inputs[inputName(container.name, each)];
    const now = textAt(container.fields, 'resources', ...each);
    if (wanted === undefined || String(wanted).trim() === now) return [];
    return [{ kind: each[0], what: each[1], now, wanted: String(wanted).trim() }];
  });

const changesOf = (object: KubeObject, inputs: Inputs) =>
  containersOf(object).flatMap((container) => {
    const different = differences(container, inputs);
    if (different.length === 0) return [];
    const value: Record<string, Record<string, string | null>> = {};
    for (const { kind, what, wanted } of different)
      value[kind] = { ...value[kind], [what]: wanted === '' ? null : wanted };
    const text = different.map(
      ({ kind, what, now, wanted }) =>
        `${container.name} ${what} ${kind === 'requests' ? 'request' : 'limit'} ${now || 'none'} → ${wanted || 'none'}`,
    );
    return [{ change: { container, field: 'resources', value }, text: text.join(', ') }];
  });

/** What is asked for, container by container. */
const wantedOf = (inputs: Inputs): ReadonlyMap<string, Record<string, Record<string, string | null>>> => {
  const wanted = new Map<string, Record<string, Record<string, string | null>>>();
  for (const [name, value] of Object.entries(inputs)) {
    const [, kind = '', what = '', container = ''] = /^(\w+)\.(\w+):(.*)$/.exec(name) ?? [];
    const before = wanted.get(container) ?? {};
    wanted.set(container, { ...before, [kind]: { ...before[kind], [what]: String(value) || null } });
  }
  return wanted;
};

const listed = (quantities: Record<string, string | null>): string =>
  Object.entries(quantities)
    .map(([what, value]) => `${what}=${value}`)
    .join(',');

const isPods = ({ resource }: Target): boolean => resource.group === '' && resource.resource === 'pods';

/** `kubectl set resources` knows one set for all containers named, takes nothing away and changes no pod. */
const commandOf = (target: Target, inputs: Inputs, dryRun: boolean): readonly string[] => {
  const wanted = [...wantedOf(inputs)];
  const [first] = wanted;
  const removes = wanted.some(([, kinds]) => Object.values(kinds).some((each) => Object.values(each).includes(null)));
  if (first !== undefined && wanted.length === 1 && !removes && !isPods(target)) {
    const quantities = Object.entries(first[1]).map(([kind, each]) => `--${kind}=${listed(each)}`);
    return ['set', 'resources', ...named(target), `--containers=${first[0]}`, ...quantities, ...dryRunFlag(dryRun)];
  }
  const containers = wanted.map(([name, resources]) => ({ name, resources }));
  const path = isPods(target)
    ? ['spec']
    : [...(target.resource.resource === 'cronjobs' ? ['spec', 'jobTemplate'] : []), 'spec', 'template', 'spec'];
  return [
    'patch',
    ...named(target),
    ...(isPods(target) ? ['--subresource=resize'] : []),
    `--patch=${JSON.stringify(nested(path, { containers }))}`,
    ...dryRunFlag(dryRun),
  ];
};

const spec = {
  id: 'resources',
  title: 'resources…',
  key: '',
  verb: 'resize',
  fits: (object: KubeObject) => (containersOf(object).length > 0 ? (true as const) : 'it has no containers'),
  inputs: inputsOf,
  change: (object: KubeObject, inputs: Inputs) => {
    const changes = changesOf(object, inputs);
    if (changes.length === 0) return { text: 'has these resources already' };
    const how = rollsOut(object) ? ' (rolls out)' : '';
    return {
      text: `${changes.map(({ text }) => text).join(', ')}${how}`,
      patch: containerPatch(
        object,
        changes.map(({ change }) => change),
      ),
    };
  },
  command: commandOf,
};

/** Pods take it in place, through a subresource of theirs; what makes pods takes it in its template. */
const inPlace = defineChange({ ...spec, subresource: 'resize' });
const inTemplate = defineChange(spec);

const way = (target: Target) => {
  if (target.resource.subresources.includes('resize')) return inPlace;
  return inTemplate;
};

export default defineAction({
  ...inTemplate,
  applies: async (targets, ability) => {
    const pods = targets.find(isPods);
    if (pods !== undefined && way(pods) !== inPlace) return 'this server cannot resize pods in place';
    for (const each of [inPlace, inTemplate]) {
      const mine = targets.filter((target) => way(target) === each);
      const answer = mine.length === 0 ? true : await each.applies(mine, ability);
      if (answer !== true) return answer;
    }
    return true;
  },
  run: (target, inputs, options, ability) => way(target).run(target, inputs, options, ability),
});
