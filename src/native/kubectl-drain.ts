import { ClusterError } from '../util/error.ts';
import { cancelled, soFar } from './cancelled.ts';
import { budgetsOf } from './kubectl-budgets.ts';
import type { Kubectl } from './kubectl-process.ts';
import type { DrainOptions, DrainProgress, DrainResult, PodName } from './types.ts';

type Blocked = DrainResult['blocked'][number];
type Event = Omit<DrainProgress, 'done' | 'total'>;

/** What a run of `kubectl drain` has said so far. */
type Story = {
  cordoned: boolean;
  readonly pods: Map<string, PodName & { gone: boolean }>;
  readonly blocked: Map<string, Blocked>;
  readonly warnings: string[];
};

/** kubectl sleeps 5 s after a pod that is kept; a dry run needs to hear of each only once. */
const dryRunSeconds = 1;

/** `kubectl drain`, its lines turned into progress. The total grows as kubectl names its pods. */
export const drainWithKubectl = async (
  kubectl: Kubectl,
  node: string,
  options: DrainOptions = {},
): Promise<DrainResult> => {
  const { signal, dryRun = false, onProgress } = options;
  const what = `drain node ${node}`;
  // Pods that forbid the drain are found before the node is cordoned, as Go does.
  await kubectl(['drain', '--dry-run=client', ...flags(options), '--', node], { what, signal });
  const story: Story = { cordoned: false, pods: new Map(), blocked: new Map(), warnings: [] };
  const counts = () => {
    const pods = [...story.pods.values()];
    return { done: pods.filter(({ gone }) => gone).length, total: pods.length };
  };
  const tell = (event: Event): void => onProgress?.({ ...event, ...counts() });
  const late: Promise<void>[] = [];
  const onLine = (line: string): void => {
    const event = read(story, line);
    if (event === undefined) return;
    if (event.step === 'blocked') late.push(nameBudgets(kubectl, story, event, signal).then(tell));
    else tell(event);
  };
  const seconds = dryRun ? dryRunSeconds : (options.timeoutSeconds ?? 0);
  const args = [...flags(options), `--timeout=${seconds}s`, `--dry-run=${dryRun ? 'server' : 'none'}`];
  try {
    await kubectl(['drain', ...args, '--', node], { what, signal, onLine });
  } catch (error) {
    if (signal?.aborted && story.pods.size > 0) throw cancelled(`${what}: ${soFar(counts())}`, signal);
    await Promise.all(late);
    if (!dryRun || story.blocked.size === 0) throw explained(error, story, node);
  }
  await Promise.all(late);
  const evicted = [...story.pods.values()].filter(({ gone, namespace, name }) =>
    dryRun ? !story.blocked.has(`${namespace}/${name}`) : gone,
  );
  return {
    node,
    dryRun,
    cordoned: story.cordoned,
    evicted: evicted.map(({ namespace, name }) => ({ namespace, name })),
    blocked: dryRun ? [...story.blocked.values()] : [],
    warnings: story.warnings,
  };
};

const flags = (options: DrainOptions): readonly string[] => [
  `--ignore-daemonsets=${options.ignoreDaemonSets ?? false}`,
  `--delete-emptydir-data=${options.deleteEmptyDirData ?? false}`,
  `--force=${options.force ?? false}`,
  `--disable-eviction=${options.disableEviction ?? false}`,
  `--grace-period=${options.gracePeriodSeconds ?? -1}`,
  ...(options.podSelector === undefined ? [] : [`--pod-selector=${options.podSelector}`]),
];

/** One line of kubectl's (cmd/drain and pkg/drain). */
const read = (story: Story, line: string): Event | undefined => {
  const [, state] = /^node\/\S+ (already cordoned|cordoned)/.exec(line) ?? [];
  if (state !== undefined) {
    story.cordoned = state === 'cordoned';
    return { step: 'cordoned', message: line };
  }
  if (line.startsWith('Warning: ')) {
    story.warnings.push(...line.slice('Warning: '.length).split('; '));
    return { step: 'warning', message: line.slice('Warning: '.length) };
  }
  const [, evicting, name] = /^evicting pod (\S+)\/(\S+)/.exec(line) ?? [];
  if (evicting !== undefined && name !== undefined) {
    const key = `${evicting}/${name}`;
    if (story.pods.has(key)) return undefined; // tried again
    story.pods.set(key, { namespace: evicting, name, gone: false });
    return { step: 'evicting', message: line, namespace: evicting, pod: name };
  }
  const [, kept, namespace] = /^error when evicting pods\/"([^"]+)" -n "([^"]+)" \(will retry/.exec(line) ?? [];
  if (kept !== undefined && namespace !== undefined) {
    return { step: 'blocked', message: line, namespace, pod: kept };
  }
  return readGone(story, line);
};

/** "pod/x evicted" has no namespace: it is the first pod of that name that was not gone yet. */
const readGone = (story: Story, line: string): Event | undefined => {
  const [, name] = /^pod\/(\S+) (?:evicted|deleted)/.exec(line) ?? [];
  const pod = [...story.pods.values()].find((pod) => pod.name === name && !pod.gone);
  if (pod === undefined) return undefined;
  pod.gone = true;
  return { step: 'gone', message: line, namespace: pod.namespace, pod: pod.name };
};

const nameBudgets = async (
  kubectl: Kubectl,
  story: Story,
  event: Event,
  signal: AbortSignal | undefined,
): Promise<Event> => {
  const { namespace = '', pod = '' } = event;
  const budgets = await budgetsOf(kubectl, namespace, pod, signal);
  const message =
    budgets.length === 0
      ? `pod/${pod} cannot be evicted yet`
      : `pod/${pod} is kept by PodDisruptionBudget ${budgets.join(', ')}`;
  story.blocked.set(`${namespace}/${pod}`, { namespace, name: pod, budgets, message });
  return { ...event, message, budgets };
};

const explained = (error: unknown, story: Story, node: string): unknown => {
  if (!(error instanceof ClusterError) || error.code !== 'timeout') return error;
  const left = [...story.pods.values()].filter(({ gone }) => !gone);
  const names = left.map(({ namespace, name }) => {
    const budgets = story.blocked.get(`${namespace}/${name}`)?.budgets ?? [];
    return `${namespace}/${name}${budgets.length === 0 ? '' : ` (kept by PodDisruptionBudget ${budgets.join(', ')})`}`;
  });
  return new ClusterError(
    'timeout',
    `draining node ${node} timed out: ${left.length} of ${story.pods.size} pods are left: ${names.slice(0, 5).join(', ')}`,
    { hint: 'the node stays cordoned; drain again to go on, or uncordon it', cause: error },
  );
};
