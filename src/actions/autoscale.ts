import { resourceKey } from '../protocol/resource.ts';
import { ClusterError } from '../util/error.ts';
import { deniedBeside } from './ability.ts';
import { dryRunFlag, named } from './change.ts';
import { apiVersionOf, createObject, readTarget, resourceOf } from './create.ts';
import { defineAction, type Inputs } from './define-action.ts';
import { namedLines } from './plan-text.ts';
import { takenLines } from './taken.ts';

const rangeOf = (inputs: Inputs) => {
  const [min, max, cpu] = [Number(inputs.min), Number(inputs.max), Number(inputs.cpu)];
  if (min >= 1 && max >= min && cpu >= 1) return { min, max, cpu };
  throw new ClusterError('invalid', `${min} to ${max} replicas at ${cpu} % make no sense: 1 ≤ min ≤ max, 1 ≤ cpu.`, {
    hint: 'Nothing was done.',
  });
};

export default defineAction({
  id: 'autoscale',
  title: 'autoscale…',
  key: '',
  danger: false,
  verb: 'autoscale',
  applies: async (targets, ability) => {
    const fixed = targets.find(({ resource }) => !resource.subresources.includes('scale'));
    if (fixed !== undefined) return `${resourceKey(fixed.resource)} cannot be scaled`;
    return (
      (await deniedBeside(targets, resourceOf(ability, 'autoscaling', 'HorizontalPodAutoscaler'), ability)) ?? true
    );
  },
  inputs: async () => [
    { name: 'min', label: 'at least (replicas)', type: 'number', value: 1 },
    { name: 'max', label: 'at most (replicas)', type: 'number', value: 10 },
    { name: 'cpu', label: 'CPU to aim at (% of the request)', type: 'number', value: 80 },
  ],
  plan: async (targets, inputs, ability) => {
    const { min, max, cpu } = rangeOf(inputs);
    const resource = resourceOf(ability, 'autoscaling', 'HorizontalPodAutoscaler');
    const made = targets.map(({ context, namespace, name }) => ({ context, resource, namespace, name }));
    return [
      ...namedLines(targets, ({ name }) => `gets autoscaler ${name}: ${min}…${max} replicas at ${cpu} % CPU`),
      ...(await takenLines(made, ability)),
    ];
  },
  run: async (target, inputs, options, ability) => {
    const { min, max, cpu } = rangeOf(inputs);
    await readTarget(target, ability, options.signal);
    const resource = resourceOf(ability, 'autoscaling', 'HorizontalPodAutoscaler');
    const scaleTargetRef = {
      apiVersion: apiVersionOf(target.resource),
      kind: target.resource.kind,
      name: target.name,
    };
    const aim =
      resource.version === 'v1'
        ? { targetCPUUtilizationPercentage: cpu }
        : {
            metrics: [
              { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpu } } },
            ],
          };
    const object = {
      metadata: { name: target.name, namespace: target.namespace },
      spec: { scaleTargetRef, minReplicas: min, maxReplicas: max, ...aim },
    };
    return await createObject(resource, object, options, ability);
  },
  command: (target, inputs, dryRun) => {
    const { min, max, cpu } = rangeOf(inputs);
    return ['autoscale', ...named(target), `--min=${min}`, `--max=${max}`, `--cpu=${cpu}%`, ...dryRunFlag(dryRun)];
  },
});
