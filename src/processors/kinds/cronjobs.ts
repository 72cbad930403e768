import type { Health } from '../../protocol/row.ts';
import { parseTimestamp } from '../../util/timestamp.ts';
import { ownedBy } from '../children.ts';
import { age, count, extra, name, namespace, since, text, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { selectorLabel } from '../label-selector.ts';
import type { Container, KubeObject, LabelSelector, Loose, Time } from '../objects.ts';
import { containerColumnsOf } from '../workload.ts';

type JobTemplate = Loose<{ spec: { template: { spec: { containers: Container[] } } } }> & {
  readonly spec?: { readonly selector?: LabelSelector | null } | null;
};

type CronJob = KubeObject & {
  readonly spec?:
    | (Loose<{ schedule: string; timeZone: string; suspend: boolean }> & { readonly jobTemplate?: JobTemplate | null })
    | null;
  readonly status?: {
    readonly active?: readonly unknown[] | null;
    readonly lastScheduleTime?: Time;
    readonly lastSuccessfulTime?: Time;
  } | null;
};

/** printBoolPtr. */
const suspended = ({ spec }: CronJob): string => {
  if (spec?.suspend == null) return '<unset>';
  return spec.suspend ? 'True' : 'False';
};

/** The controller notes a success when the job leaves the active ones: none active and none noted is a failure. */
const health = ({ spec, status }: CronJob): Health => {
  if (spec?.suspend === true) return 'done';
  const scheduled = parseTimestamp(status?.lastScheduleTime);
  if (scheduled === undefined || (status?.active ?? []).length > 0) return 'ok';
  return (parseTimestamp(status?.lastSuccessfulTime) ?? 0) < scheduled ? 'warning' : 'ok';
};

/** printers.go, printCronJob. */
export default defineKind<CronJob>({
  groups: ['batch'],
  kind: 'CronJob',
  columns: [
    namespace,
    name,
    text('SCHEDULE', (job: CronJob) => job.spec?.schedule),
    text('TIMEZONE', (job: CronJob) => job.spec?.timeZone ?? '<none>'),
    text('SUSPEND', suspended),
    count('ACTIVE', (job: CronJob) => job.status?.active?.length),
    since('LAST SCHEDULE', (job: CronJob) => job.status?.lastScheduleTime, '<none>'),
    age,
    ...containerColumnsOf((job: CronJob) => job.spec?.jobTemplate?.spec?.template?.spec?.containers),
    wide(text('SELECTOR', (job: CronJob) => selectorLabel(job.spec?.jobTemplate?.spec?.selector))),
    extra(wide(since('LAST SUCCESS', (job: CronJob) => job.status?.lastSuccessfulTime, '<none>'))),
  ],
  fields: [
    'spec.schedule',
    'spec.timeZone',
    'spec.suspend',
    'spec.jobTemplate.spec.selector',
    'spec.jobTemplate.spec.template.spec.containers.name',
    'spec.jobTemplate.spec.template.spec.containers.image',
    'status.active.name',
    'status.lastScheduleTime',
    'status.lastSuccessfulTime',
  ],
  health,
  children: ownedBy('jobs.batch'),
});
