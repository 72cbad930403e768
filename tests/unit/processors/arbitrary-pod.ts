import fc from 'fast-check';

/** Pods as a server accepts them through the status subresource: every state the printer tells apart, mixed freely. */

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

/** Ends of containers: from a second to three years before `base`. */
const past = (base: number): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 400, max: 100_000 }),
      fc.integer({ max: 90_000_000, min: 1 }),
    )
    .map((seconds) => new Date(base - seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z'));

const terminated = (base: number) =>
  fc.record({
    exitCode: pick(0, 0, 1, 2, 137),
    reason: pick(undefined, 'Completed', 'Error', 'OOMKilled', 'ContainerCannotRun'),
    signal: pick(undefined, undefined, 9, 15),
    startedAt: past(base),
    finishedAt: past(base),
  });

const waiting = fc.record({
  reason: pick(undefined, 'CrashLoopBackOff', 'ImagePullBackOff', 'ContainerCreating', 'PodInitializing'),
});

const state = (base: number) =>
  fc.oneof(
    fc.record({ running: fc.record({ startedAt: past(base) }) }),
    fc.record({ terminated: terminated(base) }),
    fc.record({ waiting }),
    fc.constant({}),
  );

const containerStatus = (base: number, name: string) =>
  fc.record({
    name: fc.constant(name),
    image: fc.constant('registry.example/app:1'),
    imageID: fc.constant(''),
    ready: fc.boolean(),
    started: pick(true, false, undefined),
    restartCount: pick(0, 0, 0, 1, 4, 17),
    state: state(base),
    lastState: fc.oneof(fc.constant({}), fc.record({ terminated: terminated(base) })),
  });

const statusesOf = (base: number, names: readonly string[]) =>
  fc
    .tuple(...names.map((name) => maybe(containerStatus(base, name))))
    .map((all) => all.filter((each) => each !== undefined));

const condition = (type: string, reasons: readonly string[]) =>
  fc.record({
    type: fc.constant(type),
    status: pick('True', 'False', 'Unknown'),
    reason: pick(...reasons),
    lastTransitionTime: fc.constant('2026-01-01T00:00:00Z'),
  });

const conditions = fc
  .tuple(
    maybe(condition('PodScheduled', ['', '', 'Unschedulable', 'SchedulingGated'])),
    maybe(condition('Initialized', ['', 'ContainersNotInitialized'])),
    maybe(condition('Ready', ['', 'ContainersNotReady'])),
    maybe(condition('example.com/gate', [''])),
  )
  .map((all) => all.filter((each) => each !== undefined));

const container = (name: string) => ({ name, image: 'registry.example/app:1' });

const shape = fc.record({ containers: fc.integer({ min: 1, max: 3 }), init: fc.array(fc.boolean(), { maxLength: 3 }) });

const numbered = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

export type GeneratedPod = {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: Readonly<Record<string, unknown>>;
  readonly deleted: boolean;
};

/** Times are before `base`, ms since the epoch. */
export const arbitraryPod = (base: number): fc.Arbitrary<GeneratedPod> =>
  shape.chain(({ containers, init }) => {
    const names = numbered('app', containers);
    const initNames = numbered('init', init.length);
    const pod = fc.record({
      spec: fc.record({
        containers: fc.constant(names.map(container)),
        initContainers: fc.constant(
          initNames.map((name, index) => ({ ...container(name), ...(init[index] ? { restartPolicy: 'Always' } : {}) })),
        ),
        readinessGates: pick<readonly object[]>(
          [],
          [],
          [{ conditionType: 'example.com/gate' }],
          [{ conditionType: 'example.com/gate' }, { conditionType: 'example.com/other' }],
        ),
        nodeName: pick(undefined, 'ghost-1'),
      }),
      status: fc.record({
        phase: pick('Pending', 'Running', 'Running', 'Succeeded', 'Failed', 'Unknown'),
        reason: pick(undefined, undefined, undefined, 'Evicted', 'NodeLost', 'Shutdown'),
        podIPs: pick<readonly object[]>([], [{ ip: '10.1.2.3' }], [{ ip: '10.1.2.4' }, { ip: 'fd00::4' }]),
        nominatedNodeName: pick(undefined, undefined, 'worker-9'),
        conditions,
        initContainerStatuses: statusesOf(base, initNames),
        containerStatuses: statusesOf(base, names),
      }),
      deleted: pick(false, false, false, true),
    });
    // The server refuses a nomination for a pod that has its node.
    return pod.map(({ spec, status, deleted }) => ({
      spec,
      status: spec.nodeName === undefined ? status : { ...status, nominatedNodeName: undefined },
      deleted,
    }));
  });
