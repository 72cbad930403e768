import type { Operation } from '../journal/reverse.ts';
import type { Target } from '../protocol/resource.ts';
import { ClusterError } from '../util/error.ts';
import { defineChange, dryRunFlag, named, type Patch } from './change.ts';
import type { Inputs } from './define-action.ts';
import { isFields } from './fields.ts';

const types = ['strategic', 'merge', 'json'] as const;

const isOperation = (value: unknown): value is Operation =>
  isFields(value) && typeof value.op === 'string' && typeof value.path === 'string';

const read = (inputs: Inputs): Patch => {
  const type = types.find((each) => each === inputs.type) ?? 'merge';
  const wrong = (what: string, cause?: unknown): ClusterError =>
    new ClusterError('invalid', `The patch is ${what}.`, { hint: 'Nothing was done.', cause });
  let body: unknown;
  try {
    body = JSON.parse(String(inputs.patch));
  } catch (thrown) {
    throw wrong(`no JSON: ${thrown instanceof Error ? thrown.message : thrown}`, thrown);
  }
  if (type === 'json') {
    if (Array.isArray(body) && body.every(isOperation)) return { type, body };
    throw wrong('no list of operations, as type json wants');
  }
  if (isFields(body)) return { type, body };
  throw wrong('no object');
};

/** What is written into a secret is written down nowhere. */
const shown = ({ resource }: Target, inputs: Inputs): string =>
  resource.group === '' && resource.resource === 'secrets' ? '***' : String(inputs.patch);

export default defineChange({
  id: 'patch',
  title: 'patch…',
  key: '',
  verb: 'patch',
  inputs: (objects) => [
    {
      name: 'type',
      label: 'type',
      type: 'choice',
      // Custom resources know no strategic patches.
      value: objects.every(({ apiVersion = '' }) => !apiVersion.split('/')[0]?.includes('.')) ? 'strategic' : 'merge',
      choices: types,
    },
    { name: 'patch', label: 'patch (JSON)', type: 'text', value: '{"spec":{}}' },
  ],
  change: (_object, inputs, { target }) => ({ text: `is patched: ${shown(target, inputs)}`, patch: read(inputs) }),
  command: (target, inputs, dryRun) => [
    'patch',
    ...named(target),
    `--type=${inputs.type}`,
    `--patch=${shown(target, inputs)}`,
    ...dryRunFlag(dryRun),
  ],
});
