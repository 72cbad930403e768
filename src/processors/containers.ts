import type { Decoded } from '../decode/decoded.ts';
import type { Resource } from '../protocol/resource.ts';
import type { Cell, Health, Row } from '../protocol/row.ts';
import { parseTimestamp } from '../util/timestamp.ts';
import { emptyCell, numberCell, ownText, sharedText, timeCell } from './cells.ts';
import { type Column, extra, text, wide } from './columns.ts';
import { ownResource } from './composite.ts';
import { defineKind } from './define-kind.ts';
import { makeProcessor } from './make-processor.ts';
import type { KubeObject, Loose, Maybe } from './objects.ts';
import type { ContainerStatus } from './pod-state.ts';
import type { Processor } from './processor.ts';
import { healthStyle } from './row-parts.ts';
import { type Amounts, containerFacts } from './usage-facts.ts';

/** The containers of one pod, which no server lists. */
export const containersResource: Resource = ownResource('containers', 'Container', ['co']);

type Type = 'app' | 'sidecar' | 'init' | 'ephemeral';

type Port = Loose<{ name: string; containerPort: number; protocol: string }>;

type ContainerSpec = {
  readonly name?: Maybe<string>;
  readonly image?: Maybe<string>;
  readonly restartPolicy?: Maybe<string>;
  readonly ports?: Maybe<readonly Port[]>;
  readonly livenessProbe?: Maybe<object>;
  readonly readinessProbe?: Maybe<object>;
  readonly startupProbe?: Maybe<object>;
  readonly resources?: Maybe<{ readonly requests?: Amounts; readonly limits?: Amounts }>;
};

type Status = ContainerStatus & { readonly imageID?: Maybe<string> };

type WholePod = KubeObject & {
  readonly spec?: Maybe<{
    readonly containers?: Maybe<readonly ContainerSpec[]>;
    readonly initContainers?: Maybe<readonly ContainerSpec[]>;
    readonly ephemeralContainers?: Maybe<readonly ContainerSpec[]>;
  }>;
  readonly status?: Maybe<{
    readonly containerStatuses?: Maybe<readonly Status[]>;
    readonly initContainerStatuses?: Maybe<readonly Status[]>;
    readonly ephemeralContainerStatuses?: Maybe<readonly Status[]>;
  }>;
};

/** One container as a row needs it: what was asked for and what became of it. */
type Part = KubeObject & {
  readonly pod: { readonly name: string; readonly uid: string };
  readonly type: Type;
  /** Its place among those of its type. */
  readonly position: number;
  readonly container: ContainerSpec;
  readonly status: Status;
};

const types: readonly Type[] = ['app', 'sidecar', 'init', 'ephemeral'];

const noStatus: Status = {};

const listed = (pod: WholePod): readonly (readonly [Type, ContainerSpec, Status | undefined])[] => {
  const { spec, status } = pod;
  const of = (all: Maybe<readonly Status[]>, { name }: ContainerSpec): Status | undefined =>
    all?.find((each) => each.name === name);
  return [
    ...(spec?.containers ?? []).map((each) => ['app', each, of(status?.containerStatuses, each)] as const),
    ...(spec?.initContainers ?? []).map(
      (each) =>
        [each.restartPolicy === 'Always' ? 'sidecar' : 'init', each, of(status?.initContainerStatuses, each)] as const,
    ),
    ...(spec?.ephemeralContainers ?? []).map(
      (each) => ['ephemeral', each, of(status?.ephemeralContainerStatuses, each)] as const,
    ),
  ];
};

/** A pod as its containers: each an item of its own, which lives as long as the pod and changes with it. */
export const containersOf = (item: Decoded): readonly Decoded[] => {
  if (item.problem !== undefined) return [item];
  const { meta } = item;
  const pod = item.object as WholePod;
  return listed(pod).map(([type, container, status], position) => {
    const name = container.name ?? '';
    const object: Part = {
      metadata: { ...pod.metadata, ownerReferences: [{ uid: meta.uid }] },
      pod: { name: meta.name, uid: meta.uid },
      type,
      position,
      container,
      status: status ?? noStatus,
    };
    return { meta: { ...meta, uid: `${meta.uid}/${name}`, name: `${meta.name}/${name}` }, object };
  });
};

const stateOf = ({ status: { state } }: Part): string => {
  const ended = state?.terminated;
  if (ended) return ended.reason || (ended.signal ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode ?? 0}`);
  if (state?.running) return 'Running';
  return state?.waiting?.reason || 'Waiting';
};

/** Waiting for its turn is no trouble; any other reason to wait is. */
const patient = new Set(['Waiting', 'ContainerCreating', 'PodInitializing']);

const health = (part: Part): Health => {
  const { state, ready } = part.status;
  if (state?.terminated) return (state.terminated.exitCode ?? 0) === 0 ? 'done' : 'error';
  if (state?.running) return ready === true || part.type === 'init' || part.type === 'ephemeral' ? 'ok' : 'warning';
  return patient.has(stateOf(part)) ? 'pending' : 'error';
};

const type: Column<Part> = {
  title: 'TYPE',
  cell: (part) => ({ text: part.type, value: types.indexOf(part.type) + part.position / 1000 }),
};

const state: Column<Part> = {
  title: 'STATE',
  cell: (part) => {
    const word = stateOf(part);
    const style = healthStyle(health(part));
    return style === undefined ? sharedText(word) : { text: word, value: word, style };
  },
};

const restarts: Column<Part> = {
  title: 'RESTARTS',
  time: 'ago',
  cell: ({ status }): Cell => {
    const count = status.restartCount ?? 0;
    if (count === 0) return numberCell(0);
    const at = parseTimestamp(status.lastState?.terminated?.finishedAt);
    const cell = { text: String(count), value: count, style: 'KubectlWarning' } as const;
    return at === undefined ? cell : { ...cell, at };
  },
};

/** How long it runs; how long ago it ended. */
const age: Column<Part> = {
  title: 'AGE',
  time: 'age',
  cell: ({ status: { state: now } }) => {
    const running = now?.running as Maybe<{ readonly startedAt?: Maybe<string> }>;
    const at = parseTimestamp(running?.startedAt ?? now?.terminated?.finishedAt);
    return at === undefined ? emptyCell : timeCell(at);
  },
};

const lastState: Column<Part> = {
  title: 'LAST STATE',
  cell: ({ status: { lastState: before } }) => {
    const ended = before?.terminated;
    return ended ? ownText(`${ended.reason || 'Terminated'} (${ended.exitCode ?? 0})`) : sharedText('<none>');
  },
};

const portText = ({ name, containerPort, protocol }: Port): string =>
  `${name ? `${name}:` : ''}${containerPort ?? ''}${protocol && protocol !== 'TCP' ? `/${protocol}` : ''}`;

const probes = ({ container }: Part): string =>
  [
    container.startupProbe ? 'startup' : '',
    container.livenessProbe ? 'live' : '',
    container.readinessProbe ? 'ready' : '',
  ]
    .filter(Boolean)
    .join(',');

const kind = defineKind<Part>({
  groups: [],
  kind: 'Container',
  columns: [
    { title: 'NAME', cell: ({ container }) => ownText(container.name ?? '') },
    type,
    text('READY', ({ status }: Part) => String(status.ready ?? false)),
    state,
    restarts,
    age,
    text('IMAGE', ({ container }: Part) => container.image),
    text('PORTS', ({ container }: Part) => (container.ports ?? []).map(portText).join(','), '<none>'),
    wide(text('PROBES', probes, '<none>')),
    wide(lastState),
    extra(wide(text('IMAGE ID', ({ status }: Part) => status.imageID, '<none>'))),
  ],
  fields: [],
  health,
  facts: ({ container }) => containerFacts(container.name ?? '', container.resources),
  children: () => ({ logs: true }),
});

/** Rows of containers; describe, YAML and logs of one are those of its pod, whose resource is `pods`. */
export const containersProcessor = (pods: Resource): Processor => {
  const made = makeProcessor(kind);
  const row = (item: Decoded): Row => {
    const own = made.row(item);
    const part = item.object as Partial<Part> | undefined;
    if (item.problem !== undefined || part?.pod === undefined) return own;
    const container = part.container?.name ?? '';
    const { name, uid } = part.pod;
    return {
      ...own,
      name: container,
      uid: own.key,
      of: { resource: pods, namespace: own.namespace, name, uid, container },
    };
  };
  return { ...made, row, sort: { title: 'TYPE', descending: false } };
};
