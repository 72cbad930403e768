import type { KubeObject } from '../journal/kept-object.ts';
import type { Target } from '../protocol/resource.ts';
import { deniedBeside, examples } from './ability.ts';
import { dryRunFlag } from './change.ts';
import { apiVersionOf, createObject, readTarget, resourceOf } from './create.ts';
import { defineAction, type Inputs } from './define-action.ts';
import { at, fieldsAt } from './fields.ts';
import { namedLines } from './plan-text.ts';

/** Names of jobs end up in a label: 63 letters. */
const MOST = 63;

const jobName = ({ name }: Target, inputs: Inputs): string => {
  const suffix = `-${inputs.suffix}`;
  return `${name.slice(0, MOST - suffix.length)}${suffix}`;
};

/** As `kubectl create job --from=cronjob/…` makes it. */
const jobOf = (cronJob: KubeObject, target: Target, inputs: Inputs): KubeObject => {
  const template = fieldsAt(cronJob, 'spec', 'jobTemplate');
  const annotations = {
    'cronjob.kubernetes.io/instantiate': 'manual',
    ...fieldsAt(template, 'metadata', 'annotations'),
  };
  const { uid = '' } = cronJob.metadata ?? {};
  return {
    metadata: {
      name: jobName(target, inputs),
      namespace: target.namespace,
      labels: fieldsAt(template, 'metadata', 'labels') as Record<string, string>,
      annotations: annotations as Record<string, string>,
      ownerReferences: [
        {
          apiVersion: apiVersionOf(target.resource),
          kind: target.resource.kind,
          name: target.name,
          uid,
          controller: true,
        },
      ],
    },
    spec: template.spec,
  };
};

export default defineAction({
  id: 'trigger',
  title: 'run now',
  key: 'gc',
  danger: false,
  verb: 'run',
  applies: async (targets, ability) => {
    for (const target of examples(targets)) {
      if (at(await ability.live(target), 'spec', 'jobTemplate') === undefined) return 'it makes no jobs';
    }
    return (await deniedBeside(targets, resourceOf(ability, 'batch', 'Job'), ability)) ?? true;
  },
  inputs: async (_targets, ability) => [
    {
      name: 'suffix',
      label: 'end of the job’s name',
      type: 'text',
      value: `manual-${Math.floor(ability.now() / 1000).toString(36)}`,
      keep: true,
    },
  ],
  plan: async (targets, inputs) => namedLines(targets, (target) => `makes job ${jobName(target, inputs)}`),
  run: async (target, inputs, options, ability) => {
    const cronJob = await readTarget(target, ability, options.signal);
    return await createObject(resourceOf(ability, 'batch', 'Job'), jobOf(cronJob, target, inputs), options, ability);
  },
  command: (target, inputs, dryRun) => [
    'create',
    'job',
    jobName(target, inputs),
    `--from=cronjob/${target.name}`,
    '--namespace',
    target.namespace,
    ...dryRunFlag(dryRun),
  ],
});
