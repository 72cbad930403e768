import { parseTimestamp } from '../util/timestamp.ts';
import { rememberLast } from './memo.ts';
import type { Condition, Container, KubeObject, Time } from './objects.ts';

type Terminated = {
  readonly reason?: string | null;
  readonly signal?: number | null;
  readonly exitCode?: number | null;
  readonly finishedAt?: Time;
};

type ContainerState = {
  readonly waiting?: { readonly reason?: string | null } | null;
  readonly running?: object | null;
  readonly terminated?: Terminated | null;
};

export type ContainerStatus = {
  readonly name?: string | null;
  readonly ready?: boolean | null;
  readonly started?: boolean | null;
  readonly restartCount?: number | null;
  readonly state?: ContainerState | null;
  readonly lastState?: ContainerState | null;
};

export type Pod = KubeObject & {
  readonly spec?: {
    readonly nodeName?: string | null;
    readonly containers?: readonly Container[] | null;
    readonly initContainers?: readonly Container[] | null;
    readonly readinessGates?: readonly { readonly conditionType?: string | null }[] | null;
  } | null;
  readonly status?: {
    readonly phase?: string | null;
    readonly reason?: string | null;
    readonly podIP?: string | null;
    readonly nominatedNodeName?: string | null;
    readonly conditions?: readonly Condition[] | null;
    readonly initContainerStatuses?: readonly ContainerStatus[] | null;
    readonly containerStatuses?: readonly ContainerStatus[] | null;
  } | null;
};

/** What kubectl's READY, STATUS and RESTARTS say of a pod. */
export type PodState = {
  readonly ready: number;
  readonly total: number;
  readonly reason: string;
  readonly restarts: number;
  /** When the latest of the counted restarts began: its predecessor's end, ms since the epoch. */
  readonly lastRestart: number | undefined;
};

/** While the pod is being read. */
type Draft = { ready: number; reason: string; restarts: number; lastRestart: number | undefined };

const none: readonly never[] = [];

const latest = (known: number | undefined, status: ContainerStatus): number | undefined => {
  const finished = parseTimestamp(status.lastState?.terminated?.finishedAt);
  if (finished === undefined || (known !== undefined && known >= finished)) return known;
  return finished;
};

/** podutil.IsRestartableInitContainer: a sidecar; of containers with one name the last counts, as in the map there. */
const isSidecar = (containers: readonly Container[], name: string | null | undefined): boolean => {
  for (let index = containers.length - 1; index >= 0; index--) {
    const container = containers[index] as Container;
    if (container.name === name) return container.restartPolicy === 'Always';
  }
  return false;
};

const exitReason = (terminated: Terminated): string => {
  if (terminated.reason) return terminated.reason;
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode ?? 0}`;
};

/** The reason an init container keeps the pod from starting; undefined when it does not. */
const blockingReason = (status: ContainerStatus, position: number, total: number): string => {
  const terminated = status.state?.terminated;
  if (terminated) return `Init:${exitReason(terminated)}`;
  const waiting = status.state?.waiting?.reason;
  if (waiting && waiting !== 'PodInitializing') return `Init:${waiting}`;
  return `Init:${position}/${total}`;
};

/** The loop over init containers; `initializing` when one of them holds up the rest. */
const readInitContainers = (pod: Pod, draft: Draft): { initializing: boolean; sidecars: Draft } => {
  const containers = pod.spec?.initContainers ?? none;
  const statuses = pod.status?.initContainerStatuses ?? none;
  const sidecars: Draft = { ready: 0, reason: '', restarts: 0, lastRestart: undefined };
  for (let index = 0; index < statuses.length; index++) {
    const status = statuses[index] as ContainerStatus;
    const sidecar = isSidecar(containers, status.name);
    draft.restarts += status.restartCount ?? 0;
    draft.lastRestart = latest(draft.lastRestart, status);
    if (sidecar) {
      sidecars.restarts += status.restartCount ?? 0;
      sidecars.lastRestart = latest(sidecars.lastRestart, status);
    }
    const terminated = status.state?.terminated;
    if (terminated && (terminated.exitCode ?? 0) === 0) continue;
    if (sidecar && status.started === true) {
      if (status.ready === true) draft.ready++;
      continue;
    }
    draft.reason = blockingReason(status, index, containers.length);
    return { initializing: true, sidecars };
  }
  return { initializing: false, sidecars };
};

/** The loop over the app's containers, last to first, so that the first one's reason wins. */
const readContainers = (pod: Pod, draft: Draft): void => {
  const statuses = pod.status?.containerStatuses ?? none;
  let hasRunning = false;
  let errorReason = '';
  for (let index = statuses.length - 1; index >= 0; index--) {
    const status = statuses[index] as ContainerStatus;
    draft.restarts += status.restartCount ?? 0;
    draft.lastRestart = latest(draft.lastRestart, status);
    const state = status.state;
    if (state?.waiting?.reason) draft.reason = state.waiting.reason;
    else if (state?.terminated) {
      draft.reason = exitReason(state.terminated);
      if ((state.terminated.exitCode ?? 0) !== 0) errorReason = draft.reason;
    } else if (status.ready === true && state?.running) {
      hasRunning = true;
      draft.ready++;
    }
  }
  if (draft.reason !== 'Completed') return;
  if (hasRunning && hasCondition(pod, 'Ready')) draft.reason = 'Running';
  else if (errorReason !== '') draft.reason = errorReason;
  else if (hasRunning) draft.reason = 'NotReady';
};

const hasCondition = (pod: Pod, type: string): boolean =>
  (pod.status?.conditions ?? none).some((condition) => condition.type === type && condition.status === 'True');

/** Only the first condition of the type counts: isPodInitializedConditionTrue. */
const isInitialized = (pod: Pod): boolean =>
  (pod.status?.conditions ?? none).find((condition) => condition.type === 'Initialized')?.status === 'True';

const startReason = (pod: Pod): string => {
  const status = pod.status;
  for (const condition of status?.conditions ?? none) {
    if (condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated') return 'SchedulingGated';
  }
  return status?.reason || status?.phase || '';
};

const endReason = (pod: Pod, reason: string): string => {
  if (pod.metadata?.deletionTimestamp == null) return reason;
  if (pod.status?.reason === 'NodeLost') return 'Unknown';
  const phase = pod.status?.phase;
  return phase === 'Succeeded' || phase === 'Failed' ? reason : 'Terminating';
};

const totalOf = (pod: Pod): number => {
  let total = pod.spec?.containers?.length ?? 0;
  for (const container of pod.spec?.initContainers ?? none) if (container.restartPolicy === 'Always') total++;
  return total;
};

/** k8s.io/kubernetes/pkg/printers/internalversion/printers.go, printPod (v1.36), rule by rule. */
export const podState: (pod: Pod) => PodState = rememberLast((pod) => {
  const draft: Draft = { ready: 0, reason: startReason(pod), restarts: 0, lastRestart: undefined };
  const { initializing, sidecars } = readInitContainers(pod, draft);
  if (!initializing || isInitialized(pod)) {
    draft.restarts = sidecars.restarts;
    draft.lastRestart = sidecars.lastRestart;
    readContainers(pod, draft);
  }
  return {
    ready: draft.ready,
    total: totalOf(pod),
    reason: endReason(pod, draft.reason),
    restarts: draft.restarts,
    lastRestart: draft.restarts === 0 ? undefined : draft.lastRestart,
  };
});

/** Readiness gates that are met and those there are; of conditions with one type only the first counts. */
export const readinessGates = (pod: Pod): readonly [number, number] | undefined => {
  const gates = pod.spec?.readinessGates ?? none;
  if (gates.length === 0) return undefined;
  const conditions = pod.status?.conditions ?? none;
  let met = 0;
  for (const gate of gates) {
    if (conditions.find((condition) => condition.type === gate.conditionType)?.status === 'True') met++;
  }
  return [met, gates.length];
};
