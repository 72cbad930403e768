import type { ActionInput } from '../protocol/wire.ts';
import { ClusterError } from '../util/error.ts';
import { type ChangeSpec, defineChange, dryRunFlag, named } from './change.ts';
import { fieldsAt } from './fields.ts';
import { pairWords, readPairs } from './pairs.ts';

/** kubectl's `--overwrite`, which is on where it is not typed away. */
export const overwriting: ActionInput = {
  name: 'overwrite',
  label: 'also where it has another value',
  type: 'boolean',
  value: true,
};

/** As kubectl refuses without `--overwrite`. */
export const refuseOverwriting = (name: string, has: readonly string[]): void => {
  if (has.length === 0) return;
  throw new ClusterError('conflict', `${name} has ${has.join(', ')} already.`, {
    hint: 'Add --overwrite to change it. Nothing was done.',
  });
};

/** Labels and annotations differ in their name only. */
export const marking = (field: 'labels' | 'annotations', verb: string): ChangeSpec => ({
  id: verb,
  title: `${verb}…`,
  key: '',
  verb,
  inputs: () => [{ name: 'pairs', label: `${field} (KEY=VALUE, KEY- removes)`, type: 'text', value: '' }, overwriting],
  change: (object, inputs, { target }) => {
    const { set, remove } = readPairs(String(inputs.pairs), field);
    const now = fieldsAt(object, 'metadata', field);
    const changes = [
      ...[...set].flatMap(([key, value]) => {
        if (now[key] === value) return [];
        return [now[key] === undefined ? `+ ${key}=${value}` : `${key}: ${now[key]} → ${value}`];
      }),
      ...[...remove].flatMap((key) => (now[key] === undefined ? [] : [`− ${key}=${now[key]}`])),
    ];
    const held = [...set].filter(([key, value]) => now[key] !== undefined && now[key] !== value);
    if (inputs.overwrite === false) {
      refuseOverwriting(
        target.name,
        held.map(([key]) => `${key}=${now[key]}`),
      );
    }
    if (changes.length === 0) return { text: 'has it so already' };
    const values = Object.fromEntries([...set, ...[...remove].map((key) => [key, null] as const)]);
    return { text: changes.join(', '), patch: { type: 'merge', body: { metadata: { [field]: values } } } };
  },
  command: (target, inputs, dryRun) => [
    verb,
    ...named(target),
    ...(inputs.overwrite === false ? [] : ['--overwrite']),
    ...dryRunFlag(dryRun),
    ...pairWords(readPairs(String(inputs.pairs), field)),
  ],
});

export default defineChange(marking('labels', 'label'));
