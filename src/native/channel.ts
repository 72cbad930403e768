/** What addon.cc and the sidecar have in common: requests out, messages in. */
export interface Channel {
  /** Op 0 is for requests nobody waits for. While others are unanswered the process does not end by itself. */
  submit(op: number, request: string): void;
  cancel(op: number): void;
  close(): void;
}

/** Called for each message, on this thread; must not throw. */
export type Receive = (op: number, kind: number, data: string) => void;

/** The kinds of messages; every op gets any number of progresses, then one of the others. As in native/go/internal/host. */
export const messageKind = { progress: 1, result: 2, error: 3 } as const;

/** The version of methods, parameters and kinds. As in native/addon.cc and native/go/internal/host. */
export const protocol = 1;

/** Makes a channel; `lost` is called at most once, when it ended other than by close(), with a sentence that says why. */
export type Connect = (receive: Receive, lost: (why: string) => void) => Channel;
