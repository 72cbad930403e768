import type { DrainProgress, DrainResult } from '../native/types.ts';
import { resourcePath, type Target } from '../protocol/resource.ts';
import { asClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import { type Ability, denied, type NativeWay, objectText } from './ability.ts';
import { isNode } from './cordon.ts';
import { readTarget, resourceOf } from './create.ts';
import { defineAction, type Inputs, type Outcome, type RunOptions } from './define-action.ts';
import { budgetLines } from './disruption.ts';
import { at } from './fields.ts';
import { type LiveObject, readObject } from './objects.ts';
import { namedLines, SHOWN } from './plan-text.ts';
import { followNode, type SameNode } from './same-node.ts';

const optionsOf = (inputs: Inputs) => ({
  gracePeriodSeconds: Number(inputs.grace),
  timeoutSeconds: Math.max(0, Number(inputs.timeout)),
  ignoreDaemonSets: inputs.daemonSets === true,
  deleteEmptyDirData: inputs.emptyDir === true,
  force: inputs.force === true,
});

const controllerOf = ({ metadata }: LiveObject) =>
  metadata?.ownerReferences?.find(({ controller }) => controller === true);

/** Pods a drain takes away: not those of daemon sets, mirrors of the node's own files, or pods that have ended. */
const leaves = (pod: LiveObject): boolean =>
  controllerOf(pod)?.kind !== 'DaemonSet' &&
  pod.metadata?.annotations?.['kubernetes.io/config.mirror'] === undefined &&
  !['Succeeded', 'Failed'].includes(String(at(pod, 'status', 'phase')));

const podsOn = async ({ name }: Target, ability: Ability): Promise<readonly LiveObject[]> => {
  const { items = [] } = await ability.transport.json<{ readonly items?: readonly LiveObject[] }>({
    path: resourcePath(resourceOf(ability, '', 'Pod')),
    query: { fieldSelector: `spec.nodeName=${name}` },
  });
  return items.filter(leaves);
};

const plan = async (targets: readonly Target[], _inputs: Inputs, ability: Ability): Promise<readonly string[]> => {
  const found = await mapLimited(targets.slice(0, SHOWN), 4, (target) => podsOn(target, ability).catch(asClusterError));
  const pods = found.flatMap((each) => (Array.isArray(each) ? each : []));
  const alone = pods.filter((pod) => controllerOf(pod) === undefined);
  const losses = pods.map(({ metadata }) => ({
    namespace: metadata?.namespace ?? '',
    labels: metadata?.labels ?? {},
    pods: 1,
  }));
  return [
    ...namedLines(targets, (_target, index) => {
      const each = found[index];
      if (each === undefined) return '';
      return Array.isArray(each)
        ? `${each.length} pods go`
        : `its pods cannot be listed: ${asClusterError(each).message}`;
    }),
    ...(alone.length > 0
      ? [`! ${alone.length} of them nothing makes again: ${alone.slice(0, 3).map(({ metadata }) => metadata?.name)}`]
      : []),
    ...(await budgetLines(losses, ability)).map((line) =>
      line.replace(', and this does not wait for it', ': it waits'),
    ),
    'It is cordoned first and stays so.',
  ];
};

const marks: Readonly<Record<DrainProgress['step'], string>> = {
  cordoned: '●',
  selected: '●',
  warning: '!',
  evicting: '◌',
  blocked: '◐',
  terminating: '◌',
  gone: '✓',
  failed: '✗',
};

/** The pods of a node and where each of them is, the settled ones last. */
const board = (node: string) => {
  const pods = new Map<string, DrainProgress>();
  const said: string[] = [];
  let counts = '';
  const settled = ({ step }: DrainProgress): boolean => step === 'gone' || step === 'failed';
  return {
    note: (progress: DrainProgress): void => {
      const { namespace = '', pod, done, total, message } = progress;
      counts = `${done} of ${total} pods settled`;
      if (pod === undefined) said.push(`${marks[progress.step]} ${message.trim()}`);
      else pods.set(`${namespace}/${pod}`, progress);
    },
    lines: (): readonly string[] => {
      const all = [...pods].sort(([, left], [, right]) => Number(settled(left)) - Number(settled(right)));
      return [
        `node ${node}: ${counts || 'looking at its pods'}`,
        ...said.map((line) => `  ${line}`),
        ...all.map(([name, { step, budgets = [], message }]) => {
          const why = budgets.length > 0 ? `kept by PDB ${budgets.join(', ')}` : message.trim();
          return `  ${marks[step]} ${step.padEnd(11)} ${name}${step === 'blocked' || step === 'failed' ? `  ${why}` : ''}`;
        }),
      ];
    },
    counts: () => counts,
  };
};

/** The node went away under the drain: nothing is taken back, what has its name now is another one. */
const lostOutcome = async (
  counts: string,
  { dryRun }: RunOptions,
  target: Target,
  ability: Ability,
): Promise<Outcome> => {
  const now = await readObject(target, ability).catch(() => undefined);
  const what = now === undefined ? 'was deleted' : 'was deleted and made again';
  const stopped = counts === '' ? 'Stopped' : `Stopped: ${counts}`;
  const text = `${objectText(target)} ${what} while it was drained. ${stopped}.`;
  if (dryRun || now === undefined || at(now, 'spec', 'unschedulable') !== true) return { failed: true, message: text };
  // Its name was all that the cordon knew.
  return { failed: true, message: `${text} The new one is cordoned.`, undo: ['uncordon', target.name] };
};

/** `kubectl drain` in kubectl's code, for as long as the node is the one that was chosen. Rejects when it was not done. */
const evict = async (
  target: Target,
  inputs: Inputs,
  { dryRun, signal }: RunOptions,
  { client }: NativeWay,
  same: SameNode,
  note: (progress: DrainProgress) => void,
): Promise<DrainResult> => {
  const either = signal === undefined ? same.signal : AbortSignal.any([signal, same.signal]);
  const result = await client.drain(target.name, {
    ...optionsOf(inputs),
    dryRun,
    signal: either,
    onProgress: (step) => {
      note(step);
      // Before the next pod's turn, as far as that can be known here.
      void same.look();
    },
  });
  await same.look();
  same.signal.throwIfAborted();
  return result;
};

const drain = async (target: Target, inputs: Inputs, options: RunOptions, ability: Ability): Promise<Outcome> => {
  const { dryRun, signal, show } = options;
  const before = await readTarget(target, ability, signal);
  const way = await ability.native();
  const progress = board(target.name);
  const tell = (): void => show?.([...progress.lines(), ...(way.how === '' ? [] : ['', way.how])]);
  tell();
  /** The node as the drain left it: what is taken back is the cordon. */
  const change = async () => {
    const after = await readTarget(target, ability).catch(() => undefined);
    return dryRun || after === undefined ? undefined : ({ kind: 'update', before, after } as const);
  };
  const same = followNode(target, before.metadata?.uid, ability);
  try {
    const result = await evict(target, inputs, options, way, same, (step) => {
      progress.note(step);
      tell();
    });
    const blocked = result.blocked.map(
      ({ namespace, name, budgets }) => `${namespace}/${name} (${budgets.join(', ')})`,
    );
    const count = `${result.evicted.length} pod${result.evicted.length === 1 ? '' : 's'}`;
    if (dryRun) {
      const kept = blocked.length === 0 ? '' : `; kept by budgets now: ${blocked.join(', ')}`;
      return { message: `${count} would be evicted${kept}` };
    }
    return { message: `drained: ${count} evicted`, change: await change(), undo: ['uncordon', target.name] };
  } catch (thrown) {
    if (same.signal.aborted) return await lostOutcome(progress.counts(), options, target, ability);
    const { message, hint, code } = asClusterError(thrown);
    const text = hint === undefined ? message : `${message} (${hint})`;
    const kept = await change();
    if (code === 'not-found' || kept === undefined) return { failed: true, message: text };
    const cordoned = at(kept.after, 'spec', 'unschedulable') === true && at(before, 'spec', 'unschedulable') !== true;
    const left = cordoned ? '. It stays cordoned' : '';
    return {
      failed: true,
      message: `${text}${left}`,
      change: kept,
      ...(cordoned && { undo: ['uncordon', target.name] }),
    };
  } finally {
    same.end();
  }
};

export default defineAction({
  id: 'drain',
  title: 'drain…',
  key: 'gR',
  danger: true,
  long: true,
  verb: 'drain',
  applies: async (targets, ability) => {
    if (!targets.every(isNode)) return 'no pods are scheduled to it';
    const refused = await denied(targets, ['patch'], ability);
    if (refused !== undefined) return refused;
    const pods = resourceOf(ability, '', 'Pod');
    const evict = await ability.canI('create', pods, '', 'eviction');
    return evict.allowed ? true : 'not allowed: create pods/eviction';
  },
  note: async (targets, ability) => {
    const [target] = targets;
    if (target === undefined || targets.length > 1) return undefined;
    return at(await ability.live(target), 'spec', 'unschedulable') === true ? 'cordoned' : undefined;
  },
  inputs: async () => [
    { name: 'grace', label: "grace in seconds (-1: each pod's own)", type: 'number', value: -1 },
    { name: 'timeout', label: 'give up after seconds (0: never)', type: 'number', value: 0 },
    { name: 'daemonSets', label: 'leave pods of daemon sets', type: 'boolean', value: true },
    { name: 'emptyDir', label: 'also pods whose local data is lost', type: 'boolean', value: false },
    { name: 'force', label: 'also pods nothing makes again', type: 'boolean', value: false },
  ],
  plan,
  run: drain,
  command: ({ name }, inputs, dryRun) => {
    const { gracePeriodSeconds, timeoutSeconds, ignoreDaemonSets, deleteEmptyDirData, force } = optionsOf(inputs);
    return [
      'drain',
      name,
      ...(gracePeriodSeconds >= 0 ? [`--grace-period=${gracePeriodSeconds}`] : []),
      ...(timeoutSeconds > 0 ? [`--timeout=${timeoutSeconds}s`] : []),
      ...(ignoreDaemonSets ? ['--ignore-daemonsets'] : []),
      ...(deleteEmptyDirData ? ['--delete-emptydir-data'] : []),
      ...(force ? ['--force'] : []),
      ...(dryRun ? ['--dry-run=server'] : []),
    ];
  },
});
