import type { Cell, Column, Health } from '../../protocol/row.ts';
import { emptyCell, numberCell, ownText, ratioCell, sharedText, timeCell } from '../cells.ts';
import { type Composite, ownResource, type Part } from '../composite.ts';
import { healthStyle } from '../row-parts.ts';

/** What a kind without a word for its state is said to be. */
const words: Readonly<Record<Health, string>> = {
  ok: 'Healthy',
  pending: 'Progressing',
  warning: 'Degraded',
  error: 'Failed',
  done: 'Stopped',
  unknown: '',
};

/** `ready/wanted`, however the kind spells it. */
const ready = ({ cell }: Part): Cell => {
  const own = cell('READY');
  const wanted = cell('DESIRED');
  if (typeof own?.value === 'number' && typeof wanted?.value === 'number') return ratioCell(own.value, wanted.value);
  return own ?? cell('COMPLETIONS') ?? emptyCell;
};

const status = ({ row, cell }: Part): Cell => {
  const own = cell('STATUS') ?? cell('PHASE') ?? cell('STATE');
  if (own !== undefined && own.text !== '') return own;
  const word = cell('SUSPEND')?.text === 'True' ? 'Suspended' : words[row.health];
  const style = healthStyle(row.health);
  return style === undefined ? sharedText(word) : { text: word, value: word, style };
};

const restarts = ({ restarts: { count } }: Part): Cell =>
  count === 0 ? numberCell(0) : { text: String(count), value: count, style: 'KubectlWarning' };

const lastRestart = ({ restarts: { last } }: Part): Cell => (last === undefined ? emptyCell : timeCell(last));

/** Kinds as they are typed: the table has to fit into 80 columns with them. */
const longest = 7;

const kindOf = ({ resource: { singular, kind, shortNames } }: Part): Cell => {
  const name = singular || kind.toLowerCase();
  return sharedText(name.length > longest ? (shortNames[0] ?? name) : name);
};

type Common = Column & { readonly read: (part: Part) => Cell };

const common: readonly Common[] = [
  { title: 'NAMESPACE', read: ({ row }) => sharedText(row.namespace) },
  { title: 'KIND', read: kindOf },
  { title: 'NAME', read: ({ row }) => ownText(row.name) },
  { title: 'READY', read: ready },
  { title: 'STATUS', read: status },
  { title: 'RESTARTS', align: 'right', read: restarts },
  { title: 'AGE', time: 'age', read: ({ row }) => timeCell(row.created) },
];

const last: Common = { title: 'LAST RESTART', wide: true, time: 'age', read: lastRestart };
const images: Common = { title: 'IMAGES', wide: true, read: ({ cell }) => cell('IMAGES') ?? emptyCell };
const owner: Common = { title: 'OWNER', read: ({ owner: of }) => ownText(of) };

const composed = (
  resource: Composite['resource'],
  members: Composite['members'],
  columns: readonly Common[],
): Composite => ({
  resource,
  members,
  columns: columns.map(({ read: _, ...column }) => column),
  cells: (part) => columns.map(({ read }) => read(part)),
});

/** Everything that runs pods and that nothing else of this table runs: bare pods, and jobs that no cron job made. */
export const workloads: Composite = composed(
  ownResource('workloads', 'Workload', ['wl']),
  [
    { group: 'apps', kind: 'Deployment' },
    { group: 'apps', kind: 'StatefulSet' },
    { group: 'apps', kind: 'DaemonSet' },
    { group: 'apps', kind: 'ReplicaSet' },
    { group: '', kind: 'ReplicationController' },
    { group: 'batch', kind: 'CronJob' },
    { group: 'batch', kind: 'Job' },
    { group: '', kind: 'Pod' },
  ],
  [...common, last, images],
);

/** Everything below one object in its owner tree; which resources that is, is found out for each object. */
export const children: Composite = composed(ownResource('children', 'Child'), [], [...common, owner, last, images]);
