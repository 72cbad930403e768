import { type ChangeSpec, defineChange, dryRunFlag, named } from './change.ts';
import { fieldsAt } from './fields.ts';
import { pairWords, readPairs } from './pairs.ts';

/** Labels and annotations differ in their name only. */
export const marking = (field: 'labels' | 'annotations', verb: string): ChangeSpec => ({
  id: verb,
  title: `${verb}…`,
  key: '',
  verb,
  inputs: () => [{ name: 'pairs', label: `${field} (KEY=VALUE, KEY- removes)`, type: 'text', value: '' }],
  change: (object, inputs) => {
    const { set, remove } = readPairs(String(inputs.pairs), field);
    const now = fieldsAt(object, 'metadata', field);
    const changes = [
      ...[...set].flatMap(([key, value]) => {
        if (now[key] === value) return [];
        return [now[key] === undefined ? `+ ${key}=${value}` : `${key}: ${now[key]} → ${value}`];
      }),
      ...[...remove].flatMap((key) => (now[key] === undefined ? [] : [`− ${key}=${now[key]}`])),
    ];
    if (changes.length === 0) return { text: 'has it so already' };
    const values = Object.fromEntries([...set, ...[...remove].map((key) => [key, null] as const)]);
    return { text: changes.join(', '), patch: { type: 'merge', body: { metadata: { [field]: values } } } };
  },
  command: (target, inputs, dryRun) => [
    verb,
    ...named(target),
    '--overwrite',
    ...dryRunFlag(dryRun),
    ...pairWords(readPairs(String(inputs.pairs), field)),
  ],
});

export default defineChange(marking('labels', 'label'));
