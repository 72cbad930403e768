import { randomBytes } from 'node:crypto';
import type { KubeObject } from '../journal/kept-object.ts';
import { resourcePath, type Target } from '../protocol/resource.ts';
import { ClusterError } from '../util/error.ts';
import type { Ability, NodeShells, ShellPod } from './ability.ts';
import { dryRunFlag } from './change.ts';
import { isNode } from './cordon.ts';
import { createObject, readTarget, resourceOf } from './create.ts';
import { defineAction, type Inputs, type RunOptions } from './define-action.ts';
import { at, listAt } from './fields.ts';

/** Marks the pods; its value says whose they are. */
export const shellLabel = 'kubectl-live/node-shell';

/** Seconds after which the node ends the shell by itself, whatever became of who made it. */
const DEADLINE = 4 * 3600;
/** For an image that has to be fetched first. */
const START_MS = 120_000;
const LOOK_EVERY_MS = 500;

/** What a container waits for that does not come by itself. */
const hopeless = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerError',
  'CreateContainerConfigError',
  'RunContainerError',
]);

const shellsOf = ({ nodeShells }: Ability): NodeShells => {
  if (nodeShells !== undefined) return nodeShells;
  throw new ClusterError('unsupported', 'there is no editor to open a terminal in');
};

/** Its node's name, as far as a name of 63 letters has room for it. */
const podName = ({ name }: Target): string =>
  `node-shell-${name.replaceAll('.', '-').slice(0, 40)}-${randomBytes(4).toString('hex')}`;

const placeOf = (inputs: Inputs): ShellPod => ({
  namespace: String(inputs.namespace).trim(),
  name: String(inputs.pod).trim(),
});

/** All of the node is open to it; it only sleeps until it is deleted: the shell is run in it, and ends with it. */
export const shellPod = (node: string, { namespace, name }: ShellPod, image: string, creator: string): KubeObject => ({
  metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'kubectl-live', [shellLabel]: creator } },
  spec: {
    // Not through the scheduler: the node may be cordoned, full or tainted.
    nodeName: node,
    tolerations: [{ operator: 'Exists' }],
    hostPID: true,
    hostNetwork: true,
    hostIPC: true,
    restartPolicy: 'Never',
    activeDeadlineSeconds: DEADLINE,
    terminationGracePeriodSeconds: 1,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    containers: [{ name: 'shell', image, command: ['sleep', String(DEADLINE)], securityContext: { privileged: true } }],
  },
});

/** True when a shell can be run in it. Throws when that will never be. */
const isUp = (pod: KubeObject): boolean => {
  const phase = at(pod, 'status', 'phase');
  if (pod.metadata?.deletionTimestamp !== undefined) throw new ClusterError('cancelled', 'somebody deleted its pod');
  if (phase === 'Failed' || phase === 'Succeeded') {
    const why = at(pod, 'status', 'message') ?? at(pod, 'status', 'reason') ?? 'no reason given';
    throw new ClusterError('invalid', `its pod ended at once: ${why}`);
  }
  const [container = {}] = listAt(pod, 'status', 'containerStatuses');
  const reason = String(at(container, 'state', 'waiting', 'reason') ?? '');
  if (!hopeless.has(reason)) return at(container, 'state', 'running') !== undefined;
  const more = at(container, 'state', 'waiting', 'message');
  throw new ClusterError('invalid', `its pod does not start: ${reason}${more === undefined ? '' : `, ${more}`}`, {
    hint: 'Another image: `node_shell` in setup(), or <Tab> in the question.',
  });
};

const waitFor = async (place: ShellPod, signal: AbortSignal, ability: Ability): Promise<void> => {
  const path = resourcePath(resourceOf(ability, '', 'Pod'), place.namespace, place.name);
  const end = ability.now() + START_MS;
  for (;;) {
    if (isUp(await ability.transport.json<KubeObject>({ path, signal }))) return;
    if (ability.now() > end) {
      throw new ClusterError('timeout', `its pod did not run within ${START_MS / 1000} s`, {
        hint: 'Is the kubelet of the node well? Its events (gE) may say.',
      });
    }
    await ability.sleep(LOOK_EVERY_MS, signal);
    if (signal.aborted) throw new ClusterError('cancelled', 'cancelled: its pod is deleted');
  }
};

const run = async (target: Target, inputs: Inputs, options: RunOptions, ability: Ability) => {
  const shells = shellsOf(ability);
  const place = placeOf(inputs);
  const { signal = new AbortController().signal } = options;
  await readTarget(target, ability, signal);
  await shells.ready();
  const pod = shellPod(target.name, place, String(inputs.image), shells.creator);
  const resource = resourceOf(ability, '', 'Pod');
  if (options.dryRun) return await createObject(resource, pod, options, ability);
  // Remembered before it is there: whatever happens from here on, somebody deletes it.
  shells.keep(place);
  try {
    // Not cancelled half way: then nobody would know whether it is there.
    const made = await createObject(resource, pod, { dryRun: false }, ability);
    const { uid } = (made.change?.kind === 'create' && made.change.after.metadata) || {};
    if (uid !== undefined) shells.made(place, uid);
    await waitFor(place, signal, ability);
    // The pod knows its node by name: what it runs on may be another one by now.
    await readTarget(target, ability, signal);
    await shells.open(place, `shell on node ${target.name}`);
    // Without a way back: the terminal's end is that.
    const { message, change } = made;
    return { message: `${message}: it is deleted when the terminal closes`, change };
  } catch (thrown) {
    await shells.end(place.name);
    throw thrown;
  }
};

export default defineAction({
  id: 'node-shell',
  title: 'shell on the node…',
  key: 'gS',
  // Whoever is in there can do everything to the node and what runs on it: said before it is asked for.
  danger: true,
  verb: 'enter',
  applies: async (targets, ability) => {
    if (!targets.every(isNode)) return 'it is no node';
    if (targets.length > 1) return 'one node at a time';
    const pods = resourceOf(ability, '', 'Pod');
    const { namespace } = shellsOf(ability).wishes();
    const [create, exec] = await Promise.all([
      ability.canI('create', pods, namespace),
      ability.canI('create', pods, namespace, 'exec'),
    ]);
    if (!create.allowed) return `not allowed: create pods in ${namespace}`;
    return exec.allowed ? true : `not allowed: create pods/exec in ${namespace}`;
  },
  inputs: async ([target], ability) => {
    const { image, namespace } = shellsOf(ability).wishes();
    return [
      { name: 'image', label: 'image', type: 'text', value: image },
      { name: 'namespace', label: 'namespace of the pod', type: 'text', value: namespace },
      { name: 'pod', label: 'name of the pod', type: 'text', value: target ? podName(target) : '', keep: true },
    ];
  },
  plan: async ([target], inputs, ability) => {
    const { namespace, name } = placeOf(inputs);
    return [
      `makes pod ${namespace}/${name} on ${target?.name}`,
      `image ${inputs.image}; runs ${shellsOf(ability).wishes().command.join(' ')}`,
      '! privileged, with processes, network and IPC of the node: root on it',
      `Deleted when the terminal closes or Neovim ends; over after ${DEADLINE / 3600} h anyway.`,
    ];
  },
  run,
  // kubectl has no word for it: what is made is in the journal.
  command: (_target, inputs, dryRun) => [
    'create',
    '--filename=-',
    '--namespace',
    placeOf(inputs).namespace,
    ...dryRunFlag(dryRun),
  ],
});
