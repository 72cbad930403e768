import type { KubeObject } from '../journal/kept-object.ts';
import type { Target } from '../protocol/resource.ts';
import { ClusterError } from '../util/error.ts';
import { deniedBeside, examples } from './ability.ts';
import { dryRunFlag, named } from './change.ts';
import { containersOf } from './containers.ts';
import { createObject, readTarget, resourceOf } from './create.ts';
import { defineAction, type Inputs } from './define-action.ts';
import { at, fieldsAt, listAt } from './fields.ts';
import { namedLines } from './plan-text.ts';
import { takenLines } from './taken.ts';

/** Which pods a service for it would take: those it selects itself, or the pod by its labels. */
const selectorOf = (object: KubeObject): Readonly<Record<string, string>> | undefined => {
  const matchLabels = at(object, 'spec', 'selector', 'matchLabels');
  const plain = at(object, 'spec', 'selector');
  const own = at(object, 'spec', 'containers') === undefined ? {} : fieldsAt(object, 'metadata', 'labels');
  const found =
    matchLabels ?? (at(object, 'spec', 'selector', 'matchExpressions') === undefined ? plain : undefined) ?? own;
  const selector = fieldsAt({ found }, 'found') as Record<string, string>;
  return Object.keys(selector).length > 0 ? selector : undefined;
};

const portOf = (object: KubeObject): number => {
  const ports = [
    ...containersOf(object).flatMap(({ fields }) => listAt(fields, 'ports').map(({ containerPort }) => containerPort)),
    ...listAt(object, 'spec', 'ports').map(({ port }) => port),
  ];
  return Number(ports[0] ?? 80);
};

const portsOf = (inputs: Inputs) => {
  const [port, target] = [Number(inputs.port), Number(inputs.target)];
  const right = (value: number): boolean => value >= 1 && value <= 65_535;
  if (right(port) && right(target)) return { port, target };
  throw new ClusterError('invalid', `${port} to ${target}: ports are 1 to 65535.`, { hint: 'Nothing was done.' });
};

/** For several targets each service has its target's name. */
const nameOf = ({ name }: Target, inputs: Inputs): string => String(inputs.name || name);

export default defineAction({
  id: 'expose',
  title: 'expose…',
  key: '',
  danger: false,
  verb: 'expose',
  applies: async (targets, ability) => {
    for (const target of examples(targets)) {
      if (!target.resource.namespaced) return 'it selects no pods';
      if (selectorOf(await ability.live(target)) === undefined) return 'it selects no pods by labels';
    }
    return (await deniedBeside(targets, resourceOf(ability, '', 'Service'), ability)) ?? true;
  },
  inputs: async (targets, ability) => {
    const [first] = targets;
    const port = first === undefined ? 80 : portOf(await ability.live(first));
    return [
      ...(targets.length === 1 && first !== undefined
        ? [{ name: 'name', label: 'name of the service', type: 'text' as const, value: first.name }]
        : []),
      { name: 'port', label: 'port', type: 'number', value: port },
      { name: 'target', label: 'port of the pods', type: 'number', value: port },
      {
        name: 'type',
        label: 'type',
        type: 'choice',
        value: 'ClusterIP',
        choices: ['ClusterIP', 'NodePort', 'LoadBalancer'],
      },
    ];
  },
  plan: async (targets, inputs, ability) => {
    const { port, target: to } = portsOf(inputs);
    const resource = resourceOf(ability, '', 'Service');
    const made = targets.map((target) => {
      const { context, namespace } = target;
      return { context, resource, namespace, name: nameOf(target, inputs) };
    });
    return [
      ...namedLines(targets, (target) => `gets ${inputs.type} service ${nameOf(target, inputs)}: ${port} → ${to}`),
      ...(await takenLines(made, ability)),
    ];
  },
  run: async (target, inputs, options, ability) => {
    const { port, target: targetPort } = portsOf(inputs);
    const object = await readTarget(target, ability, options.signal);
    const selector = selectorOf(object);
    if (selector === undefined) throw new ClusterError('unsupported', `${target.name} selects no pods by labels.`);
    const service = {
      metadata: { name: nameOf(target, inputs), namespace: target.namespace, labels: object.metadata?.labels ?? {} },
      spec: { type: inputs.type, selector, ports: [{ port, targetPort, protocol: 'TCP' }] },
    };
    return await createObject(resourceOf(ability, '', 'Service'), service, options, ability);
  },
  command: (target, inputs, dryRun) => [
    'expose',
    ...named(target),
    `--name=${nameOf(target, inputs)}`,
    `--port=${inputs.port}`,
    `--target-port=${inputs.target}`,
    `--type=${inputs.type}`,
    ...dryRunFlag(dryRun),
  ],
});
