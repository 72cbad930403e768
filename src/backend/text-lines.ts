import { createSender } from '../frame/sender.ts';
import type { Line } from '../protocol/line.ts';
import type { State, ToEditor } from '../protocol/wire.ts';
import type { SessionState, TextView } from '../sessions/text-view.ts';
import type { Clock } from '../util/clock.ts';

/** A session's buffer in one editor: the session's side, and what the editor says of it. */
export interface TextLines {
  readonly view: TextView;
  ack(seq: number, gen: number): void;
  resend(): void;
  close(): void;
}

export type TextLinesOptions = {
  readonly view: number;
  readonly clock: Clock;
  readonly send: (message: ToEditor) => void;
};

const linesOf = (texts: readonly string[], codes: readonly string[] = [], keys: readonly string[] = []): Line[] =>
  texts.map((text, index) => ({ key: keys[index] ?? '', text, code: codes[index] ?? '' }));

const unknownState: SessionState = {
  phase: 'loading',
  left: '',
  middle: '',
  right: '',
  style: 'KubectlMuted',
  shown: 0,
  total: 0,
};

export const createTextLines = ({ view, clock, send }: TextLinesOptions): TextLines => {
  const closing = new AbortController();
  const sender = createSender({ view, clock, send });
  // Later than that of any earlier session of this view.
  const gen = Math.floor(clock.now());
  let lines: readonly Line[] = [];
  let state: State = { type: 'state', view, ...unknownState };
  const draw = (next: readonly Line[]): void => {
    lines = next;
    sender.update([lines], gen);
  };
  return {
    view: {
      set: (texts, codes, keys) => draw(linesOf(texts, codes, keys)),
      append: (texts, codes, dropped = 0) => draw([...lines.slice(dropped), ...linesOf(texts, codes)]),
      state: (change) => {
        state = { ...state, ...change };
        if (!closing.signal.aborted) send(state);
      },
      closed: closing.signal,
    },
    ack: sender.ack,
    resend: () => {
      sender.resend();
      send(state);
    },
    close: () => {
      closing.abort();
      sender.dispose();
    },
  };
};
