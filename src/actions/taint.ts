import { ClusterError } from '../util/error.ts';
import { defineChange, dryRunFlag } from './change.ts';
import { isNode } from './cordon.ts';
import { type Fields, listAt, nested } from './fields.ts';
import { overwriting, refuseOverwriting } from './label.ts';

type Taint = { readonly key: string; readonly value: string; readonly effect: string; readonly remove: boolean };

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** kubectl's words: `key=value:Effect`, `key:Effect`, `key:Effect-`, `key-`. */
const read = (text: string): readonly Taint[] => {
  const words = text.split(/\s+/).filter(Boolean);
  const taints = words.map((word): Taint => {
    const [, key = '', value = '', effect = '', minus = ''] =
      /^([^=:]+?)(?:=([^:]*))?(?::(\w+))?(-)?$/.exec(word) ?? [];
    const remove = minus === '-';
    const known = effects.includes(effect) || (remove && effect === '');
    if (key !== '' && known) return { key, value, effect, remove };
    throw new ClusterError('invalid', `"${word}" is no taint: KEY=VALUE:EFFECT, or KEY:EFFECT- to remove it.`, {
      hint: `Effects are ${effects.join(', ')}. Nothing was done.`,
    });
  });
  if (taints.length > 0) return taints;
  throw new ClusterError('invalid', 'No taint is given: KEY=VALUE:EFFECT, or KEY:EFFECT- to remove it.');
};

const textOf = ({ key, value, effect }: Fields): string =>
  `${key}${value === undefined || value === '' ? '' : `=${value}`}:${effect}`;

const is = (taint: Taint, each: Fields): boolean =>
  each.key === taint.key && (taint.effect === '' || each.effect === taint.effect);

export default defineChange({
  id: 'taint',
  title: 'taint…',
  key: '',
  verb: 'taint',
  serves: (target) => (isNode(target) ? true : 'no pods are scheduled to it'),
  note: async (targets, ability) => {
    const [target] = targets;
    if (target === undefined || targets.length > 1) return undefined;
    return (
      listAt(await ability.live(target), 'spec', 'taints')
        .map(textOf)
        .join(' ') || undefined
    );
  },
  inputs: () => [
    { name: 'taints', label: 'taints (KEY=VALUE:EFFECT, KEY:EFFECT- removes)', type: 'text', value: '' },
    overwriting,
  ],
  change: (object, inputs, { target }) => {
    const wanted = read(String(inputs.taints));
    const now = listAt(object, 'spec', 'taints');
    const rest = now.filter((each) => !wanted.some((taint) => is(taint, each)));
    const added = wanted
      .filter(({ remove }) => !remove)
      .map(({ key, value, effect }) => ({ key, ...(value !== '' && { value }), effect }));
    if (inputs.overwrite === false) {
      // kubectl refuses by key and effect, whatever the value.
      const sets = wanted.filter(({ remove }) => !remove);
      const held = now.filter((each) => sets.some((taint) => is(taint, each)));
      refuseOverwriting(target.name, held.map(textOf));
    }
    const before = new Set(now.map(textOf));
    const after = new Set([...rest, ...added].map(textOf));
    const changes = [
      ...[...after].filter((text) => !before.has(text)).map((text) => `+ ${text}`),
      ...[...before].filter((text) => !after.has(text)).map((text) => `− ${text}`),
    ];
    if (changes.length === 0) return { text: 'has it so already' };
    const evicts = changes.some((change) => change.startsWith('+') && change.endsWith('NoExecute'));
    return {
      text: `${changes.join(', ')}${evicts ? ' (evicts pods that do not tolerate it)' : ''}`,
      patch: { type: 'merge', body: nested(['spec', 'taints'], [...rest, ...added]) },
    };
  },
  command: ({ name }, inputs, dryRun) => [
    'taint',
    'node',
    name,
    ...(inputs.overwrite === false ? [] : ['--overwrite']),
    ...dryRunFlag(dryRun),
    ...String(inputs.taints).split(/\s+/).filter(Boolean),
  ],
});
