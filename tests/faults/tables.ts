import { expect, onTestFinished } from 'vitest';
import type { Transport } from '../../src/cluster/transport.ts';
import { createEngine } from '../../src/engine/serve.ts';
import type { Frame, Query, State, ToEditor } from '../../src/protocol/wire.ts';
import { type Clock, systemClock } from '../../src/util/clock.ts';
import { fakeClock } from '../unit/fake-clock.ts';
import type { World } from './support.ts';

/** So much of the real time between two beats counts at most, in ms: while nobody runs, no time passes. */
const longestBeat = 20;

/**
 * Time that passes `factor` times as fast, so that waits of a minute can be tested. It passes in beats and as far as this
 * process is let run: on a machine that has no time for its server, that server is not the slower by the factor.
 */
export const fastClock = (factor: number): Clock => {
  const clock = fakeClock(Date.now());
  let before = performance.now();
  const beats = setInterval(() => {
    const now = performance.now();
    clock.advance(Math.round(Math.min(now - before, longestBeat) * factor));
    before = now;
  }, 2);
  onTestFinished(() => clearInterval(beats));
  return clock;
};

/** What Neovim would hold of one table, and what it was told. */
export class Table {
  readonly view: number;
  lines: { readonly text: string; readonly key: string }[] = [];
  /** So many states were waited for. */
  #seen = 0;
  /** Every state, oldest first, with the time by the engine's clock. */
  readonly states: (State & { readonly at: number })[] = [];
  readonly frames: { readonly at: number }[] = [];
  waiting: Frame[] = [];
  /** The most frames that were sent without an acknowledgement. */
  mostWaiting = 0;
  /** While true nothing is acknowledged, as by an editor that is busy. */
  blocked = false;

  constructor(view: number) {
    this.view = view;
  }

  get state(): State | undefined {
    return this.states.at(-1);
  }

  /** Of the second column: the first one is the namespace. */
  get names(): readonly string[] {
    return this.lines.flatMap(({ text, key }) => (key === '' ? [] : (text.trim().split(/\s+/)[1] ?? '')));
  }

  draw(frame: Frame): void {
    for (const { start, removed, count, text, keys } of frame.splices) {
      const [texts, ids] = [text.split('\n'), keys.split('\n')];
      const lines = Array.from({ length: count }, (_, i) => ({ text: texts[i] ?? '', key: ids[i] ?? '' }));
      this.lines.splice(start, removed < 0 ? this.lines.length : removed, ...lines);
    }
  }

  #latest(phase: State['phase']): State | undefined {
    if (phase === 'live' || this.state?.phase === phase) return this.state;
    return this.states.slice(this.#seen).findLast((state) => state.phase === phase);
  }

  /** Waits for a phase and gives the statusline's claim; a fault since the last wait counts, though it may be over. */
  async claims(phase: State['phase'], timeout = 2_000): Promise<string> {
    await expect.poll(() => this.#latest(phase)?.phase, { timeout, interval: 10 }).toBe(phase);
    const found = this.#latest(phase);
    this.#seen = this.states.length;
    return found?.right ?? '';
  }

  /** When it claimed that first, by the engine's clock, of what it claimed since a time; what is said is dated anew. */
  claimedAt(phase: State['phase'], since: number): number {
    return this.states.find((state) => state.phase === phase && state.at >= since)?.at ?? Number.NaN;
  }

  async says(words: RegExp, timeout = 2_000): Promise<void> {
    await expect.poll(() => this.state?.right, { timeout, interval: 10 }).toMatch(words);
  }

  /** Waits until the lines are the pods that a fresh list has. */
  async equals(world: World, timeout = 5_000): Promise<void> {
    const wanted = await world.names();
    await expect.poll(() => [...this.names].sort(), { timeout, interval: 20 }).toEqual(wanted);
  }
}

/** The whole pipe of a context, as its worker runs it, with tables instead of an editor. */
export const startEngine = (transport: Transport, clock: Clock = systemClock) => {
  const tables = new Map<number, Table>();
  const receive = (message: ToEditor): void => {
    if (!('view' in message) || typeof message.view !== 'number') return;
    const table = tables.get(message.view);
    if (table === undefined) return;
    if (message.type === 'state') table.states.push({ ...message, at: clock.now() });
    if (message.type !== 'frame') return;
    table.frames.push({ at: clock.now() });
    table.waiting.push(message);
    table.mostWaiting = Math.max(table.mostWaiting, table.waiting.length);
    if (!table.blocked) setImmediate(() => acknowledge(table));
  };
  const engine = createEngine({
    context: 'faults',
    transport,
    clock,
    fallback: () => [],
    toEditor: (_client, message) => receive(message),
  });
  const acknowledge = (table: Table): void => {
    for (const { view, seq, gen, ...frame } of table.waiting.splice(0)) {
      table.draw({ view, seq, gen, ...frame });
      engine.handlers['view.ack']({ view, seq, gen }, 1);
    }
  };
  onTestFinished(() => {
    for (const view of tables.keys()) engine.handlers['view.close']({ view }, 1);
  });
  return {
    engine,
    open: async (namespace: string, query: Partial<Query> = {}): Promise<Table> => {
      const table = new Table(tables.size + 1);
      tables.set(table.view, table);
      await engine.handlers['view.open'](
        { view: table.view, rows: 24, namespaces: [namespace], query: { resource: 'pods', ...query } },
        1,
      );
      return table;
    },
    refresh: (table: Table) => engine.handlers['view.refresh']({ view: table.view }, 1),
    unblock: (table: Table): void => {
      table.blocked = false;
      acknowledge(table);
    },
  };
};
