import type { Opened, State } from '../protocol/wire.ts';

export type SessionState = Omit<State, 'type' | 'view'>;

/**
 * A text buffer of one client, as a session sees it: the newest text wins, one frame is in flight, and a blocked
 * editor never makes a queue. Codes are those of the wire, one per line; absent means none.
 */
export interface TextView {
  /** Replaces the whole text. Keys name what a line is about, where a key of the user can act on it. */
  set(lines: readonly string[], codes?: readonly string[], keys?: readonly string[]): void;
  /** Adds at the end; the first `dropped` lines of the text before go away. */
  append(lines: readonly string[], codes?: readonly string[], dropped?: number): void;
  /** Changes these fields of the statusline, keeps the others. */
  state(change: Partial<SessionState>): void;
  /** Aborted when the buffer is gone. */
  readonly closed: AbortSignal;
}

/** A thing with a lifetime behind a text view. It ends by itself when the view closes. */
export interface Session {
  readonly opened: Opened;
  /** Of the object the text is about, once it is known; undefined before. */
  readonly uid?: () => string | undefined;
  dispose(): void;
}
