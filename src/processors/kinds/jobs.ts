import type { Health } from '../../protocol/row.ts';
import { humanDuration } from '../../util/duration.ts';
import { parseTimestamp } from '../../util/timestamp.ts';
import { cellTable, emptyCell, timeCell } from '../cells.ts';
import { ownedBy } from '../children.ts';
import { age, type Column, count, extra, name, namespace, status, text, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { selectorLabel } from '../label-selector.ts';
import type { Loose, Time } from '../objects.ts';
import { healthStyle } from '../row-parts.ts';
import { conditionOf, containerColumns, selectorFacts, type Workload } from '../workload.ts';

type Job = Workload & {
  readonly spec?: Loose<{ completions: number; parallelism: number }> | null;
  readonly status?:
    | (Loose<{ succeeded: number; failed: number }> & { readonly startTime?: Time; readonly completionTime?: Time })
    | null;
};

/** hasJobCondition: the first condition of the type decides. */
const has = (job: Job, type: string): boolean => conditionOf(job, type)?.status === 'True';

/** In the order in which printJob asks. */
const statusOf = (job: Job): string => {
  if (has(job, 'Complete')) return 'Complete';
  if (has(job, 'Failed')) return 'Failed';
  if (job.metadata?.deletionTimestamp != null) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find((type) => has(job, type)) ?? 'Running';
};

const statusHealth = (word: string): Health => {
  if (word === 'Complete') return 'done';
  if (word === 'Failed' || word === 'FailureTarget') return 'error';
  return word === 'Terminating' || word === 'Suspended' ? 'pending' : 'ok';
};

/** A job that runs on may have lost pods already: it retries up to its back-off limit. */
const health = (job: Job): Health => {
  const byStatus = statusHealth(statusOf(job));
  return byStatus === 'ok' && (job.status?.failed ?? 0) > 0 ? 'warning' : byStatus;
};

const completionsText = ({ spec, status: state }: Job): string => {
  const succeeded = state?.succeeded ?? 0;
  if (spec?.completions != null) return `${succeeded}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
};

/** By the share that is done; none are wanted of `0/0`. */
const completionsCell = cellTable((shown) => {
  const [succeeded, wanted] = shown.split(' ')[0]?.split('/').map(Number) ?? [];
  return wanted ? (succeeded ?? 0) / wanted : 1;
});

const completions: Column<Job> = { title: 'COMPLETIONS', cell: (job) => completionsCell(completionsText(job)) };

/** Time since the start, which stands still once the job has completed; a failed one's goes on, as kubectl's does. */
const duration: Column<Job> = {
  title: 'DURATION',
  time: 'age',
  unit: 'duration',
  cell: ({ status: state }) => {
    const start = parseTimestamp(state?.startTime);
    if (start === undefined) return emptyCell;
    const end = parseTimestamp(state?.completionTime);
    return end === undefined ? timeCell(start) : { text: humanDuration(end - start), value: end - start };
  },
};

/** printers.go, printJob. */
export default defineKind<Job>({
  groups: ['batch'],
  kind: 'Job',
  columns: [
    namespace,
    name,
    status('STATUS', statusOf, (word) => healthStyle(statusHealth(word))),
    completions,
    duration,
    age,
    ...containerColumns,
    wide(text('SELECTOR', (job: Job) => selectorLabel(job.spec?.selector))),
    extra(wide(count('FAILED', (job: Job) => job.status?.failed))),
  ],
  fields: [
    'spec.completions',
    'spec.parallelism',
    'spec.selector',
    'spec.template.spec.containers.name',
    'spec.template.spec.containers.image',
    'status.conditions.type',
    'status.conditions.status',
    'status.startTime',
    'status.completionTime',
    'status.succeeded',
    'status.failed',
  ],
  health,
  facts: selectorFacts,
  children: ownedBy('pods'),
});
