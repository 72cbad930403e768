import type { KubeObject } from '../journal/kept-object.ts';
import type { Target } from '../protocol/resource.ts';
import type { ActionInput } from '../protocol/wire.ts';
import { defineChange, dryRunFlag, named } from './change.ts';
import { type Container, containerPatch, containersOf } from './containers.ts';
import { defineAction, type Inputs } from './define-action.ts';
import { rollsOut, textAt } from './fields.ts';

const kinds = [
  ['requests', 'cpu'],
  ['limits', 'cpu'],
  ['requests', 'memory'],
  ['limits', 'memory'],
] as const;

const inputName = (container: string, [kind, what]: (typeof kinds)[number]): string => `${kind}.${what}:${container}`;

const inputsOf = (objects: readonly KubeObject[]): readonly ActionInput[] => {
  const containers = new Map(objects.flatMap(containersOf).map((container) => [container.name, container]));
  return [...containers.values()].flatMap(({ name, fields }) =>
    kinds.map((each) => ({
      name: inputName(name, each),
      label: `${name}: ${each[1]} ${each[0] === 'requests' ? 'request' : 'limit'}`,
      type: 'text' as const,
      value: textAt(fields, 'resources', ...each),
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

const commandOf = (target: Target, inputs: Inputs, dryRun: boolean): readonly string[] => {
  const containers = [...new Set(Object.keys(inputs).map((name) => name.split(':')[1] ?? ''))];
  const list = (container: string, kind: 'requests' | 'limits'): readonly string[] => {
    const values = kinds
      .filter(([each]) => each === kind)
      .map((each) => [each[1], inputs[inputName(container, each)]] as const)
      .filter(([, value]) => value !== undefined && value !== '');
    return values.length === 0 ? [] : [`--${kind}=${values.map(([what, value]) => `${what}=${value}`).join(',')}`];
  };
  const [first = ''] = containers;
  return [
    'set',
    'resources',
    ...named(target),
    `--containers=${first}`,
    ...list(first, 'requests'),
    ...list(first, 'limits'),
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
    const pods = targets.find(({ resource }) => resource.group === '' && resource.resource === 'pods');
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
