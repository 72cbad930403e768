import { type Awkward, ago, type Family, podTemplate, specs } from './awkward.ts';

const selector = { matchLabels: { app: 'a' } };
const odd = {
  matchLabels: { b: '2', a: '1' },
  matchExpressions: [
    { key: 'zone', operator: 'NotIn', values: ['z2', 'z1'] },
    { key: 'a', operator: 'Exists' },
  ],
};
const one = podTemplate({ app: 'a' }, 'registry.example/app:1');
const two = podTemplate({ a: '1', b: '2' }, 'registry.example/app:1', 'registry.example/side@sha256:0123');

const statefulSets: Family = {
  resource: 'statefulsets.apps',
  objects: () =>
    specs({
      'one-replica': { spec: { serviceName: 's', selector, template: one } },
      'no-replicas': { spec: { serviceName: 's', replicas: 0, selector, template: one } },
      'two-containers': { spec: { serviceName: 's', replicas: 12, selector: odd, template: two } },
      'on-delete': {
        spec: { serviceName: 's', replicas: 2, selector, template: one, updateStrategy: { type: 'OnDelete' } },
        status: { replicas: 2, readyReplicas: 1 },
      },
      partition: {
        spec: {
          serviceName: 's',
          replicas: 3,
          selector,
          template: one,
          updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
        },
      },
    }),
};

const counts = (desired: number, rest: number) => ({
  desiredNumberScheduled: desired,
  currentNumberScheduled: rest,
  numberMisscheduled: 1,
  numberReady: rest,
  updatedNumberScheduled: rest,
  numberAvailable: rest,
});

const onNodes = (nodeSelector: object) => ({ ...one, spec: { ...one.spec, nodeSelector } });

const daemonSets: Family = {
  resource: 'daemonsets.apps',
  objects: () =>
    specs({
      nowhere: { spec: { selector, template: onNodes({ 'test.example.com/none': 'x', b: '2' }) } },
      'short-of-pods': { spec: { selector, template: onNodes({ none: 'x' }) }, status: counts(5, 3) },
      'two-containers': {
        spec: { selector: odd, template: { ...two, spec: { ...two.spec, nodeSelector: { none: 'x' } } } },
      },
    }),
};

const replicationControllers: Family = {
  resource: 'replicationcontrollers',
  objects: () =>
    specs({
      plain: { spec: { replicas: 2, selector: { app: 'a' }, template: one } },
      'no-replicas': { spec: { replicas: 0, selector: { b: '2', a: '1' }, template: two } },
    }),
};

const jobTemplate = { ...one, spec: { ...one.spec, restartPolicy: 'Never' } };

/** Their controller is another one, and there is none: what the test writes stays. */
const job = (spec: object) => ({ managedBy: 'test.example.com/nobody', template: jobTemplate, ...spec });

const conditions = (...types: readonly string[]) =>
  types.map((type) => ({ type, status: 'True', lastTransitionTime: ago(10), lastProbeTime: ago(10) }));

const jobs: Family = {
  resource: 'jobs.batch',
  objects: () =>
    specs({
      'not-started': { spec: job({}) },
      running: { spec: job({ completions: 5, parallelism: 2 }), status: { startTime: ago(95), active: 2, ready: 1 } },
      complete: {
        spec: job({ completions: 1 }),
        status: {
          startTime: ago(4000),
          completionTime: ago(333),
          succeeded: 1,
          conditions: conditions('SuccessCriteriaMet', 'Complete'),
        },
      },
      failed: {
        spec: job({ completions: 3 }),
        status: { startTime: ago(700), failed: 7, conditions: conditions('FailureTarget', 'Failed') },
      },
      'about-to-fail': {
        spec: job({ completions: 3 }),
        status: { startTime: ago(700), active: 1, conditions: conditions('FailureTarget') },
      },
      'about-to-succeed': {
        spec: job({ completions: 2 }),
        status: { startTime: ago(700), succeeded: 1, active: 1, conditions: conditions('SuccessCriteriaMet') },
      },
      suspended: { spec: job({ suspend: true }), status: { conditions: conditions('Suspended') } },
      'work-queue': { spec: job({ parallelism: 4 }), status: { startTime: ago(10), active: 4, succeeded: 2 } },
      'one-at-a-time': { spec: job({ parallelism: 1 }), status: { startTime: ago(10), active: 1 } },
      none: { spec: job({ completions: 0, parallelism: 0 }) },
      terminating: { spec: job({}), deleted: true },
    }),
};

/** Never: no year has this day. */
const never = '0 0 30 2 *';

const cronJobs: Family = {
  resource: 'cronjobs.batch',
  objects: () =>
    [
      { name: 'plain', spec: { schedule: never } },
      { name: 'suspended', spec: { schedule: '*/5 * * * *', suspend: true, timeZone: 'Europe/Berlin' } },
      {
        name: 'ran',
        spec: { schedule: never },
        status: { lastScheduleTime: ago(5000), lastSuccessfulTime: ago(4900) },
      },
      { name: 'failed-last', spec: { schedule: '@yearly' }, status: { lastScheduleTime: ago(70) } },
      {
        name: 'active',
        spec: { schedule: never },
        status: {
          active: [
            { kind: 'Job', name: 'one' },
            { kind: 'Job', name: 'two' },
          ],
          lastScheduleTime: ago(30),
        },
      },
    ].map(
      ({ spec, ...rest }): Awkward => ({
        ...rest,
        body: { spec: { ...spec, jobTemplate: { spec: { template: jobTemplate } } } },
      }),
    ),
};

export const workloadFamilies: readonly Family[] = [statefulSets, daemonSets, replicationControllers, jobs, cronJobs];
