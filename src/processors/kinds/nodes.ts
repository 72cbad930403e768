import type { Health } from '../../protocol/row.ts';
import { address, age, extra, name, status, text, version, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { Condition, KubeObject } from '../objects.ts';
import { healthStyle } from '../row-parts.ts';
import { type Amounts, nodeFacts } from '../usage-facts.ts';

type Taint = { readonly key?: string | null; readonly value?: string | null; readonly effect?: string | null };

type Node = KubeObject & {
  readonly spec?: { readonly unschedulable?: boolean | null; readonly taints?: readonly Taint[] | null } | null;
  readonly status?: {
    readonly conditions?: readonly Condition[] | null;
    readonly allocatable?: Amounts;
    readonly addresses?: readonly { readonly type?: string | null; readonly address?: string | null }[] | null;
    readonly nodeInfo?: {
      readonly kubeletVersion?: string | null;
      readonly osImage?: string | null;
      readonly kernelVersion?: string | null;
      readonly containerRuntimeVersion?: string | null;
      readonly architecture?: string | null;
    } | null;
  } | null;
};

const none: readonly never[] = [];

/** The last condition of the type counts, as in the map printNode builds. */
const readyCondition = (node: Node): Condition | undefined =>
  node.status?.conditions?.findLast((condition) => condition.type === 'Ready');

const readyText = (node: Node): string => {
  const ready = readyCondition(node);
  if (ready === undefined) return 'Unknown';
  return ready.status === 'True' ? 'Ready' : 'NotReady';
};

const statusText = (node: Node): string =>
  node.spec?.unschedulable === true ? `${readyText(node)},SchedulingDisabled` : readyText(node);

const statusHealth = (word: string): Health => {
  if (word === 'Ready') return 'ok';
  return word === 'Ready,SchedulingDisabled' ? 'warning' : 'error';
};

const rolePrefix = 'node-role.kubernetes.io/';

/** findNodeRoles. */
const roles = (node: Node): string => {
  const labels = node.metadata?.labels ?? {};
  const found = new Set<string>();
  for (const key in labels) {
    if (key.startsWith(rolePrefix)) found.add(key.slice(rolePrefix.length));
    else if (key === 'kubernetes.io/role') found.add(labels[key] ?? '');
  }
  found.delete('');
  return [...found].sort().join(',');
};

const addressOf = (node: Node, type: string): string | null | undefined =>
  node.status?.addresses?.find((entry) => entry.type === type)?.address;

const kernel = (node: Node): string => {
  const info = node.status?.nodeInfo;
  const release = info?.kernelVersion || '<unknown>';
  return info?.architecture ? `${release} (${info.architecture})` : release;
};

/** Conditions that are bad news when true: MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable. */
const pressures = (node: Node): string =>
  (node.status?.conditions ?? none)
    .filter(({ type, status: state }) => state === 'True' && /Pressure$|^NetworkUnavailable$/.test(type ?? ''))
    .map(({ type }) => (type ?? '').replace('Pressure', ''))
    .join(',');

const taintText = ({ key, value, effect }: Taint): string => `${key}${value ? `=${value}` : ''}:${effect}`;

const health = (node: Node): Health => {
  const byStatus = statusHealth(statusText(node));
  return byStatus === 'ok' && pressures(node) !== '' ? 'warning' : byStatus;
};

/** printers.go, printNode. */
export default defineKind<Node>({
  groups: [''],
  kind: 'Node',
  columns: [
    name,
    status('STATUS', statusText, (word) => healthStyle(statusHealth(word))),
    text('ROLES', roles, '<none>'),
    age,
    version('VERSION', (node: Node) => node.status?.nodeInfo?.kubeletVersion),
    wide(address('INTERNAL-IP', (node: Node) => addressOf(node, 'InternalIP'))),
    wide(address('EXTERNAL-IP', (node: Node) => addressOf(node, 'ExternalIP'))),
    wide(text('OS-IMAGE', (node: Node) => node.status?.nodeInfo?.osImage, '<unknown>')),
    wide(text('KERNEL-VERSION', kernel)),
    wide(text('CONTAINER-RUNTIME', (node: Node) => node.status?.nodeInfo?.containerRuntimeVersion, '<unknown>')),
    extra(wide(text('PRESSURE', pressures, '<none>'))),
    extra(wide(text('TAINTS', (node: Node) => (node.spec?.taints ?? none).map(taintText).join(','), '<none>'))),
  ],
  fields: [
    'spec.unschedulable',
    'spec.taints.key',
    'spec.taints.value',
    'spec.taints.effect',
    'status.conditions.type',
    'status.conditions.status',
    'status.allocatable',
    'status.addresses.type',
    'status.addresses.address',
    'status.nodeInfo.kubeletVersion',
    'status.nodeInfo.osImage',
    'status.nodeInfo.kernelVersion',
    'status.nodeInfo.containerRuntimeVersion',
    'status.nodeInfo.architecture',
  ],
  health,
  facts: (node) => nodeFacts(node.status?.allocatable),
  children: (row) => ({ table: { resource: 'pods', namespaces: [], fieldSelector: `spec.nodeName=${row.name}` } }),
});
