import { type Discovery, discover } from '../cluster/discovery.ts';
import type { Transport } from '../cluster/transport.ts';
import type { Resource } from '../protocol/resource.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError } from '../util/error.ts';
import { findOwn } from './own-tables.ts';

/** A word nobody knows makes discovery be read again, at most this often. */
const missedMs = 5000;
/** What completion offers may be this old. */
const offeredMs = 30_000;

/** What users' words mean. Discovery has no watch: it is read again when something asked for is not in it. */
export interface Finder {
  /** As kubectl reads the word; throws ClusterError('not-found') with the nearest names. */
  find(typed: string): Promise<Resource>;
  /** As `find`, and the tables of our own under words that the server has no resource for. */
  table(typed: string): Promise<Resource>;
  /** What the server has, as of less than half a minute ago. */
  recent(): Promise<Discovery>;
}

export const createFinder = (transport: Transport, clock: Clock): Finder => {
  let readAt = Number.NEGATIVE_INFINITY;

  const first = async (): Promise<Discovery> => {
    if (readAt === Number.NEGATIVE_INFINITY) readAt = clock.now();
    return await discover(transport);
  };
  const again = async (): Promise<Discovery> => {
    readAt = clock.now();
    return await discover(transport, true);
  };

  let missedAt = Number.NEGATIVE_INFINITY;
  const find = async (typed: string): Promise<Resource> => {
    try {
      return (await first()).find(typed);
    } catch (thrown) {
      if (asClusterError(thrown).code !== 'not-found' || clock.now() - missedAt < missedMs) throw thrown;
      missedAt = clock.now();
      return (await again()).find(typed);
    }
  };

  return {
    find,
    table: async (typed) => {
      const own = findOwn(typed);
      if (own === undefined) return await find(typed);
      try {
        return (await first()).find(typed);
      } catch (thrown) {
        if (asClusterError(thrown).code !== 'not-found') throw thrown;
        return own;
      }
    },
    recent: async () => {
      const known = await first();
      // What was read earlier is better than nothing.
      return clock.now() - readAt < offeredMs ? known : await again().catch(() => known);
    },
  };
};
