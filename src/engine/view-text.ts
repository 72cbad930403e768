import type { Freshness } from '../protocol/freshness.ts';
import type { Line } from '../protocol/line.ts';
import type { Resource } from '../protocol/resource.ts';
import { styleIndex } from '../protocol/styles.ts';
import type { Query, State } from '../protocol/wire.ts';
import type { Coverage } from '../store/store.ts';
import { claimOf, thousands } from '../view/state-text.ts';
import { mostObjects } from './descendants.ts';

/** A uid in a selector, or a list of names, must not push the title out of a narrow statusline. */
const brief = (text: string): string => (text.length > 32 ? `${text.slice(0, 31)}…` : text);

/** What there is to say of a table besides its rows. */
export type Described = {
  readonly view: number;
  readonly context: string;
  readonly resource: Resource;
  readonly namespaces: readonly string[];
  readonly query: Query;
  readonly filter: string;
  /** Terms of the filter that are ignored, each with its reason. */
  readonly inactive: readonly string[];
  readonly shown: number;
  readonly total: number;
  readonly paused: boolean;
  readonly freshness: Freshness;
  /** This machine's time, by which freshness is dated. */
  readonly now: number;
  readonly coverage: Coverage | undefined;
  /** Resources of the table that may not be listed. */
  readonly missing: readonly string[];
  /** Resources of which not everything was looked through. */
  readonly unsure: readonly string[];
};

const many = (count: number, what: string): string => `${thousands(count)} ${what}${count === 1 ? '' : 's'}`;

/** `3 of 12 namespaces`, where all of them are wanted and not all can be had. */
const part = ({ shown, total }: Coverage): string =>
  total === undefined ? many(shown, 'namespace') : `${thousands(shown)} of ${many(total, 'namespace')}`;

/** The namespaces of a table, as its title says them. */
export const scopeText = (namespaces: readonly string[], coverage: Coverage | undefined): string => {
  if (namespaces.length > 0) return namespaces.join(',');
  return coverage === undefined ? 'all' : part(coverage);
};

/** Why these are not all of them, in few words. */
export const coverageText = (coverage: Coverage | undefined): string => {
  if (coverage === undefined) return '';
  const { lost, leftOut } = coverage;
  const more = [
    lost.length === 0 ? '' : `; no longer ${brief(lost.join(', '))}`,
    leftOut === 0 ? '' : `; ${thousands(leftOut)} too many to watch`,
  ];
  return `(all namespaces: not allowed${more.join('')})`;
};

/** What the server was asked for besides the namespaces. A uid says nothing to anybody: there it is whose they are. */
const asked = ({ selector, fieldSelector, names, from }: Query): string => {
  const named = names === undefined ? '' : ` named ${names.join(', ')}`;
  const labels = selector === undefined ? '' : ` with -l ${selector}`;
  if (fieldSelector === undefined) return named + labels;
  const related = from !== undefined && fieldSelector.includes('.uid=');
  return named + labels + (related ? ` of ${from}` : ` with --field-selector ${fieldSelector}`);
};

/** As it is typed; what begins with a slash, a regular expression, has its own. */
const filterText = (filter: string, end = ''): string => (filter.startsWith('/') ? filter : `/${filter}${end}`);

/** A longer line is more than a terminal of usual width shows. */
const lineWidth = 78;

/** An empty table says why it is empty. */
const emptyText = ({ resource, namespaces, filter, query, total, freshness, coverage }: Described): string => {
  const covered = coverage === undefined ? '' : ` in ${part(coverage)} that you may see`;
  const place = !resource.namespaced || namespaces.length === 0 ? covered : ` in ${namespaces.join(', ')}`;
  const where = place + asked(query);
  if (total > 0) {
    const none = `No ${resource.resource}${where} match ${filterText(filter, '/')}`;
    const more = `(${thousands(total)} without the filter). <C-f> changes it.`;
    return [none, more].join(none.length + more.length < lineWidth ? ' ' : '\n');
  }
  switch (freshness.phase) {
    case 'live':
      return `No ${resource.resource}${where}.`;
    case 'loading':
      return `Loading ${resource.resource}${where}…`;
    case 'stale':
      if (freshness.since !== undefined) return `No ${resource.resource}${where} when the server was last heard.`;
      return `${freshness.reason}\n\nNothing could be loaded yet. It is tried again by itself; gr tries now.`;
    case 'forbidden':
      return `${freshness.message}\n\nAsk for the right to do this, or choose namespaces you may see with <C-n>.`;
    case 'login':
      return `${freshness.message}\n\nLog in again, then gr.`;
    case 'gone':
      return `${freshness.message}\n\n:Kubectl api-resources lists what this server has.`;
    default:
      return freshness satisfies never;
  }
};

export const emptyLines = (described: Described): readonly Line[] =>
  emptyText(described)
    .split('\n')
    .map((text) => ({ key: '', text, code: `0,${Buffer.byteLength(text)},${styleIndex('KubectlNote')};` }));

/** Where a table was reached from, in its title. */
const fromText = ({ from }: Query): readonly string[] => (from === undefined ? [] : [brief(from)]);

const middleText = (described: Described): string => {
  const { shown, total, filter, inactive, query, coverage, missing, unsure } = described;
  const count = shown === total ? thousands(total) : `${thousands(shown)} of ${thousands(total)}`;
  return [
    count,
    filter === '' ? '' : filterText(filter),
    query.selector === undefined ? '' : brief(`-l ${query.selector}`),
    query.fieldSelector === undefined ? '' : brief(`--field-selector ${query.fieldSelector}`),
    coverageText(coverage),
    missing.length === 0 ? '' : `(forbidden: ${missing.join(', ')})`,
    unsure.length === 0 ? '' : `(only the first ${thousands(mostObjects)} looked through: ${unsure.join(', ')})`,
    inactive.length === 0 ? '' : `(ignored: ${inactive.join('; ')})`,
  ]
    .filter((part) => part !== '')
    .join('  ');
};

/** What surrounds a table. */
export const stateOf = (described: Described): State => {
  const { view, context, resource, namespaces, query, shown, total, paused, freshness, now, coverage } = described;
  const claim = paused
    ? { phase: 'paused' as const, right: '‖ paused', style: 'KubectlStale' }
    : claimOf(freshness, now, total);
  const left = [
    context,
    ...fromText(query),
    resource.resource,
    resource.namespaced ? scopeText(namespaces, coverage) : '',
  ];
  return {
    type: 'state',
    view,
    ...claim,
    left: left.filter((part) => part !== '').join(' ▸ '),
    middle: middleText(described),
    shown,
    total,
  };
};
