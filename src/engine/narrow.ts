import type { Row } from '../protocol/row.ts';
import type { Query } from '../protocol/wire.ts';
import { ClusterError } from '../util/error.ts';
import { splitFilter } from '../view/filter.ts';
import { parseLabels } from '../view/label-term.ts';

/** What a filter line leaves to be done here, and the query with what the server is to be asked. */
export type Narrowed = { readonly filter: string; readonly query: Query };

/** Takes a line apart: its selectors replace those of the query, so that a line without any lifts them. */
export const narrow = (line: string, query: Query): Narrowed => {
  const { terms, selector = '', fieldSelector = '' } = splitFilter(line);
  const wrong = parseLabels(selector);
  if (typeof wrong === 'string') {
    throw new ClusterError('invalid', `-l ${selector}: ${wrong}`, {
      hint: "For example -l 'app=web,tier in (a,b),!canary', as with kubectl.",
    });
  }
  const { selector: _, fieldSelector: __, ...rest } = query;
  return {
    filter: terms.replace(/,$/, '').trim(),
    query: {
      ...rest,
      ...(selector === '' ? {} : { selector }),
      ...(fieldSelector === '' ? {} : { fieldSelector }),
    },
  };
};

export const sameScope = (a: Query, b: Query): boolean =>
  a.selector === b.selector && a.fieldSelector === b.fieldSelector;

/** More pairs than anybody chooses from; labels that tell every object apart are many. */
const mostPairs = 2000;

/** Labels of rows with how many have them; those that most rows have first, a key's values together. */
export const labelCounts = (
  rows: Iterable<Row>,
): readonly { readonly key: string; readonly value: string; readonly count: number }[] => {
  const counts = new Map<string, Map<string, number>>();
  for (const { labels } of rows) {
    for (const [key, value] of Object.entries(labels)) {
      const values = counts.get(key) ?? new Map<string, number>();
      if (values.size === 0) counts.set(key, values);
      values.set(value, (values.get(value) ?? 0) + 1);
    }
  }
  const total = (values: ReadonlyMap<string, number>): number =>
    [...values.values()].reduce((sum, each) => sum + each, 0);
  return [...counts]
    .sort(([a, left], [b, right]) => total(right) - total(left) || (a < b ? -1 : 1))
    .flatMap(([key, values]) =>
      [...values]
        .sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))
        .map(([value, count]) => ({ key, value, count })),
    )
    .slice(0, mostPairs);
};
