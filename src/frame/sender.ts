import type { LineBlocks } from '../protocol/line.ts';
import type { Frame, Splice } from '../protocol/wire.ts';
import type { Clock } from '../util/clock.ts';
import { type Budget, Comparison, type Operation } from './diff.ts';
import { countLines } from './reader.ts';

/** A message stays below what Neovim decodes in a few milliseconds. */
const budget: Budget = { lines: 500, bytes: 256 * 1024 };

/** At most 30 frames a second once the view is complete. */
const intervalMs = 33;

export type Manner = {
  /** Somebody looks at an unfinished screen. */
  readonly urgent?: boolean;
  /** More of it is to come: nothing that is missing is gone. */
  readonly partial?: boolean;
  /** It is of other rows than before. */
  readonly turned?: boolean;
};

const calm: Required<Manner> = { urgent: false, partial: false, turned: false };

const merged = (older: Required<Manner>, newer: Manner): Required<Manner> => ({
  urgent: older.urgent || newer.urgent === true,
  turned: older.turned || newer.turned === true,
  partial: newer.partial ?? false,
});

export interface Sender {
  /** The view as it should be now; only the newest matters. */
  update(lines: LineBlocks, gen: number, manner?: Manner): void;
  /** All that was given is on its way: what is said after it is read after it. */
  readonly current: boolean;
  /** An acknowledgement of another gen belongs to an earlier session of the same view. */
  ack(seq: number, gen: number): void;
  /** The client lost its copy: replace its whole buffer. */
  resend(): void;
  dispose(): void;
}

export type SenderOptions = {
  readonly view: number;
  readonly clock: Clock;
  readonly send: (frame: Frame) => void;
  /** The client now holds exactly what was last given. */
  readonly onComplete?: () => void;
  /** `current` has become true, or may have. */
  readonly onCurrent?: () => void;
};

const splice = ({ start, removed, lines }: Operation): Splice => ({
  start,
  removed,
  count: lines.length,
  text: lines.map((line) => line.text).join('\n'),
  codes: lines.map((line) => line.code).join('\n'),
  keys: lines.map((line) => line.key).join('\n'),
});

/** `whole`: the first one replaces everything that the client has. */
const splicesOf = (operations: readonly Operation[], whole: boolean): Splice[] => {
  const splices = operations.map(splice);
  if (!whole) return splices;
  const [first = splice({ start: 0, removed: 0, lines: [] }), ...others] = splices;
  return [{ ...first, removed: -1 }, ...others];
};

/** From what the client was sent to what it should have, a message at a time. */
const createWay = () => {
  let sent: LineBlocks = [];
  let target = sent;
  let going: { readonly to: LineBlocks; readonly way: Comparison } | undefined;
  return {
    aim: (lines: LineBlocks): void => {
      target = lines;
    },
    get ended(): boolean {
      return sent === target;
    },
    step: (whole: boolean) => {
      // Between two chunks of a long way nothing of it is worked out again.
      if (whole || going?.to !== target) going = { to: target, way: new Comparison(whole ? [] : sent, target) };
      const { operations, result, complete } = going.way.step(budget);
      sent = result;
      if (complete) going = undefined;
      return { splices: splicesOf(operations, whole), total: countLines(sent), complete };
    },
  };
};

/** One frame in flight, newest wins: a blocked client never builds a queue. */
export const createSender = ({ view, clock, send, onComplete, onCurrent }: SenderOptions): Sender => {
  const way = createWay();
  let gen = 0;
  let sentGen = 0;
  let seq = 0;
  let inFlight = false;
  let complete = true;
  let manner = calm;
  /** The last frame said that more is to come. */
  let owed = false;
  let whole = true;
  let lastAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;
  let disposed = false;

  const flush = (): void => {
    cancel?.();
    cancel = undefined;
    if (inFlight || disposed) return;
    const { partial, turned } = manner;
    manner = { ...calm, partial };
    const wasComplete = complete;
    const { splices, total, complete: last } = way.step(whole);
    complete = last;
    const unchanged = splices.length === 0 && owed === partial;
    if (!unchanged) {
      whole = false;
      inFlight = true;
      sentGen = gen;
      lastAt = clock.now();
      owed = partial;
      const more = { ...(partial && { partial }), ...(turned && { turned }) };
      send({ type: 'frame', view, gen, seq: ++seq, splices, total, last, ...more });
    }
    onCurrent?.();
    if (unchanged && !wasComplete) onComplete?.();
  };

  const schedule = (): void => {
    if (inFlight || disposed || (cancel !== undefined && !manner.urgent)) return;
    const wait = complete && !manner.urgent ? Math.min(intervalMs, Math.max(0, lastAt + intervalMs - clock.now())) : 0;
    if (wait === 0) flush();
    else cancel = clock.after(wait, flush);
  };

  return {
    update: (lines, newGen, newer = {}) => {
      way.aim(lines);
      gen = newGen;
      manner = merged(manner, newer);
      schedule();
    },
    get current() {
      return complete && !whole && way.ended && owed === manner.partial;
    },
    ack: (acked, ackedGen) => {
      if (disposed || !inFlight || acked !== seq || ackedGen !== sentGen) return;
      inFlight = false;
      if (complete) onComplete?.();
      if (!complete || !way.ended || owed !== manner.partial) schedule();
    },
    resend: () => {
      if (disposed) return;
      whole = true;
      inFlight = false;
      complete = false;
      schedule();
    },
    dispose: () => {
      disposed = true;
      cancel?.();
      cancel = undefined;
    },
  };
};
