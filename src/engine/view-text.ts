import type { Freshness } from '../protocol/freshness.ts';
import type { Resource } from '../protocol/resource.ts';
import type { Query } from '../protocol/wire.ts';
import type { Coverage } from '../store/store.ts';
import type { Sort } from '../view/layout.ts';
import { thousands } from '../view/state-text.ts';

/** A new column sorts ascending, the current one again turns, a third time returns to the order by name. */
export const nextSort = (now: Sort | undefined, title: string): Sort | undefined => {
  if (now?.title !== title) return { title, descending: false };
  return now.descending ? undefined : { title, descending: true };
};

/** A uid in a selector, or a list of names, must not push the title out of a narrow statusline. */
const brief = (text: string): string => (text.length > 32 ? `${text.slice(0, 31)}…` : text);

type Emptiness = {
  readonly resource: Resource;
  readonly namespaces: readonly string[];
  readonly filter: string;
  readonly query: Pick<Query, 'selector' | 'fieldSelector'>;
  readonly total: number;
  readonly freshness: Freshness;
  readonly coverage?: Coverage | undefined;
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

/** An empty table says why it is empty. */
export const emptyText = ({ resource, namespaces, filter, query, total, freshness, coverage }: Emptiness): string => {
  const covered = coverage === undefined ? '' : ` in ${part(coverage)} that you may see`;
  const place = !resource.namespaced || namespaces.length === 0 ? covered : ` in ${namespaces.join(', ')}`;
  const labels = query.selector === undefined ? '' : ` with -l ${query.selector}`;
  const fields = query.fieldSelector === undefined ? '' : ` with --field-selector ${query.fieldSelector}`;
  const where = place + labels + fields;
  if (total > 0)
    return `No ${resource.resource}${where} match /${filter}/ (${thousands(total)} without the filter). <C-f> changes it.`;
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

type Middle = {
  readonly shown: number;
  readonly total: number;
  readonly filter: string;
  readonly inactive: readonly string[];
  readonly query: Query;
  readonly coverage?: Coverage | undefined;
  /** Resources of the table that may not be listed. */
  readonly missing?: readonly string[] | undefined;
};

/** Where a table was reached from, in its title. */
export const fromText = ({ from }: Query): readonly string[] => (from === undefined ? [] : [brief(from)]);

export const middleText = ({ shown, total, filter, inactive, query, coverage, missing = [] }: Middle): string => {
  const count = shown === total ? thousands(total) : `${thousands(shown)} of ${thousands(total)}`;
  return [
    count,
    filter === '' ? '' : `/${filter}`,
    query.selector === undefined ? '' : brief(`-l ${query.selector}`),
    query.fieldSelector === undefined ? '' : brief(`--field-selector ${query.fieldSelector}`),
    coverageText(coverage),
    missing.length === 0 ? '' : `(forbidden: ${missing.join(', ')})`,
    inactive.length === 0 ? '' : `(ignored: ${inactive.join('; ')})`,
  ]
    .filter((part) => part !== '')
    .join('  ');
};
