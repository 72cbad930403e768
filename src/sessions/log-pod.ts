/** What a pod's status says about one of its containers. */
import { ClusterError } from '../util/error.ts';

type Ended = { readonly exitCode?: number; readonly reason?: string; readonly finishedAt?: string };

type ContainerState = {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: Ended;
};

export type ContainerStatus = {
  readonly name?: string;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
};

type Container = { readonly name: string; readonly restartPolicy?: string };

export type LogPod = {
  readonly metadata?: {
    readonly uid?: string;
    readonly name?: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
    readonly deletionTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>> | null;
  };
  readonly spec?: {
    readonly restartPolicy?: string;
    readonly containers?: readonly Container[] | null;
    readonly initContainers?: readonly Container[] | null;
    readonly ephemeralContainers?: readonly Container[] | null;
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly containerStatuses?: readonly ContainerStatus[] | null;
    readonly initContainerStatuses?: readonly ContainerStatus[] | null;
    readonly ephemeralContainerStatuses?: readonly ContainerStatus[] | null;
  };
};

const allContainers = ({ spec }: LogPod): readonly Container[] => [
  ...(spec?.containers ?? []),
  ...(spec?.initContainers ?? []),
  ...(spec?.ephemeralContainers ?? []),
];

/** As kubectl chooses: the one asked for, else the annotated default, else the first. */
export const pickContainer = (pod: LogPod, wanted: string | undefined): string => {
  const names = allContainers(pod).map(({ name }) => name);
  if (wanted !== undefined && wanted !== '') {
    if (names.includes(wanted)) return wanted;
    throw new ClusterError(
      'not-found',
      `Pod ${pod.metadata?.namespace}/${pod.metadata?.name} has no container ${wanted}.`,
      {
        hint: `It has: ${names.join(', ')}.`,
      },
    );
  }
  const annotated = pod.metadata?.annotations?.['kubectl.kubernetes.io/default-container'];
  if (annotated !== undefined && names.includes(annotated)) return annotated;
  const [first] = names;
  if (first === undefined) throw new ClusterError('not-found', `Pod ${pod.metadata?.name} has no containers.`);
  return first;
};

export const statusOf = ({ status }: LogPod, container: string): ContainerStatus | undefined =>
  [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ].find(({ name }) => name === container);

export const isRunning = (status: ContainerStatus | undefined): boolean => status?.state?.running !== undefined;

/** There is, or was, a process whose output the node still has. */
export const hasLogs = (status: ContainerStatus | undefined): boolean =>
  isRunning(status) || status?.state?.terminated !== undefined || status?.lastState?.terminated !== undefined;

const willRestart = (pod: LogPod, container: string, exitCode: number | undefined): boolean => {
  if (pod.metadata?.deletionTimestamp !== undefined) return false;
  const { phase } = pod.status ?? {};
  if (phase === 'Succeeded' || phase === 'Failed') return false;
  if (pod.spec?.ephemeralContainers?.some(({ name }) => name === container)) return false;
  const init = pod.spec?.initContainers?.find(({ name }) => name === container);
  if (init !== undefined && init.restartPolicy !== 'Always')
    return exitCode !== 0 && pod.spec?.restartPolicy !== 'Never';
  if (init !== undefined) return true;
  const policy = pod.spec?.restartPolicy ?? 'Always';
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
};

/** The container has ended for good: how. Undefined while it runs or will run again. */
export const endOf = (pod: LogPod, container: string): Ended | undefined => {
  const ended = statusOf(pod, container)?.state?.terminated;
  if (ended !== undefined) return willRestart(pod, container, ended.exitCode) ? undefined : ended;
  const { phase, reason } = pod.status ?? {};
  // An evicted pod has no container statuses.
  if (phase === 'Failed' || phase === 'Succeeded') return { reason: reason ?? phase };
  return undefined;
};

export const endText = (ended: Ended | undefined): string => {
  if (ended === undefined) return '';
  const code = ended.exitCode === undefined ? '' : `exit ${ended.exitCode}`;
  const reason =
    ended.reason === undefined || ended.reason === 'Error' || ended.reason === 'Completed' ? '' : ended.reason;
  return [code, reason].filter((part) => part !== '').join(', ');
};

/** How the process before the current one ended. */
export const lastEnd = (status: ContainerStatus | undefined): string =>
  endText(status?.lastState?.terminated ?? status?.state?.terminated);

/** Why nothing runs now: `CrashLoopBackOff`, `ContainerCreating`. */
export const waitingReason = (pod: LogPod, status: ContainerStatus | undefined): string =>
  status?.state?.waiting?.reason ?? status?.state?.terminated?.reason ?? pod.status?.phase ?? 'Pending';
