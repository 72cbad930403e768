import type { Cell, Health } from '../../protocol/row.ts';
import { numberCell, ratioCell, sharedText } from '../cells.ts';
import { address, age, type Column, extra, name, namespace, ratio, status, text, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { podHover } from '../pod-hover.ts';
import { type Pod, podState, readinessGates } from '../pod-state.ts';
import { healthStyle } from '../row-parts.ts';
import { podFacts, podUsageFields } from '../usage-facts.ts';
import { imagesOf } from '../workload.ts';

const waitingReasons = new Set(['Pending', 'ContainerCreating', 'PodInitializing', 'SchedulingGated', 'Terminating']);

const isProgress = (reason: string): boolean => reason.startsWith('Init:') && reason.includes('/');

/** What a status word means; words not listed are reasons of failure, as CrashLoopBackOff or Evicted. */
const reasonHealth = (reason: string): Health => {
  if (reason === 'Running') return 'ok';
  if (reason === 'Completed' || reason === 'Succeeded') return 'done';
  if (reason === '') return 'unknown';
  if (waitingReasons.has(reason) || isProgress(reason)) return 'pending';
  return reason === 'NotReady' ? 'warning' : 'error';
};

const health = (pod: Pod): Health => {
  const { reason, ready, total } = podState(pod);
  const byReason = reasonHealth(reason);
  return byReason === 'ok' && ready < total ? 'warning' : byReason;
};

const restarts: Column<Pod> = {
  title: 'RESTARTS',
  time: 'ago',
  cell: (pod): Cell => {
    const { restarts: value, lastRestart } = podState(pod);
    if (value === 0) return numberCell(0);
    const cell = { ...numberCell(value), style: 'KubectlWarning' } as const;
    return lastRestart === undefined ? cell : { ...cell, at: lastRestart };
  },
};

const noGates = sharedText('<none>');

const gates: Column<Pod> = {
  title: 'READINESS GATES',
  cell: (pod) => {
    const met = readinessGates(pod);
    return met === undefined ? noGates : ratioCell(met[0], met[1]);
  },
};

const ready = (pod: Pod): readonly [number, number] => {
  const state = podState(pod);
  return [state.ready, state.total];
};

export default defineKind<Pod>({
  groups: [''],
  kind: 'Pod',
  columns: [
    namespace,
    name,
    ratio('READY', ready),
    status(
      'STATUS',
      (pod: Pod) => podState(pod).reason,
      (word) => healthStyle(reasonHealth(word)),
    ),
    restarts,
    age,
    wide(address('IP', (pod: Pod) => pod.status?.podIP)),
    wide(text('NODE', (pod: Pod) => pod.spec?.nodeName, '<none>')),
    wide(text('NOMINATED NODE', (pod: Pod) => pod.status?.nominatedNodeName, '<none>')),
    wide(gates),
    extra(imagesOf((pod: Pod) => pod.spec?.containers)),
  ],
  fields: [
    'spec.nodeName',
    'spec.containers.name',
    'spec.containers.image',
    'spec.initContainers.name',
    'spec.initContainers.restartPolicy',
    'spec.readinessGates.conditionType',
    'status.phase',
    'status.reason',
    'status.podIP',
    'status.nominatedNodeName',
    'status.conditions.type',
    'status.conditions.status',
    'status.conditions.reason',
    ...podUsageFields,
    ...['status.initContainerStatuses', 'status.containerStatuses'].flatMap((path) => [
      `${path}.name`,
      `${path}.ready`,
      `${path}.started`,
      `${path}.restartCount`,
      `${path}.state.waiting.reason`,
      `${path}.state.running`,
      `${path}.state.terminated.reason`,
      `${path}.state.terminated.signal`,
      `${path}.state.terminated.exitCode`,
      `${path}.lastState.terminated.finishedAt`,
    ]),
  ],
  health,
  facts: podFacts,
  hover: podHover,
  children: (row) => ({ table: { resource: 'containers', namespaces: [row.namespace], names: [row.name] } }),
});
