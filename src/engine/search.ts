import { discover } from '../cluster/discovery.ts';
import type { Transport } from '../cluster/transport.ts';
import type { Resource } from '../protocol/resource.ts';
import type { Clock } from '../util/clock.ts';
import type { HeldStore } from './held-stores.ts';

/** While somebody looks at a table of what the server does not serve any more, it is asked this often. */
const everyMs = 3000;

type Missing = { readonly resource: Resource; readonly reopen: () => void };

export type SearchOptions = { readonly transport: Transport; readonly clock: Clock };

/**
 * Looks for resources that went away under open tables: a definition that is made again is listed again, one that comes
 * back in another version is another resource, whose table is opened anew.
 */
export const createSearch = ({ transport, clock }: SearchOptions) => {
  const missing = new Map<HeldStore, Missing>();
  let waiting = false;

  const look = async (): Promise<void> => {
    const discovery = await discover(transport, true).catch(() => undefined);
    for (const [lease, { resource, reopen }] of discovery === undefined ? [] : missing) {
      const { group, kind, version } = resource;
      const same = discovery?.findKind(group, kind, version);
      if (same !== undefined && same.resource === resource.resource && same.namespaced === resource.namespaced) {
        lease.reconnect();
      } else if (discovery?.resources.some((other) => other.group === group && other.resource === resource.resource)) {
        missing.delete(lease);
        reopen();
      }
    }
  };

  const wait = (): void => {
    if (waiting || missing.size === 0) return;
    waiting = true;
    clock.after(everyMs, () => {
      void look().then(() => {
        waiting = false;
        wait();
      });
    });
  };

  return {
    /** The same lease; while its resource is missing the server is asked for it, until the lease is released. */
    over: (lease: HeldStore, resource: Resource, reopen: () => void): HeldStore => {
      const notice = (): void => {
        if (lease.store.freshness.phase === 'gone') missing.set(lease, { resource, reopen });
        else missing.delete(lease);
        wait();
      };
      const end = lease.store.subscribe(notice);
      notice();
      return {
        store: lease.store,
        reconnect: () => lease.reconnect(),
        release: () => {
          end();
          missing.delete(lease);
          lease.release();
        },
      };
    },
  };
};
