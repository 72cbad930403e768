import type { Decoded, TableColumn } from '../decode/decoded.ts';
import type { Freshness } from '../protocol/freshness.ts';

/**
 * What a reflector tells its store. A list is `init`, many `apply`, `ready`; the store swaps at `ready`, so that
 * readers never see half a relist (the first list may be shown while it streams).
 */
export type WatchEvent =
  | { readonly type: 'init' }
  | { readonly type: 'columns'; readonly columns: readonly TableColumn[] }
  | { readonly type: 'apply'; readonly items: readonly Decoded[] }
  | { readonly type: 'delete'; readonly items: readonly Decoded[] }
  | { readonly type: 'ready' }
  | { readonly type: 'freshness'; readonly freshness: Freshness };
