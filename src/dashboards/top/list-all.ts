import { ClusterError } from '../../util/error.ts';
import type { JsonSource } from '../dashboard.ts';
import type { List } from './usage.ts';

/** Keeps one answer at a few MB: parsing it must not hold up a key for long. */
const pageSize = '500';

/** All items of a list, page by page. A token that expired on the way starts the list afresh, once. */
export const listAll = async <T>(
  source: JsonSource,
  path: string,
  signal: AbortSignal,
  again = true,
): Promise<readonly T[]> => {
  const items: T[] = [];
  let token: string | undefined;
  try {
    do {
      const page: List<T> = await source.json<List<T>>({ path, query: { limit: pageSize, continue: token }, signal });
      for (const item of page.items ?? []) items.push(item);
      token = page.metadata?.continue || undefined;
    } while (token !== undefined);
    return items;
  } catch (error) {
    if (again && token !== undefined && error instanceof ClusterError && error.code === 'expired') {
      return listAll(source, path, signal, false);
    }
    throw error;
  }
};
