import type { Freshness } from '../protocol/freshness.ts';
import type { Resource } from '../protocol/resource.ts';
import type { Query } from '../protocol/wire.ts';
import type { Sort } from '../view/layout.ts';
import { thousands } from '../view/state-text.ts';

/** A new column sorts ascending, the current one again turns, a third time returns to the order by name. */
export const nextSort = (now: Sort | undefined, title: string): Sort | undefined => {
  if (now?.title !== title) return { title, descending: false };
  return now.descending ? undefined : { title, descending: true };
};

type Emptiness = {
  readonly resource: Resource;
  readonly namespaces: readonly string[];
  readonly filter: string;
  readonly total: number;
  readonly freshness: Freshness;
};

/** An empty table says why it is empty. */
export const emptyText = ({ resource, namespaces, filter, total, freshness }: Emptiness): string => {
  const where = !resource.namespaced || namespaces.length === 0 ? '' : ` in ${namespaces.join(', ')}`;
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
};

/** A uid in a selector must not push the title out of a narrow statusline. */
const brief = (text: string): string => (text.length > 32 ? `${text.slice(0, 31)}…` : text);

export const middleText = ({ shown, total, filter, inactive, query }: Middle): string => {
  const count = shown === total ? thousands(total) : `${thousands(shown)} of ${thousands(total)}`;
  return [
    count,
    filter === '' ? '' : `/${filter}`,
    query.selector === undefined ? '' : brief(`-l ${query.selector}`),
    query.fieldSelector === undefined ? '' : brief(`--field-selector ${query.fieldSelector}`),
    inactive.length === 0 ? '' : `(ignored: ${inactive.join('; ')})`,
  ]
    .filter((part) => part !== '')
    .join('  ');
};
