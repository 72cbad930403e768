import type { Health } from '../../protocol/row.ts';
import { firstLine } from '../cells.ts';
import { count, name, namespace, since, status, text, uniqueText, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { KubeObject, Time } from '../objects.ts';
import { healthStyle } from '../row-parts.ts';

type Reference = {
  readonly apiVersion?: string | null;
  readonly kind?: string | null;
  readonly namespace?: string | null;
  readonly name?: string | null;
  readonly fieldPath?: string | null;
};

type Source = { readonly component?: string | null; readonly host?: string | null };

/** Both forms of an event: v1 first, events.k8s.io/v1 after it. The server prints them alike. */
type Event = KubeObject & {
  readonly type?: string | null;
  readonly reason?: string | null;
  readonly eventTime?: Time;
  readonly reportingInstance?: string | null;
  readonly series?: { readonly count?: number | null; readonly lastObservedTime?: Time } | null;
  readonly involvedObject?: Reference | null;
  readonly regarding?: Reference | null;
  readonly message?: string | null;
  readonly note?: string | null;
  readonly source?: Source | null;
  readonly deprecatedSource?: Source | null;
  readonly reportingComponent?: string | null;
  readonly reportingController?: string | null;
  readonly count?: number | null;
  readonly deprecatedCount?: number | null;
  readonly firstTimestamp?: Time;
  readonly deprecatedFirstTimestamp?: Time;
  readonly lastTimestamp?: Time;
  readonly deprecatedLastTimestamp?: Time;
};

const involved = (event: Event): Reference | null | undefined => event.involvedObject ?? event.regarding;

const firstSeen = (event: Event): Time => event.firstTimestamp ?? event.deprecatedFirstTimestamp ?? event.eventTime;

const lastSeen = (event: Event): Time =>
  event.series
    ? event.series.lastObservedTime
    : (event.lastTimestamp ?? event.deprecatedLastTimestamp ?? firstSeen(event));

/** Single events have no count in the new API. */
const occurrences = (event: Event): number =>
  event.series ? (event.series.count ?? 0) : event.count || event.deprecatedCount || 1;

const object = (event: Event): string => {
  const { kind, name: of } = involved(event) ?? {};
  const lower = (kind ?? '').toLowerCase();
  return of ? `${lower}/${of}` : lower;
};

/** formatEventSource. */
const source = (event: Event): string => {
  const from = event.source ?? event.deprecatedSource;
  const component = from?.component || event.reportingComponent || event.reportingController || '';
  const instance = from?.host || event.reportingInstance || '';
  return instance === '' ? component : `${component}, ${instance}`;
};

const typeHealth = (type: string): Health => {
  if (type === 'Normal') return 'ok';
  return type === 'Warning' ? 'warning' : 'unknown';
};

const facts = (event: Event): Readonly<Record<string, string>> | undefined => {
  const { apiVersion, kind, namespace: space, name: of } = involved(event) ?? {};
  if (!kind || !of) return undefined;
  return { apiVersion: apiVersion ?? '', kind, namespace: space ?? '', name: of };
};

/** printers.go, printEvent. */
export default defineKind<Event>({
  groups: ['', 'events.k8s.io'],
  kind: 'Event',
  columns: [
    namespace,
    since('LAST SEEN', lastSeen),
    status(
      'TYPE',
      (event: Event) => event.type,
      (word) => (word === 'Normal' ? undefined : healthStyle(typeHealth(word))),
    ),
    text('REASON', (event: Event) => event.reason),
    text('OBJECT', object),
    wide(text('SUBOBJECT', (event: Event) => involved(event)?.fieldPath)),
    wide(text('SOURCE', source)),
    uniqueText('MESSAGE', (event: Event) => firstLine(event.message ?? event.note ?? '')),
    wide(since('FIRST SEEN', firstSeen)),
    wide(count('COUNT', occurrences)),
    wide(name),
  ],
  fields: [
    'type',
    'reason',
    'eventTime',
    'reportingInstance',
    'series.count',
    'series.lastObservedTime',
    'message',
    'note',
    'reportingComponent',
    'reportingController',
    'count',
    'deprecatedCount',
    'firstTimestamp',
    'deprecatedFirstTimestamp',
    'lastTimestamp',
    'deprecatedLastTimestamp',
    ...['involvedObject', 'regarding'].flatMap((path) => [
      `${path}.apiVersion`,
      `${path}.kind`,
      `${path}.namespace`,
      `${path}.name`,
      `${path}.fieldPath`,
    ]),
    ...['source', 'deprecatedSource'].flatMap((path) => [`${path}.component`, `${path}.host`]),
  ],
  // By age, so the newest comes first.
  sort: { title: 'LAST SEEN', descending: false },
  health: (event) => typeHealth(event.type ?? ''),
  facts,
  children: ({ facts: of }) =>
    of?.kind === undefined || of.name === undefined
      ? { describe: true }
      : {
          describe: true,
          object: { apiVersion: of.apiVersion ?? '', kind: of.kind, namespace: of.namespace ?? '', name: of.name },
        },
});
