import type { SessionState, TextView } from '../../../src/sessions/text-view.ts';

export type Recorder = TextView & {
  lines: string[];
  codes: string[];
  /** All fields as they are now, and each change. */
  now: Partial<SessionState>;
  readonly states: Partial<SessionState>[];
  sets: number;
  appends: number;
  close(): void;
};

/** A view that keeps what it was told, as a buffer would. */
export const recordText = (): Recorder => {
  const abort = new AbortController();
  const recorder: Recorder = {
    lines: [],
    codes: [],
    now: {},
    states: [],
    sets: 0,
    appends: 0,
    closed: abort.signal,
    close: () => abort.abort(),
    set: (lines, codes = []) => {
      recorder.sets += 1;
      recorder.lines = [...lines];
      recorder.codes = [...codes];
    },
    append: (lines, codes = [], dropped = 0) => {
      recorder.appends += 1;
      recorder.lines = [...recorder.lines.slice(dropped), ...lines];
      recorder.codes = [...recorder.codes.slice(dropped), ...lines.map((_, index) => codes[index] ?? '')];
    },
    state: (change) => {
      recorder.states.push(change);
      recorder.now = { ...recorder.now, ...change };
    },
  };
  return recorder;
};
