/** One pod for each rule of kubectl's pod printer, and those that other tools get wrong. */
export type AwkwardPod = {
  readonly name: string;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly deleted?: boolean;
  /** Expected READY, STATUS and RESTARTS, to be sure that the pod is the case it is named after. */
  readonly expect: readonly [string, string, string | RegExp];
};

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

const app = (name = 'app', more: object = {}) => ({ name, image: 'registry.example/app:1', ...more });

const status = (name: string, state: object, more: object = {}) => ({
  name,
  image: 'registry.example/app:1',
  imageID: '',
  ready: false,
  restartCount: 0,
  state,
  ...more,
});

const running = { running: { startedAt: ago(300) } };
const ended = (exitCode: number, more: object = {}) => ({
  terminated: { exitCode, startedAt: ago(200), finishedAt: ago(100), ...more },
});
const waiting = (reason: string) => ({ waiting: { reason } });
const condition = (type: string, value: string, reason?: string) => ({
  type,
  status: value,
  ...(reason ? { reason } : {}),
});

const sidecar = app('side', { restartPolicy: 'Always' });

const initPods: readonly AwkwardPod[] = [
  {
    name: 'init-0-of-2',
    spec: { initContainers: [app('one'), app('two')] },
    status: {
      phase: 'Pending',
      initContainerStatuses: [status('one', running), status('two', waiting('PodInitializing'))],
      containerStatuses: [status('app', waiting('PodInitializing'))],
    },
    expect: ['0/1', 'Init:0/2', '0'],
  },
  {
    name: 'init-1-of-2',
    spec: { initContainers: [app('one'), app('two')] },
    status: { phase: 'Pending', initContainerStatuses: [status('one', ended(0)), status('two', running)] },
    expect: ['0/1', 'Init:1/2', '0'],
  },
  {
    name: 'init-crash-loop',
    spec: { initContainers: [app('one')] },
    status: {
      phase: 'Pending',
      initContainerStatuses: [
        status('one', waiting('CrashLoopBackOff'), { restartCount: 4, lastState: ended(1, { finishedAt: ago(92) }) }),
      ],
    },
    expect: ['0/1', 'Init:CrashLoopBackOff', /^4 \((9\ds|1\d\ds) ago\)$/],
  },
  {
    name: 'init-error',
    spec: { initContainers: [app('one')] },
    status: { phase: 'Pending', initContainerStatuses: [status('one', ended(3, { reason: 'Error' }))] },
    expect: ['0/1', 'Init:Error', '0'],
  },
  {
    name: 'init-exit-code',
    spec: { initContainers: [app('one')] },
    status: { phase: 'Pending', initContainerStatuses: [status('one', ended(3))] },
    expect: ['0/1', 'Init:ExitCode:3', '0'],
  },
  {
    name: 'init-signal',
    spec: { initContainers: [app('one')] },
    status: { phase: 'Pending', initContainerStatuses: [status('one', ended(137, { signal: 9 }))] },
    expect: ['0/1', 'Init:Signal:9', '0'],
  },
  {
    name: 'init-blocked-but-initialized',
    spec: { initContainers: [sidecar] },
    status: {
      phase: 'Running',
      conditions: [condition('Initialized', 'True')],
      initContainerStatuses: [status('side', waiting('CrashLoopBackOff'), { restartCount: 2 })],
      containerStatuses: [status('app', running, { ready: true })],
    },
    expect: ['1/2', 'Init:CrashLoopBackOff', '2'],
  },
];

const sidecarPods: readonly AwkwardPod[] = [
  {
    name: 'sidecar-ready',
    spec: { initContainers: [sidecar] },
    status: {
      phase: 'Running',
      initContainerStatuses: [status('side', running, { ready: true, started: true })],
      containerStatuses: [status('app', running, { ready: true, started: true })],
    },
    expect: ['2/2', 'Running', '0'],
  },
  {
    name: 'sidecar-restarts-count',
    spec: { initContainers: [app('one'), sidecar] },
    status: {
      phase: 'Running',
      initContainerStatuses: [
        status('one', ended(0), { restartCount: 5 }),
        status('side', running, { ready: true, started: true, restartCount: 2, lastState: ended(1) }),
      ],
      containerStatuses: [status('app', running, { ready: true, restartCount: 1 })],
    },
    expect: ['2/2', 'Running', /^3 \(\S+ ago\)$/],
  },
  {
    name: 'sidecar-not-ready',
    spec: { initContainers: [sidecar] },
    status: {
      phase: 'Running',
      initContainerStatuses: [status('side', running, { started: true })],
      containerStatuses: [status('app', running, { ready: true })],
    },
    expect: ['1/2', 'Running', '0'],
  },
  {
    name: 'sidecar-starting',
    spec: { initContainers: [sidecar] },
    status: { phase: 'Pending', initContainerStatuses: [status('side', running, { started: false })] },
    expect: ['0/2', 'Init:0/1', '0'],
  },
];

const two = { containers: [app('app'), app('helper')] };

const runningPods: readonly AwkwardPod[] = [
  { name: 'plain', status: { phase: 'Pending' }, expect: ['0/1', 'Pending', '0'] },
  {
    name: 'crash-loop',
    status: {
      phase: 'Running',
      containerStatuses: [
        status('app', waiting('CrashLoopBackOff'), { restartCount: 14, lastState: ended(1, { finishedAt: ago(41) }) }),
      ],
    },
    expect: ['0/1', 'CrashLoopBackOff', /^14 \(\d+s ago\)$/],
  },
  {
    name: 'restarts-without-a-time',
    status: { phase: 'Running', containerStatuses: [status('app', running, { ready: true, restartCount: 3 })] },
    expect: ['1/1', 'Running', '3'],
  },
  {
    name: 'oom-killed',
    status: { phase: 'Running', containerStatuses: [status('app', ended(137, { reason: 'OOMKilled' }))] },
    expect: ['0/1', 'OOMKilled', '0'],
  },
  {
    name: 'signal',
    status: { phase: 'Running', containerStatuses: [status('app', ended(143, { signal: 15 }))] },
    expect: ['0/1', 'Signal:15', '0'],
  },
  {
    name: 'exit-code',
    status: { phase: 'Running', containerStatuses: [status('app', ended(2))] },
    expect: ['0/1', 'ExitCode:2', '0'],
  },
  {
    name: 'completed',
    status: { phase: 'Succeeded', containerStatuses: [status('app', ended(0, { reason: 'Completed' }))] },
    expect: ['0/1', 'Completed', '0'],
  },
  {
    name: 'completed-and-running',
    spec: two,
    status: {
      phase: 'Running',
      containerStatuses: [
        status('app', ended(0, { reason: 'Completed' })),
        status('helper', running, { ready: true, started: true }),
      ],
    },
    expect: ['1/2', 'NotReady', '0'],
  },
  {
    name: 'completed-and-ready',
    spec: two,
    status: {
      phase: 'Running',
      conditions: [condition('Ready', 'True')],
      containerStatuses: [status('app', ended(0, { reason: 'Completed' })), status('helper', running, { ready: true })],
    },
    expect: ['1/2', 'Running', '0'],
  },
  {
    name: 'completed-and-failed',
    spec: two,
    status: {
      phase: 'Running',
      containerStatuses: [
        status('app', ended(0, { reason: 'Completed' })),
        status('helper', ended(1, { reason: 'Error' })),
      ],
    },
    expect: ['0/2', 'Error', '0'],
  },
  {
    name: 'image-pull-back-off',
    status: { phase: 'Pending', containerStatuses: [status('app', waiting('ImagePullBackOff'))] },
    expect: ['0/1', 'ImagePullBackOff', '0'],
  },
];

const lifecyclePods: readonly AwkwardPod[] = [
  {
    name: 'scheduling-gated',
    spec: { schedulingGates: [{ name: 'example.com/hold' }] },
    status: { phase: 'Pending', conditions: [condition('PodScheduled', 'False', 'SchedulingGated')] },
    expect: ['0/1', 'SchedulingGated', '0'],
  },
  { name: 'evicted', status: { phase: 'Failed', reason: 'Evicted' }, expect: ['0/1', 'Evicted', '0'] },
  {
    name: 'terminating',
    deleted: true,
    status: { phase: 'Running', containerStatuses: [status('app', running, { ready: true })] },
    expect: ['1/1', 'Terminating', '0'],
  },
  {
    name: 'terminating-but-over',
    deleted: true,
    status: { phase: 'Succeeded', containerStatuses: [status('app', ended(0, { reason: 'Completed' }))] },
    expect: ['0/1', 'Completed', '0'],
  },
  {
    name: 'node-lost',
    deleted: true,
    status: { phase: 'Running', reason: 'NodeLost' },
    expect: ['0/1', 'Unknown', '0'],
  },
  { name: 'node-lost-not-deleted', status: { phase: 'Running', reason: 'NodeLost' }, expect: ['0/1', 'NodeLost', '0'] },
  { name: 'unknown-phase', status: { phase: 'Unknown' }, expect: ['0/1', 'Unknown', '0'] },
  {
    name: 'gates-addresses-nomination',
    spec: { readinessGates: [{ conditionType: 'example.com/a' }, { conditionType: 'example.com/b' }] },
    status: {
      phase: 'Pending',
      nominatedNodeName: 'worker-9',
      podIPs: [{ ip: '10.1.2.3' }, { ip: 'fd00::3' }],
      podIP: '10.1.2.3',
      conditions: [condition('example.com/a', 'True'), condition('example.com/b', 'False')],
    },
    expect: ['0/1', 'Pending', '0'],
  },
];

export const awkwardPods: readonly AwkwardPod[] = [...initPods, ...sidecarPods, ...runningPods, ...lifecyclePods];
