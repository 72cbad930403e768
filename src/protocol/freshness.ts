/** What a view may claim about its rows. Times are ms since the epoch. */
export type Freshness =
  | { readonly phase: 'loading'; readonly count: number }
  | { readonly phase: 'live' }
  /** `since` is absent while nothing has ever been listed. */
  | { readonly phase: 'stale'; readonly since?: number; readonly reason: string; readonly retryAt?: number }
  | { readonly phase: 'forbidden'; readonly message: string }
  | { readonly phase: 'login'; readonly message: string }
  | { readonly phase: 'gone'; readonly message: string };
